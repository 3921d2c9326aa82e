"""What time brings."""

from datetime import timedelta

import pytest
from tests.desk.bridge import Bridge
from tests.desk.owed.looking import open_tasks

from massage_ins_bridge.api.connectors import PlatformError
from massage_ins_bridge.desk.deadlines import pass_deadlines
from massage_ins_bridge.desk.decide import decide_client
from massage_ins_bridge.desk.refusals import waiting
from massage_ins_bridge.testing.bookings import START

LATE, OVER = START - timedelta(days=3), START + timedelta(hours=4)


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
    assert bridge.tasks() == ["hold-by-hand"]
    bridge.pass_time(START + timedelta(minutes=1))
    assert bridge.tasks() == ["hold-begun"]
    assert [str(task.due) for task in open_tasks(bridge, "hold-begun")] == ["2026-12-08"]
    assert bridge.outcome("b1") == "hold"
    bridge.confirm_coverage("b1")
    assert bridge.platform.changes == []


def test_a_visit_nobody_closed_still_counts_and_becomes_a_task(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.confirm_coverage("b1")
    bridge.pass_time(START + timedelta(hours=4))
    assert [str(task.due) for task in open_tasks(bridge, "visit-not-closed")] == ["2026-12-08"]
    bridge.take("b2", start=START + timedelta(days=7), sent_at=bridge.clock.now())
    assert len(bridge.last_case.upcoming or ()) == 1


def two_of_one(bridge: Bridge, status: str) -> None:
    """Two bookings of a client. The deadline of the first passes while nothing can be written."""
    bridge.take("b1", status=status)
    bridge.take("b2", start=START + timedelta(days=7))
    bridge.pass_time(LATE - timedelta(days=1))
    bridge.platform.faults += [PlatformError("it hangs")] * 20
    bridge.pass_time(LATE)
    assert (bridge.outcome("b1"), bridge.last_case.upcoming) == ("block", ())


@pytest.mark.parametrize("status", ["accepted", "pending"])
def test_what_the_rules_block_and_the_platform_keeps_counts_when_its_time_comes(
    bridge: Bridge, status: str
) -> None:
    """Whoever kept it there: from now on only staff can say that it was no visit."""
    two_of_one(bridge, status)
    bridge.pass_time(START + timedelta(minutes=1))
    assert "visit-not-closed" not in bridge.tasks()
    bridge.pass_time(OVER)
    assert "visit-not-closed" in bridge.tasks()
    assert [u.start for u in bridge.last_case.upcoming or ()] == [START]


def test_what_is_being_refused_does_not_count(bridge: Bridge) -> None:
    """Its answer was lost, perhaps: until the platform was read nobody knows what became of it."""
    two_of_one(bridge, "pending")
    assert bridge.writes("b1") == [("hold", "done", "native"), ("block", "queued", None)]
    bridge.clock.moment = OVER
    pass_deadlines(bridge.installation)
    assert "visit-not-closed" not in bridge.tasks()
    with bridge.installation.write() as record:
        decide_client(bridge.installation, record, bridge.row("b1").patient_id, "a test")
    assert bridge.last_case.upcoming == ()


def test_what_counts_after_all_refuses_another_as_a_clock_does(bridge: Bridge) -> None:
    """Nobody said anything new: staff hears of it before the refusal."""
    bridge.take("b1", "created", status="accepted")
    bridge.take("b2", start=START + timedelta(days=7))
    bridge.pass_time(LATE)
    bridge.knobs.visits = 1
    bridge.choose("b2", payer="regence")
    assert bridge.outcome("b2") == "hold"
    bridge.pass_time(OVER)
    assert bridge.outcome("b2") == "block"
    with bridge.installation.read() as record:
        assert [one.by_clock for one in waiting(record).refusals] == [True]
    assert "refused-tomorrow" in bridge.tasks()
