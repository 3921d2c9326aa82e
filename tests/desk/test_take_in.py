"""From a delivery to a decision: order, faults, moves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.desk.bridge import Bridge

from massage_ins_bridge.api.connectors import PlatformBusyError, PlatformError
from massage_ins_bridge.desk.reconcile import reconcile
from massage_ins_bridge.desk.take_in import (
    MAX_TRIES,
    SECOND_LOOK,
    TRIES_BEFORE_WORD,
    Next,
    Taken,
    Try,
)
from massage_ins_bridge.testing.bookings import NOW, START

DONE = Taken()
AGAIN = Next.AGAIN


def test_taking_in_twice_decides_once(bridge: Bridge) -> None:
    delivery = bridge.arrive("b1")
    for _ in range(3):
        bridge.take_in(delivery)
    assert bridge.decisions("b1") == 1


def test_the_clients_word_becomes_an_unconfirmed_coverage(bridge: Bridge) -> None:
    bridge.take("b1", answers={"payer": "Regence", "member_id": "Z1", "plan": "X" * 9999})
    coverage = bridge.last_case.coverage
    assert coverage is not None
    assert (coverage.payer, coverage.member_id, coverage.staff_confirmed) == (
        "Regence",
        "Z1",
        False,
    )
    bridge.take("b2", start=START + timedelta(days=1), answers={"payer": "regence"})
    with bridge.installation.read() as record:
        assert len(record.facts.list(bridge.row("b1").patient_id, "coverage")) == 1


def test_lists_without_entries_are_known_to_be_empty(bridge: Bridge) -> None:
    bridge.take("b1")
    case = bridge.last_case
    for name in ("prescriptions", "authorizations", "visits", "upcoming", "progress_reports"):
        assert getattr(case, name) == ()


def test_a_thin_delivery_is_fetched(bridge: Bridge) -> None:
    bridge.platform.put("b1")
    row = bridge.take("b1", thin=True)
    assert (row.outcome, bridge.platform.fetched) == ("hold", 1)


def test_an_old_delivery_is_only_a_hint(bridge: Bridge) -> None:
    bridge.arrive("b1", sent_at=NOW - timedelta(hours=1))
    bridge.platform.put("b1", status="cancelled")
    bridge.work()
    assert bridge.row("b1").platform_status == "cancelled"


def test_of_a_known_booking_a_delivery_only_says_look(bridge: Bridge) -> None:
    """Deliveries may come in any order; the platform's own row is what counts."""
    bridge.take("b1")
    bridge.take("b1", "cancelled", status="cancelled")
    bridge.arrive("b1", "requested", sent_at=NOW + timedelta(minutes=1))
    bridge.platform.put("b1", status="cancelled")
    bridge.work()
    assert bridge.row("b1").platform_status == "cancelled"


