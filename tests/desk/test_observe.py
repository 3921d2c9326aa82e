"""A booking as the platform has it: whose it is, what it replaces, and what is older."""

from datetime import timedelta

from tests.desk.bridge import Bridge

from massage_ins_bridge.desk.observe import Look, observe
from massage_ins_bridge.desk.platform_state import Try
from massage_ins_bridge.testing.bookings import NOW, START


def test_nobody_is_confirmed_on_the_chart_of_a_relative(bridge: Bridge) -> None:
    """Ann Lee is cured; Bob Lee books with the family's e-mail address."""
    bridge.take("b1")
    bridge.confirm_coverage("b1")
    assert bridge.row("b1").platform_status == "accepted"
    later = START + timedelta(days=1)
    bridge.take("b2", start=later, sent_at=NOW, name="Bob Lee")
    assert (bridge.outcome("b2"), bridge.row("b2").platform_status) == ("hold", "pending")
    assert bridge.row("b2").patient_id != bridge.row("b1").patient_id
    assert "who-is-it" in bridge.tasks()
    bridge.take("b3", start=later + timedelta(days=1), sent_at=NOW, name="LEE, Ann")
    assert bridge.row("b3").platform_status == "accepted"


def look(bridge: Bridge, ref: str, seconds: float) -> None:
    """Take in the platform's state as it is, read so long after now."""
    account = bridge.installation.accounts["desk"]
    at = bridge.clock.now() + timedelta(seconds=seconds)
    with bridge.installation.write() as record:
        found = bridge.platform.bookings[ref]
        observe(bridge.installation, record, account, found, Look(looked_at=at), "reconcile")


def test_what_was_read_before_our_own_word_is_older(bridge: Bridge) -> None:
    """A list that was asked for before the refusal and comes after it revives nothing."""
    bridge.knobs.visits = 0
    before = bridge.platform.put("b1")
    bridge.take("b1")
    assert bridge.row("b1").platform_status == "rejected"
    bridge.platform.bookings["b1"] = before
    look(bridge, "b1", -5)
    assert bridge.row("b1").platform_status == "rejected"


def test_a_clock_that_was_set_back_hides_no_news(bridge: Bridge) -> None:
    bridge.platform.put("b1")
    look(bridge, "b1", 86_400)
    bridge.platform.put("b1", status="cancelled")
    look(bridge, "b1", 0)
    assert bridge.row("b1").platform_status == "cancelled"


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


def test_a_moved_booking_of_one_ref_is_decided_anew(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.confirm_coverage("b1")
    later, now = START + timedelta(days=1), NOW + timedelta(minutes=1)
    bridge.knobs.visits = 0
    row = bridge.take("b1", "rescheduled", start=later, status="accepted", sent_at=now)
    assert (row.revision, row.outcome, row.platform_status) == (2, "block", "accepted")
    assert "block-by-hand" in bridge.tasks()


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
    told = bridge.arrive("b1", "requested", sent_at=NOW - timedelta(minutes=1))
    bridge.take_in(told, Try(told=True))
    assert (bridge.row("b1").platform_status, bridge.row("b1").to_read) == ("replaced", False)
    assert bridge.outcome("b2") == "hold"


def test_nobody_waits_to_read_what_was_moved(bridge: Bridge) -> None:
    bridge.take_in(bridge.arrive("b1"), Try(told=True))
    assert bridge.row("b1").to_read
    bridge.take("b2", "rescheduled", previous="b1", previous_ref="b1")
    assert (bridge.row("b1").platform_status, bridge.row("b1").to_read) == ("replaced", False)


def test_late_news_does_not_undo_our_own_confirmation(bridge: Bridge) -> None:
    """A copy of the platform's data may lag behind what was written to it."""
    bridge.take("b1")
    bridge.confirm_coverage("b1")
    bridge.platform.put("b1", status="pending", version=bridge.row("b1").version)
    bridge.take("b1", "requested", thin=True)
    assert bridge.row("b1").platform_status == "accepted"
    assert len(bridge.platform.changes) == 1


def test_a_coverage_that_staff_removed_is_not_filed_again_by_the_same_word(bridge: Bridge) -> None:
    patient = bridge.take("b1").patient_id
    with bridge.installation.write() as record:
        for row in record.facts.list(patient, "coverage"):
            record.facts.remove(row)
    bridge.take("b1", "created", status="accepted")
    assert bridge.last_case.coverage is None


def test_a_moved_booking_leaves_no_task_behind(bridge: Bridge) -> None:
    bridge.take("b1", "created", status="accepted")
    assert bridge.tasks().count("hold-by-hand") == 1
    later = START + timedelta(days=1)
    more = {"previous": "b1", "status": "accepted"}
    bridge.take("b2", "rescheduled", start=later, **more)
    assert bridge.tasks().count("hold-by-hand") == 1
