"""What time brings, and what an account brings that enforces by now."""

from datetime import timedelta
from pathlib import Path

from tests.desk.bridge import Bridge, make_bridge

from massage_ins_bridge.desk.deadlines import enforce_observed
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
    bridge.work()
    enforce_observed(bridge.installation)
    assert woken(bridge) == 0
    bridge.close()
