"""What nobody did refuses gently: time that passed, and rules that are newer than a booking."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.desk.bridge import Bridge, make_bridge

from massage_ins_bridge.desk.daily import look_at_the_day, look_where_others_decide
from massage_ins_bridge.desk.refusals import waiting
from massage_ins_bridge.desk.tags import to_json
from massage_ins_bridge.desk.views import whole_booking
from massage_ins_bridge.testing.bookings import NOW

USUAL = {"refuse_after_minutes": 15, "refuse_in_office_hours": True}
#: Staff has the whole day of the upgrade.
TOMORROW = datetime.fromisoformat("2026-11-24T09:15:00-08:00")


@pytest.fixture
def slow(tmp_path: Path, database_url: str | None) -> Iterator[Bridge]:
    """Refusals wait as they do unless a clinic says otherwise."""
    made = make_bridge(tmp_path, database_url, account=USUAL)
    yield made
    made.close()


def as_decided_by_earlier_rules(bridge: Bridge, ref: str) -> None:
    """The last decision as an earlier release stored it: no payer beside a requirement, nothing of
    terms, and a source as text."""
    with bridge.installation.write() as record:
        row = bridge.row(ref)
        last = record.decisions.last_of([row.id])[row.id]
        data: dict[str, Any] = record.decisions.data(last)
        del data["self_pay_terms"]
        for item in data["requirements"]:
            del item["payer"]
            item["source"] = "a page, read on 2019-07-27"
        data["ruleset"] = {"core": "2026.10.1"}
        place = f"decisions.decision:{record.clinic}"
        row_in_session = record.session.merge(last)
        row_in_session.decision_sealed = bridge.installation.store.vault.seal_json(data, place)


def start_with_newer_rules(bridge: Bridge) -> None:
    """They refuse what those before held, and nothing else is new."""
    bridge.knobs.visits = 0
    look_where_others_decide(bridge.installation)
    look_at_the_day(bridge.installation)
    bridge.work()


def refusals(bridge: Bridge) -> list[tuple[datetime, bool]]:
    with bridge.installation.read() as record:
        return [(one.at, one.by_clock) for one in waiting(record).refusals]


def changes(bridge: Bridge) -> list[str]:
    return [change.after for change in bridge.platform.journal]


def test_an_upgrade_alone_refuses_nothing_before_staff_had_a_day(slow: Bridge) -> None:
    slow.take("b1")
    as_decided_by_earlier_rules(slow, "b1")
    assert (slow.outcome("b1"), changes(slow)) == ("hold", [])
    start_with_newer_rules(slow)
    assert (slow.outcome("b1"), changes(slow)) == ("block", [])
    assert refusals(slow) == [(TOMORROW, True)]
    assert "refused-tomorrow" in slow.tasks()
    slow.pass_time(TOMORROW - timedelta(minutes=1))
    assert changes(slow) == []
    slow.pass_time(TOMORROW)
    assert changes(slow) == ["rejected"]


def test_the_first_word_after_an_upgrade_is_as_gentle(slow: Bridge) -> None:
    """Whatever gives the occasion: here the platform tells of the booking once more."""
    slow.take("b1")
    as_decided_by_earlier_rules(slow, "b1")
    slow.knobs.visits = 0
    slow.take("b1", sent_at=NOW + timedelta(minutes=1), answers={"plan": "Gold"})
    assert (slow.outcome("b1"), refusals(slow)) == ("block", [(TOMORROW, True)])


def test_what_a_person_accepted_stays_after_an_upgrade(slow: Bridge) -> None:
    slow.take("b1")
    slow.take("b1", "created", status="accepted", sent_at=NOW + timedelta(minutes=1))
    as_decided_by_earlier_rules(slow, "b1")
    start_with_newer_rules(slow)
    assert (slow.outcome("b1"), refusals(slow), changes(slow)) == ("block", [], [])
    assert "block-by-hand" in slow.tasks()


def test_a_decision_of_earlier_rules_is_shown_in_the_shape_of_now(slow: Bridge) -> None:
    slow.take("b1")
    as_decided_by_earlier_rules(slow, "b1")
    with slow.installation.read() as record:
        whole = whole_booking(slow.installation, record, slow.row("b1"))
        assert to_json(whole)
        decision = whole.decisions[-1].decision
    assert decision["self_pay_terms"] is None
    for item in decision["requirements"]:
        assert (item["payer"], item["source"]["title"]) == (
            decision["payer"],
            "a page, read on 2019-07-27",
        )
