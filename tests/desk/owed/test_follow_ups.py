"""What follows from how a booking ended."""

from datetime import timedelta
from typing import Any

import pytest
from tests.desk.bridge import Bridge
from tests.desk.owed.looking import open_tasks

from massage_ins_bridge.desk.book import book
from massage_ins_bridge.desk.overrides import override
from massage_ins_bridge.desk.visits import close_booking
from massage_ins_bridge.testing.bookings import START

#: When a person's word ends by itself, after it was carried out.
END = START - timedelta(days=1)


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (timedelta(hours=25), None),
        (timedelta(hours=23, minutes=59), "23 hours before"),
        (timedelta(minutes=1), "1 minute before"),
        (timedelta(minutes=-1), None),
    ],
)
def test_a_booking_that_is_called_off_late_is_marked(
    bridge: Bridge, before: timedelta, said: str | None
) -> None:
    bridge.take("b1")
    bridge.clock.moment = START - before
    bridge.take("b1", "cancelled", status="cancelled")
    found = open_tasks(bridge, "called-off-late")
    assert [said in task.message for task in found if said] == ([True] if said else [])
    bridge.take("b1", "created", status="accepted", version="9")
    assert open_tasks(bridge, "called-off-late") == []


def test_one_to_which_nobody_came_is_followed_up(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.clock.moment = START + timedelta(hours=2)

    def close(ending: Any) -> int:
        with bridge.installation.write() as record:
            close_booking(bridge.installation, record, bridge.row("b1").id, ending)
        return len(open_tasks(bridge, "no-show"))

    assert [close(ending) for ending in ("no-show", "open", "no-show", "completed")] == [1, 0, 1, 0]


def test_the_invitation_closes_when_the_client_has_booked_again(bridge: Bridge) -> None:
    bridge.knobs.visits = 0
    bridge.take("b1")
    bridge.knobs.visits = 9
    bridge.confirm_coverage("b1")
    assert len(open_tasks(bridge, "invite")) == 1
    bridge.take("b2", start=START + timedelta(days=1))
    assert open_tasks(bridge, "invite") == []
    bridge.take("b2", "cancelled", status="cancelled", start=START + timedelta(days=1))
    assert len(open_tasks(bridge, "invite")) == 1


@pytest.mark.parametrize("by_hand", [False, True])
def test_nobody_is_invited_whom_a_person_refused(bridge: Bridge, by_hand: bool) -> None:
    """Nothing was missing: the rules would have let the visit stand."""
    if by_hand:
        sent = {"start": START.isoformat(), "client": {"name": "Ann Lee"}, "self_pay": True}
        with bridge.installation.write() as record:
            booking = book(bridge.installation, record, sent).id
    else:
        booking = bridge.take("b1").id
        bridge.confirm_coverage("b1")
    word = {"outcome": "block", "reason": "asked to", "name": "Dana", "until": END.isoformat()}
    with bridge.installation.write() as record:
        override(record, booking, word)
    bridge.work()
    if by_hand:
        with bridge.installation.write() as record:
            close_booking(bridge.installation, record, booking, "cancelled")
    bridge.work()
    assert open_tasks(bridge, "invite") == []
    bridge.pass_time(END + timedelta(hours=1))
    assert open_tasks(bridge, "invite") == []
