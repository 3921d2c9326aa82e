"""What each outcome writes to the platform, and what it never does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.desk.bridge import Bridge, make_bridge

from massage_ins_bridge.api.connectors import (
    PlatformError,
    PlatformGoneError,
    PlatformRefusedError,
    WriteResult,
)
from massage_ins_bridge.desk.client_texts import BLOCK
from massage_ins_bridge.desk.deadlines import enforce_observed
from massage_ins_bridge.desk.reconcile import reconcile
from massage_ins_bridge.desk.take_in import take_in
from massage_ins_bridge.testing.bookings import NOW, START
from massage_ins_bridge.testing.fake_connector import FakeConnector


def test_a_pending_booking_on_hold_stays_pending(bridge: Bridge) -> None:
    row = bridge.take("b1")
    assert (row.outcome, row.platform_status, row.hold_state) == ("hold", "pending", "native")
    assert bridge.writes("b1") == [("hold", "done", "native")]
    assert bridge.platform.changes == []


def test_a_cured_hold_is_confirmed_once(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.confirm_coverage("b1")
    assert bridge.row("b1").platform_status == "accepted"
    assert [c[:2] for c in bridge.platform.changes] == [("b1", "accepted")]
    bridge.add_fact("b1", "visit", {"on": "2026-11-01"})
    bridge.take("b1", "created", status="accepted", sent_at=NOW + timedelta(minutes=1))
    assert len(bridge.platform.changes) == 1
    assert bridge.writes("b1")[-1] == ("confirm", "done", "native")


def test_a_pending_booking_that_is_blocked_is_rejected(bridge: Bridge) -> None:
    bridge.knobs.visits = 0
    row = bridge.take("b1")
    assert (row.outcome, row.platform_status) == ("block", "rejected")
    assert [c[:2] for c in bridge.platform.changes] == [("b1", "rejected")]
    assert bridge.platform.reasons == [BLOCK]


def test_an_accepted_booking_that_is_blocked_is_cancelled(bridge: Bridge) -> None:
    bridge.knobs.visits = 0
    row = bridge.take("b1", "created", status="accepted")
    assert row.platform_status == "cancelled"
    assert [c[:2] for c in bridge.platform.changes] == [("b1", "cancelled")]


def test_an_accepted_booking_on_hold_is_staffs(bridge: Bridge) -> None:
    row = bridge.take("b1", "created", status="accepted")
    assert (row.outcome, row.hold_state) == ("hold", "manual")
    assert bridge.writes("b1") == [("manual", "done", "manual")]
    assert "hold-by-hand" in bridge.tasks()
    assert bridge.platform.changes == []
    bridge.pass_time(START - timedelta(days=3))
    assert [c[:2] for c in bridge.platform.changes] == [("b1", "cancelled")]
    assert "hold-by-hand" not in bridge.tasks()


def test_a_blocked_booking_is_final(bridge: Bridge) -> None:
    bridge.knobs.visits = 0
    bridge.take("b1")
    bridge.knobs.visits = 10
    bridge.confirm_coverage("b1")
    assert bridge.outcome("b1") == "block"
    assert len(bridge.platform.changes) == 1


def test_observing_writes_nothing(observer: Bridge) -> None:
    bridge = observer
    bridge.take("b1")
    bridge.confirm_coverage("b1")
    bridge.knobs.visits = 1
    bridge.take("b2", start=START + timedelta(days=1))
    assert bridge.writes("b1") == [("hold", "observed", None), ("confirm", "observed", None)]
    assert bridge.writes("b2") == [("block", "observed", None)]
    assert bridge.platform.changes == []


def test_the_day_after_a_deadline_a_hold_becomes_a_block(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.pass_time(START - timedelta(days=4))
    assert bridge.outcome("b1") == "hold"
    bridge.pass_time(START - timedelta(days=3))
    assert bridge.outcome("b1") == "block"
    assert [c[:2] for c in bridge.platform.changes] == [("b1", "rejected")]


def test_a_hold_at_the_bookings_start_becomes_a_task_and_nothing_else(bridge: Bridge) -> None:
    row = bridge.take("b1", "created", status="accepted")
    with bridge.installation.store.write() as session:
        session.get_one(type(row), row.id).next_due = None
    bridge.pass_time(START + timedelta(minutes=1))
    assert "hold-begun" in bridge.tasks()
    assert bridge.outcome("b1") == "hold"
    bridge.confirm_coverage("b1")
    assert bridge.platform.changes == []


def test_a_visit_nobody_closed_still_counts_and_becomes_a_task(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.confirm_coverage("b1")
    bridge.pass_time(START + timedelta(hours=4))
    assert "visit-not-closed" in bridge.tasks()
    bridge.take("b2", start=START + timedelta(days=7), sent_at=bridge.clock.now())
    assert len(bridge.last_case.upcoming or ()) == 1


def test_a_completed_visit_is_counted_as_a_visit(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.confirm_coverage("b1")
    bridge.clock.moment = START + timedelta(hours=2)
    bridge.take("b1", "completed", status="completed", sent_at=bridge.clock.now())
    assert "after-visit" in bridge.tasks()
    bridge.take("b2", start=START + timedelta(days=7), sent_at=bridge.clock.now())
    chart = bridge.last_case
    assert (len(chart.visits or ()), chart.upcoming) == (1, ())
    bridge.add_fact("b2", "visit", {"on": "2026-12-08", "provider": "this-clinic"})
    assert len(bridge.last_case.visits or ()) == 1


def test_self_pay_is_confirmed_at_once(bridge: Bridge) -> None:
    bridge.take("b1", service_ref="2")
    assert bridge.row("b1").platform_status == "accepted"


def test_a_series_is_never_written_to(bridge: Bridge) -> None:
    bridge.knobs.visits = 0
    bridge.take("b1", recurring=True)
    assert bridge.platform.changes == []
    assert bridge.writes("b1") == [("block", "done", "manual")]
    assert "block-by-hand" in bridge.tasks()


def test_a_retry_finds_the_platform_already_there(bridge: Bridge) -> None:
    bridge.take("b1")

    def die() -> None:
        bridge.platform.after_change = lambda: None
        raise PlatformError("the answer was lost")

    bridge.platform.after_change = die
    bridge.confirm_coverage("b1")
    assert bridge.writes("b1")[-1][:2] == ("confirm", "queued")
    bridge.write_back()
    assert bridge.writes("b1")[-1] == ("confirm", "done", "already")
    assert len(bridge.platform.changes) == 1


def test_a_platform_that_is_down_is_asked_again(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.platform.faults = [PlatformError("down") for _ in range(4)]
    bridge.confirm_coverage("b1")
    for _ in range(3):
        bridge.write_back()
    assert "not-written" in bridge.tasks()
    bridge.write_back()
    assert bridge.row("b1").platform_status == "accepted"
    assert "not-written" not in bridge.tasks()


def test_a_refusal_becomes_a_task(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.platform.faults = [PlatformRefusedError("no", True, 409)] * 4
    bridge.confirm_coverage("b1")
    assert bridge.writes("b1")[-1][:2] == ("confirm", "queued")  # once may have been a proxy's word
    bridge.write_back()
    assert bridge.writes("b1")[-1][:2] == ("confirm", "failed")
    assert "not-written" in bridge.tasks()


def test_what_was_refused_is_tried_again_when_it_is_wanted_anew(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.platform.faults = [PlatformRefusedError("no", True, 409)]
    bridge.confirm_coverage("b1")
    bridge.add_fact("b1", "visit", {"on": "2026-11-01"})
    assert bridge.writes("b1")[-1] == ("confirm", "done", "native")
    assert bridge.row("b1").platform_status == "accepted"
    assert "not-written" not in bridge.tasks()


@pytest.mark.parametrize(
    "fault",
    [
        PlatformRefusedError("key expired", True, 401),
        PlatformRefusedError("forbidden", True, 403),
        PlatformError("answered without data", True),
    ],
)
def test_what_can_be_mended_is_tried_until_it_is(bridge: Bridge, fault: PlatformError) -> None:
    bridge.take("b1")
    bridge.platform.faults = [fault, fault]
    bridge.confirm_coverage("b1")
    assert "not-written" in bridge.tasks()
    bridge.write_back()
    bridge.write_back()
    assert bridge.row("b1").platform_status == "accepted"
    assert "not-written" not in bridge.tasks()


def test_what_is_never_understood_is_staffs_in_the_end(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.platform.faults = [PlatformError("answered without data", True) for _ in range(40)]
    bridge.confirm_coverage("b1")
    for _ in range(30):
        bridge.write_back()
    assert bridge.writes("b1")[-1][:2] == ("confirm", "failed")
    assert "not-written" in bridge.tasks()


@pytest.mark.parametrize("status", ["cancelled", "replaced"])
def test_news_that_come_before_the_answer_to_our_word_stay(bridge: Bridge, status: str) -> None:
    """The client cancels, or moves the booking, while the answer to our confirmation is on its
    way."""
    bridge.take("b1")

    def meanwhile() -> None:
        bridge.platform.after_change = lambda: None
        if status == "cancelled":
            delivery = bridge.arrive("b1", "cancelled", status="cancelled")
        else:
            later = START + timedelta(days=1)
            delivery = bridge.arrive("b2", "rescheduled", start=later, previous="b1")
        take_in(bridge.installation, delivery)

    bridge.platform.after_change = meanwhile
    bridge.confirm_coverage("b1")
    assert bridge.row("b1").platform_status == status


def test_where_somebody_was_quicker_the_platforms_state_is_recorded(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client cancels between our look and our word; the connector finds nothing left to do."""

    def confirm(connector: FakeConnector, ref: str, _idem_key: str) -> WriteResult:
        found = connector.platform.bookings[ref]
        connector.platform.bookings[ref] = replace(found, status="cancelled")
        return WriteResult("already")

    bridge.take("b1")
    monkeypatch.setattr(FakeConnector, "confirm", confirm)
    bridge.confirm_coverage("b1")
    assert bridge.row("b1").platform_status == "cancelled"


