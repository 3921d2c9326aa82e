"""From a delivery to a decision: order, faults, moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.workflows.bridge import Bridge
from tests.workflows.fakes import NOW, START

from massage_ins_bridge.api.connectors import PlatformError
from massage_ins_bridge.store.bookings import Bookings, Details
from massage_ins_bridge.store.facts import Facts
from massage_ins_bridge.store.tasks import wake
from massage_ins_bridge.workflows.intake import WORD_TAKEN, take_in
from massage_ins_bridge.workflows.reconcile import reconcile


def test_taking_in_twice_decides_once(bridge: Bridge) -> None:
    delivery = bridge.arrive("b1")
    for _ in range(3):
        take_in(bridge.service, delivery)
    assert bridge.decisions("b1") == 1


def test_an_older_state_never_overwrites_a_newer_one(bridge: Bridge) -> None:
    bridge.take("b1", "cancelled", status="cancelled", version=NOW)
    bridge.take("b1", "requested", status="pending", version=NOW - timedelta(minutes=1))
    assert bridge.row("b1").platform_status == "cancelled"


def test_the_clients_word_becomes_an_unconfirmed_coverage(bridge: Bridge) -> None:
    bridge.take("b1", more={"answers": {"payer": "Regence", "member_id": "Z1", "plan": "X" * 9999}})
    (coverage,) = bridge.host.seen[-1].coverages or ()
    assert (coverage.payer, coverage.member_id, coverage.staff_confirmed) == (
        "Regence",
        "Z1",
        False,
    )
    bridge.take("b2", start=START + timedelta(days=1), more={"answers": {"payer": "regence"}})
    assert len(bridge.host.seen[-1].coverages or ()) == 1


def test_lists_without_entries_are_known_to_be_empty(bridge: Bridge) -> None:
    bridge.take("b1", more={"answers": {}})
    chart = bridge.host.seen[-1]
    for name in ("coverages", "prescriptions", "authorizations", "visits", "upcoming"):
        assert getattr(chart, name) == ()
    assert chart.progress_reports == ()


def test_a_thin_delivery_is_fetched(bridge: Bridge) -> None:
    bridge.platform.put("b1")
    row = bridge.take("b1", thin=True)
    assert (row.outcome, bridge.platform.fetched) == ("hold", 1)


def test_an_old_delivery_is_only_a_hint(bridge: Bridge) -> None:
    bridge.arrive("b1", version=NOW - timedelta(hours=1))
    bridge.platform.put("b1", status="cancelled", version=NOW)
    bridge.work()
    assert bridge.row("b1").platform_status == "cancelled"


def test_a_booking_the_platform_forgot(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.platform.bookings.clear()
    bridge.take("b1", "cancelled", thin=True)
    assert bridge.row("b1").platform_status == "cancelled"
    bridge.take("b1", "requested", thin=True)
    assert bridge.waiting() == []


def test_a_platform_that_does_not_answer_is_asked_again(bridge: Bridge) -> None:
    bridge.platform.put("b1")
    delivery = bridge.arrive("b1", thin=True)
    bridge.platform.faults = [PlatformError("down")]
    assert take_in(bridge.service, delivery).again
    assert not take_in(bridge.service, delivery, 2).again
    assert bridge.outcome("b1") == "hold"


def test_in_the_end_the_deliverys_own_word_is_taken(bridge: Bridge) -> None:
    delivery = bridge.arrive("b1", version=NOW - timedelta(hours=1))
    bridge.platform.faults = [PlatformError("down")]
    assert not take_in(bridge.service, delivery, WORD_TAKEN).again
    assert bridge.outcome("b1") == "hold"


def test_an_old_delivery_that_the_platform_denies_is_filed_with_a_task(bridge: Bridge) -> None:
    bridge.arrive("b1", version=NOW - timedelta(hours=1))
    bridge.platform.bookings.clear()
    bridge.work()
    assert bridge.outcome("b1") == "hold"
    assert "unknown-on-platform" in bridge.tasks()


def test_what_cannot_be_understood_becomes_a_task(bridge: Bridge) -> None:
    bridge.arrive("b1", "crash")
    bridge.work()
    assert bridge.tasks() == ["unreadable-delivery"]
    assert bridge.waiting() == []


def test_a_fault_in_deciding_holds_with_a_task(bridge: Bridge) -> None:
    bridge.host.broken = True
    row = bridge.take("b1")
    assert (row.outcome, row.platform_status) == ("hold", "pending")
    assert "deciding-failed" in bridge.tasks()
    bridge.host.broken = False
    bridge.confirm_coverage("b1")
    assert bridge.row("b1").platform_status == "accepted"
    assert "deciding-failed" not in bridge.tasks()


def test_a_moved_booking_of_one_ref_is_decided_anew(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.confirm_coverage("b1")
    later, now = START + timedelta(days=1), NOW + timedelta(minutes=1)
    bridge.host.visits = 0
    row = bridge.take("b1", "rescheduled", start=later, status="accepted", version=now)
    assert (row.round, row.outcome, row.platform_status) == (2, "block", "cancelled")


def test_a_moved_booking_of_a_new_ref_takes_the_old_ones_place(bridge: Bridge) -> None:
    bridge.host.visits = 1
    bridge.take("b1")
    bridge.confirm_coverage("b1")
    moved = {"previous_ref": "b1", "answers": {}, "email": "other@example.com"}
    bridge.arrive(
        "b2", "rescheduled", start=START + timedelta(days=1), status="accepted", previous="b1",
        version=NOW + timedelta(minutes=1), more=moved,
    )  # fmt: skip
    bridge.work()
    old, new = bridge.row("b1"), bridge.row("b2")
    assert (old.platform_status, old.replaced_by) == ("replaced", new.id)
    assert (new.outcome, new.patient_id) == ("allow", old.patient_id)
    bridge.take("b1", "requested", status="accepted", version=NOW + timedelta(minutes=2))
    assert bridge.row("b1").platform_status == "replaced"


def test_a_move_that_is_heard_of_before_the_booking(bridge: Bridge) -> None:
    bridge.take("b2", "rescheduled", previous="b1", more={"previous_ref": "b1"})
    bridge.take("b1", "requested", version=NOW - timedelta(minutes=1))
    assert bridge.row("b1").platform_status == "replaced"
    assert bridge.outcome("b2") == "hold"


def test_a_year_far_away_holds_or_becomes_a_task(bridge: Bridge) -> None:
    start = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
    bridge.arrive("b1", start=start)
    bridge.work()
    assert bridge.waiting() == []


def test_reconciling_finds_what_no_delivery_said(bridge: Bridge) -> None:
    bridge.platform.put("b1")
    reconcile(bridge.service, "desk")
    assert bridge.outcome("b1") == "hold"
    bridge.platform.put("b1", status="cancelled", version=NOW + timedelta(minutes=1))
    reconcile(bridge.service, "desk")
    assert bridge.row("b1").platform_status == "cancelled"
    assert bridge.decisions("b1") == 1


def test_late_news_does_not_undo_our_own_confirmation(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.confirm_coverage("b1")
    bridge.take("b1", "requested", thin=False, version=NOW + timedelta(seconds=1), status="pending")
    assert bridge.row("b1").platform_status == "accepted"
    assert len(bridge.platform.changes) == 1


def patch(bridge: Bridge, ref: str, **choice: object) -> None:
    """Staff says who is billed."""
    store = bridge.service.store
    with store.write() as session:
        bookings = Bookings(session, store.vault, "default")
        row = bookings.by_ref("desk", ref)
        assert row is not None
        details = replace(bookings.details(row), by_staff=True, **choice)  # type: ignore[arg-type]
        bookings.put_details(row, details)
        wake(session, "default", row.patient_id, "booking-changed", bridge.clock.now())
    bridge.work()


def details(bridge: Bridge, ref: str) -> Details:
    with bridge.service.store.read() as session:
        return Bookings(session, bridge.service.store.vault, "default").details(bridge.row(ref))


def test_staffs_choice_of_no_payer_outlives_the_platforms_news(bridge: Bridge) -> None:
    bridge.take("b1")
    patch(bridge, "b1", payer=None)
    bridge.take("b1", version=NOW + timedelta(minutes=1), more={"answers": {"payer": "aetna"}})
    assert details(bridge, "b1").payer is None


def test_a_coverage_that_staff_removed_is_not_filed_again_by_the_same_word(bridge: Bridge) -> None:
    patient = bridge.take("b1").patient_id
    store = bridge.service.store
    with store.write() as session:
        facts = Facts(session, store.vault, "default")
        for record in facts.list(patient, "coverage"):
            facts.remove(record, NOW)
    bridge.take("b1", "created", status="accepted", version=NOW + timedelta(minutes=1))
    assert bridge.host.seen[-1].coverages == ()


def test_staffs_choice_moves_with_the_booking(bridge: Bridge) -> None:
    bridge.take("b1")
    patch(bridge, "b1", self_pay=True)
    later = START + timedelta(days=1)
    bridge.take("b2", "rescheduled", start=later, previous="b1", version=NOW)
    found = details(bridge, "b2")
    assert (found.self_pay, found.by_staff) == (True, True)
    assert bridge.outcome("b2") == "allow"


def test_a_moved_booking_leaves_no_task_behind(bridge: Bridge) -> None:
    bridge.take("b1", "created", status="accepted")
    assert bridge.tasks().count("hold-by-hand") == 1
    later = START + timedelta(days=1)
    more = {"previous": "b1", "status": "accepted"}
    bridge.take("b2", "rescheduled", start=later, **more)
    assert bridge.tasks().count("hold-by-hand") == 1


def test_of_two_news_of_one_moment_the_end_came_second(bridge: Bridge) -> None:
    bridge.take("b1")
    later = NOW + timedelta(minutes=1)
    bridge.take("b1", "cancelled", status="cancelled", version=later)
    bridge.take("b1", "requested", status="pending", version=later)
    assert bridge.row("b1").platform_status == "cancelled"
