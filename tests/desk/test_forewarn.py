"""The day before a clock refuses a booking, staff hears of it."""

from datetime import timedelta

import pytest
from tests.desk.bridge import Bridge

from massage_ins_bridge.desk.overrides import override
from massage_ins_bridge.store.task_models import TaskRow
from massage_ins_bridge.testing.bookings import NOW, START

LAST = START - timedelta(days=4)  # a Friday


def warned(bridge: Bridge) -> list[str]:
    with bridge.installation.store.read() as session:
        query = session.query(TaskRow).filter(TaskRow.kind == "refused-tomorrow")
        return [str(task.due) for task in query if task.done_at is None]


@pytest.mark.parametrize(("later", "day"), [(0, "2026-12-04"), (1, "2026-12-04")])
def test_on_the_last_open_day_before(bridge: Bridge, later: int, day: str) -> None:
    """What is due on a Saturday is to be acted upon on Friday."""
    bridge.take("b1", start=START + timedelta(days=later))
    bridge.pass_time(LAST - timedelta(days=1))
    assert warned(bridge) == []
    bridge.pass_time(LAST)
    bridge.pass_time(LAST + timedelta(minutes=1))
    assert warned(bridge) == [day]
    bridge.confirm_coverage("b1")
    assert warned(bridge) == []


@pytest.mark.parametrize("why", ["accepted", "overridden", "curable later"])
def test_nobody_is_warned_of_what_will_not_be_refused(bridge: Bridge, why: str) -> None:
    status = "accepted" if why == "accepted" else "pending"
    row = bridge.take("b1", "created", status=status)
    if why == "overridden":
        with bridge.installation.write() as record:
            said = {"outcome": "allow", "reason": "a friend", "name": "Pat"}
            override(record, row.id, said)
    if why == "curable later":
        with bridge.installation.store.write() as session:
            session.get_one(type(row), row.id).next_due = NOW.date() + timedelta(days=1)
        bridge.pass_time(NOW + timedelta(days=1))
    else:
        bridge.pass_time(LAST)
    assert warned(bridge) == []