def test_nothing_is_written_once_the_time_has_come(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.platform.faults = [PlatformError("down")]
    bridge.knobs.visits = 0
    bridge.add_fact("b1", "visit", {"on": "2026-11-01"})
    bridge.clock.moment = START
    bridge.write_back()
    assert bridge.platform.changes == []
    assert bridge.writes("b1")[-1] == ("block", "done", "manual")
    assert "block-by-hand" in bridge.tasks()


def woken(bridge: Bridge) -> int:
    with bridge.installation.read() as record:
        return len(record.wakeups.waiting())


def test_what_was_observed_is_written_once_the_account_enforces(tmp_path: Path) -> None:
    observer = make_bridge(tmp_path, None, "observe")
    observer.take("b1")
    observer.confirm_coverage("b1")
    observer.knobs.visits = 1
    observer.take("b2", start=START + timedelta(days=1))
    enforce_observed(observer.installation)
    assert woken(observer) == 0
    observer.close()
    bridge = make_bridge(tmp_path, None, "enforce")
    bridge.platform.bookings.update(observer.platform.bookings)
    bridge.knobs.visits = 1
    enforce_observed(bridge.installation)
    assert woken(bridge) == 1
    bridge.work()
    assert [c[:2] for c in bridge.platform.changes] == [("b1", "accepted"), ("b2", "rejected")]
    enforce_observed(bridge.installation)
    assert woken(bridge) == 0
    bridge.close()


def test_a_cure_after_a_block_invites_the_client_once(bridge: Bridge) -> None:
    bridge.knobs.visits = 0
    bridge.take("b1")
    bridge.add_fact("b1", "visit", {"on": "2026-11-01"})
    assert "invite" not in bridge.tasks()
    bridge.knobs.visits = 10
    bridge.confirm_coverage("b1")
    assert bridge.tasks().count("invite") == 1
    with bridge.installation.write() as record:
        for task in record.tasks.due_first(10):
            record.tasks.done(task)
    bridge.add_fact("b1", "visit", {"on": "2026-11-02"})
    assert "invite" not in bridge.tasks()
    assert bridge.row("b1").platform_status == "rejected"


def test_what_staff_was_asked_is_over_once_it_is_wanted_no_more(bridge: Bridge) -> None:
    bridge.take("b1", recurring=True)
    bridge.confirm_coverage("b1")
    assert "confirm-by-hand" in bridge.tasks()
    bridge.take("b1", status="accepted", sent_at=NOW + timedelta(minutes=1))
    assert "confirm-by-hand" not in bridge.tasks()


def test_of_a_series_an_accepted_occurrence_is_cancelled_alone(bridge: Bridge) -> None:
    bridge.take("b1", "created", status="accepted", recurring=True)
    bridge.knobs.visits = 0
    bridge.add_fact("b1", "visit", {"on": "2026-11-01"})
    assert [c[:2] for c in bridge.platform.changes] == [("b1", "cancelled")]


def test_a_decision_overtaken_before_it_was_written(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.platform.faults = [PlatformError("down")]
    bridge.confirm_coverage("b1")
    bridge.knobs.visits = 0
    bridge.add_fact("b1", "visit", {"on": "2026-11-01"})
    assert [c[:2] for c in bridge.platform.changes] == [("b1", "rejected")]
    assert ("confirm", "superseded", None) in bridge.writes("b1")


@pytest.mark.parametrize("status", ["cancelled", "rejected"])
def test_a_booking_that_the_client_gave_up_is_left_alone(bridge: Bridge, status: str) -> None:
    bridge.take("b1")
    bridge.take("b1", "cancelled", status=status, sent_at=NOW + timedelta(minutes=1))
    bridge.confirm_coverage("b1")
    assert bridge.platform.changes == []


def test_a_client_who_was_quicker_leaves_no_task(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client cancels between our look at the platform and our word, which is then refused."""

    def refuse(connector: FakeConnector, ref: str, _idem_key: str) -> WriteResult:
        found = connector.platform.bookings[ref]
        connector.platform.bookings[ref] = replace(found, status="cancelled")
        raise PlatformRefusedError("Booking is not pending", permanent=True)

    bridge.take("b1")
    monkeypatch.setattr(FakeConnector, "confirm", refuse)
    bridge.confirm_coverage("b1")
    assert bridge.writes("b1")[-1][:2] == ("confirm", "superseded")
    assert "not-written" not in bridge.tasks()
    assert bridge.platform.changes == []


def test_one_404_ends_nothing(bridge: Bridge) -> None:
    """A proxy's error page, for a few seconds, is not the platform's word on a booking."""
    bridge.platform.faults = [PlatformGoneError("not found", True, 404)]
    bridge.knobs.visits = 0
    bridge.take("b1")
    assert bridge.writes("b1") == [("block", "queued", None)]
    assert bridge.row("b1").platform_status == "pending"
    bridge.write_back()
    assert bridge.row("b1").platform_status == "rejected"


def test_what_two_looks_did_not_find_is_told_and_comes_back(bridge: Bridge) -> None:
    bridge.knobs.visits = 0
    bridge.platform.faults = [PlatformGoneError("not found", True, 404)] * 2
    bridge.take("b1")
    bridge.write_back()
    assert (bridge.row("b1").platform_status, bridge.platform.changes) == ("cancelled", [])
    assert bridge.writes("b1") == [("block", "superseded", None)]
    assert "gone-on-platform" in bridge.tasks()
    reconcile(bridge.installation, "desk")
    bridge.work()
    assert bridge.row("b1").platform_status == "rejected"
    assert "gone-on-platform" not in bridge.tasks()
