"""What time brings."""

from datetime import timedelta

from tests.desk.bridge import Bridge

from massage_ins_bridge.testing.bookings import START


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
