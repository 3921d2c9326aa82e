"""Each day the clients whose treatment goes on are looked at anew."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from tests.databases import settings_of
from tests.desk.bridge import Bridge

from massage_ins_bridge.desk.chart import add_client
from massage_ins_bridge.desk.daily import look_at_the_day, look_where_others_decide
from massage_ins_bridge.store.task_models import WakeupRow
from massage_ins_bridge.testing.bookings import START


def woken(bridge: Bridge) -> list[str]:
    """Who is, by a look at the day."""
    look_at_the_day(bridge.installation)
    with bridge.installation.store.read() as session:
        query = select(WakeupRow.patient_id).where(WakeupRow.done_at.is_(None))
        found = list(session.scalars(query))
    bridge.work()
    return found


def test_once_a_day_and_only_those_who_come(bridge: Bridge) -> None:
    patient = bridge.take("b1").patient_id
    with bridge.installation.write() as record:
        add_client(record, {"name": "Bea Cho"})
    for days, expected in ((0, [patient]), (0, []), (1, [patient])):
        bridge.clock.moment += timedelta(days=days)
        assert woken(bridge) == expected
    bridge.clock.moment = START + timedelta(days=20)
    assert woken(bridge) == [patient]
    bridge.clock.moment = START + timedelta(days=40)
    assert woken(bridge) == []


def test_the_day_is_looked_at_once_more_where_others_decide(bridge: Bridge) -> None:
    """At the first start of a release, of other rules, or of other settings, and at no other."""
    made = bridge.installation
    patient = bridge.take("b1").patient_id
    assert woken(bridge) == [patient]
    grown: dict[str, Any] = {"adult_age": 21}
    for clinic, expected in (({}, [patient]), ({}, []), (grown, [patient]), (grown, [])):
        made.settings = settings_of(Path(), clinic=clinic)
        look_where_others_decide(made)
        assert woken(bridge) == expected
