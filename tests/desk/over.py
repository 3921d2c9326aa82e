"""A booking whose hour has passed."""

from datetime import timedelta
from typing import Any

from tests.desk.bridge import Bridge

from massage_ins_bridge.desk.visits import close_booking
from massage_ins_bridge.testing.bookings import START


def over(bridge: Bridge) -> Bridge:
    """A client's confirmed booking is over."""
    bridge.take("b1")
    bridge.confirm_coverage("b1")
    bridge.clock.moment = START + timedelta(hours=2)
    return bridge


def close(bridge: Bridge, ending: Any) -> None:
    """Staff says what became of it."""
    with bridge.installation.write() as record:
        close_booking(bridge.installation, record, bridge.row("b1").id, ending)
    bridge.work()
