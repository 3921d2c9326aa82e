"""What bookings ask for, as long as they stand."""

from datetime import timedelta

import pytest
from tests.desk.bridge import Bridge
from tests.desk.owed.looking import open_tasks

from massage_ins_bridge.api import Action
from massage_ins_bridge.testing.bookings import START

ASKED = (Action("chase-authorization", "CP-COVERAGE", "Ask."),)


@pytest.fixture
def asking(bridge: Bridge) -> Bridge:
    bridge.knobs.actions = ASKED
    bridge.take("b1")
    bridge.confirm_coverage("b1")
    return bridge


def test_a_booking_that_has_begun_asks_for_what_is_owed_by_now(asking: Bridge) -> None:
    """Nothing decides it any more; and yet the fact that settles a matter closes its task."""
    asking.clock.moment = START + timedelta(minutes=5)
    asking.add_fact("b1", "progress-report", {"on": "2026-12-08", "payer": "regence"})
    assert len(open_tasks(asking, "action")) == 1
    asking.knobs.actions = ()
    asking.add_fact("b1", "authorization", {"payer": "regence", "status": "approved"})
    assert open_tasks(asking, "action") == []


def test_one_that_stands_no_longer_asks_for_nothing(asking: Bridge) -> None:
    asking.take("b1", "cancelled", status="cancelled")
    assert open_tasks(asking, "action") == []


def test_one_that_the_bridge_refused_asks_for_nothing(bridge: Bridge) -> None:
    bridge.knobs.actions, bridge.knobs.visits = ASKED, 0
    bridge.take("b1")
    bridge.work()
    assert bridge.row("b1").platform_status == "rejected"
    assert open_tasks(bridge, "action") == []


def test_where_the_rules_could_not_be_asked_nothing_is_settled(asking: Bridge) -> None:
    asking.knobs.broken, asking.knobs.actions = True, ()
    asking.add_fact("b1", "progress-report", {"on": "2026-11-01", "payer": "regence"})
    assert len(open_tasks(asking, "action")) == 1
    asking.knobs.broken = False
    asking.add_fact("b1", "progress-report", {"on": "2026-11-02", "payer": "regence"})
    assert open_tasks(asking, "action") == []