def test_the_platforms_word_of_what_we_wrote_needs_no_look(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.confirm_coverage("b1")
    looks = bridge.platform.fetched
    bridge.take("b1", "created", status="accepted")
    assert bridge.platform.fetched == looks
    assert bridge.waiting() == []


def test_a_booking_that_the_platform_does_not_show_is_looked_for_twice(bridge: Bridge) -> None:
    bridge.take("b1")
    kept = dict(bridge.platform.bookings)
    bridge.platform.bookings.clear()
    delivery = bridge.arrive("b1", thin=True)
    assert bridge.take_in(delivery) == Taken(Next.AGAIN, absent=True, pause=SECOND_LOOK)
    assert bridge.row("b1").platform_status == "pending"
    assert bridge.take_in(delivery, Try(2, absent=True)) == DONE
    assert bridge.row("b1").platform_status == "cancelled"
    bridge.platform.bookings.update(kept)
    bridge.take("b1", thin=True, sent_at=NOW + timedelta(minutes=1))
    assert (bridge.row("b1").platform_status, bridge.outcome("b1")) == ("pending", "hold")


def test_a_cancelled_booking_that_the_platform_forgot_is_over_at_once(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.platform.bookings.clear()
    assert bridge.take_in(bridge.arrive("b1", "cancelled", thin=True)) == DONE
    assert bridge.row("b1").platform_status == "cancelled"


def test_a_platform_that_does_not_answer_is_asked_again(bridge: Bridge) -> None:
    bridge.platform.put("b1")
    delivery = bridge.arrive("b1", thin=True)
    bridge.platform.faults = [PlatformError("down")]
    assert bridge.take_in(delivery).next is AGAIN
    assert bridge.take_in(delivery, Try(2)) == DONE
    assert bridge.outcome("b1") == "hold"


def test_a_platform_that_has_no_room_is_asked_later_and_nothing_counts(bridge: Bridge) -> None:
    bridge.platform.put("b1")
    delivery = bridge.arrive("b1", thin=True)
    bridge.platform.faults = [PlatformBusyError("too many calls", retry_after=7.0)]
    later = Taken(Next.AGAIN, pause=7.0, counted=False)
    assert bridge.take_in(delivery, Try(MAX_TRIES)) == later
    assert bridge.take_in(delivery) == DONE


def test_who_may_not_wait_for_the_platform_hands_the_delivery_on(bridge: Bridge) -> None:
    bridge.platform.put("b1")
    thin, whole = bridge.arrive("b1", thin=True), bridge.arrive("b2")
    assert bridge.take_in(thin, Try(asking=False)) == Taken(Next.ASK_PLATFORM)
    assert bridge.take_in(whole, Try(asking=False)) == DONE
    assert bridge.platform.fetched == 0


def test_in_the_end_the_deliverys_own_word_is_taken(bridge: Bridge) -> None:
    delivery = bridge.arrive("b1", sent_at=NOW - timedelta(hours=1))
    bridge.platform.faults = [PlatformError("down")]
    assert bridge.take_in(delivery, Try(TRIES_BEFORE_WORD)) == DONE
    assert bridge.outcome("b1") == "hold"


def test_an_old_delivery_that_the_platform_denies_is_filed_with_a_task(bridge: Bridge) -> None:
    bridge.arrive("b1", sent_at=NOW - timedelta(hours=1))
    bridge.platform.bookings.clear()
    bridge.work()
    assert bridge.outcome("b1") == "hold"
    assert "unknown-on-platform" in bridge.tasks()


@pytest.mark.parametrize("field", ["status", "start"])
def test_a_connector_that_breaks_the_protocol_is_told_to_staff(bridge: Bridge, field: str) -> None:
    """Its line names connector, method and field; nothing of the booking is lost in silence."""
    wrong = {"status": "booked", "start": START.replace(tzinfo=None)}
    bridge.platform.careless = True
    bridge.platform.put("b1", **{field: wrong[field], "end": None})
    delivery = bridge.arrive("b1", thin=True)
    assert bridge.take_in(delivery).next is AGAIN
    assert bridge.take_in(delivery, Try(3)) == DONE
    assert bridge.tasks() == ["unreadable-delivery"]
    with bridge.installation.read() as record:
        (task,) = record.tasks.due_first(1)
        assert f"connector fake: fetch(): {field}" in record.tasks.message(task)


def test_what_cannot_be_understood_becomes_a_task(bridge: Bridge) -> None:
    bridge.arrive("b1", "crash")
    bridge.work()
    assert bridge.tasks() == ["unreadable-delivery"]
    assert bridge.waiting() == []


def test_a_fault_in_deciding_holds_with_a_task(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_chart: object) -> None:
        raise RuntimeError("Ann Lee has a secret")

    with monkeypatch.context() as broken:
        broken.setattr(bridge.installation.host, "case", fail)
        row = bridge.take("b1")
    assert (row.outcome, row.platform_status) == ("hold", "pending")
    assert "deciding-failed" in bridge.tasks()
    bridge.confirm_coverage("b1")
    assert bridge.row("b1").platform_status == "accepted"
    assert "deciding-failed" not in bridge.tasks()


def test_a_moved_booking_of_one_ref_is_decided_anew(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.confirm_coverage("b1")
    later, now = START + timedelta(days=1), NOW + timedelta(minutes=1)
    bridge.knobs.visits = 0
    row = bridge.take("b1", "rescheduled", start=later, status="accepted", sent_at=now)
    assert (row.revision, row.outcome, row.platform_status) == (2, "block", "cancelled")


def test_a_moved_booking_of_a_new_ref_takes_the_old_ones_place(bridge: Bridge) -> None:
    bridge.knobs.visits = 1
    bridge.take("b1")
    bridge.confirm_coverage("b1")
    bridge.arrive(
        "b2",
        "rescheduled",
        start=START + timedelta(days=1),
        status="accepted",
        previous="b1",
        answers={},
        email="other@example.com",
    )
    bridge.work()
    old, new = bridge.row("b1"), bridge.row("b2")
    assert (old.platform_status, old.replaced_by) == ("replaced", new.id)
    assert (new.outcome, new.patient_id) == ("allow", old.patient_id)
    bridge.take("b1", "requested", status="accepted")
    assert bridge.row("b1").platform_status == "replaced"


def test_a_move_that_is_heard_of_before_the_booking(bridge: Bridge) -> None:
    bridge.take("b2", "rescheduled", previous="b1", previous_ref="b1")
    bridge.take("b1", "requested", sent_at=NOW - timedelta(minutes=1))
    assert bridge.row("b1").platform_status == "replaced"
    assert bridge.outcome("b2") == "hold"


def test_a_year_far_away_holds_or_becomes_a_task(bridge: Bridge) -> None:
    start = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
    bridge.arrive("b1", start=start)
    bridge.work()
    assert bridge.waiting() == []


def test_reconciling_finds_what_no_delivery_said(bridge: Bridge) -> None:
    bridge.platform.put("b1")
    reconcile(bridge.installation, "desk")
    assert bridge.outcome("b1") == "hold"
    bridge.platform.put("b1", status="cancelled")
    reconcile(bridge.installation, "desk")
    assert bridge.row("b1").platform_status == "cancelled"
    assert bridge.decisions("b1") == 1


def test_late_news_does_not_undo_our_own_confirmation(bridge: Bridge) -> None:
    """A copy of the platform's data may lag behind what was written to it."""
    bridge.take("b1")
    bridge.confirm_coverage("b1")
    bridge.platform.put("b1", status="pending")
    bridge.take("b1", "requested", thin=True)
    assert bridge.row("b1").platform_status == "accepted"
    assert len(bridge.platform.changes) == 1


def test_staffs_choice_of_no_payer_outlives_the_platforms_news(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.choose("b1", payer=None)
    bridge.take("b1", sent_at=NOW + timedelta(minutes=1), answers={"payer": "aetna"})
    assert bridge.details("b1").payer is None


def test_a_coverage_that_staff_removed_is_not_filed_again_by_the_same_word(bridge: Bridge) -> None:
    patient = bridge.take("b1").patient_id
    with bridge.installation.write() as record:
        for row in record.facts.list(patient, "coverage"):
            record.facts.remove(row)
    bridge.take("b1", "created", status="accepted")
    assert bridge.last_case.coverage is None


def test_staffs_choice_moves_with_the_booking(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.choose("b1", self_pay=True)
    later = START + timedelta(days=1)
    bridge.take("b2", "rescheduled", start=later, previous="b1", sent_at=NOW)
    found = bridge.details("b2")
    assert (found.self_pay, found.by_staff) == (True, True)
    assert bridge.outcome("b2") == "allow"


def test_a_moved_booking_leaves_no_task_behind(bridge: Bridge) -> None:
    bridge.take("b1", "created", status="accepted")
    assert bridge.tasks().count("hold-by-hand") == 1
    later = START + timedelta(days=1)
    more = {"previous": "b1", "status": "accepted"}
    bridge.take("b2", "rescheduled", start=later, **more)
    assert bridge.tasks().count("hold-by-hand") == 1
