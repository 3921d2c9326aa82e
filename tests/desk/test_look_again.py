"""What the platform contradicts, or does not show, is read again."""

from datetime import timedelta

import pytest
from tests.desk.bridge import Bridge

from massage_ins_bridge.api.connectors import PlatformError, PlatformGoneError
from massage_ins_bridge.desk.platform_state import Try
from massage_ins_bridge.desk.take_in import Next, Taken
from massage_ins_bridge.testing.bookings import START

DONE = Taken()
CONTRADICTIONS = [
    ("cancelled", "cancelled", "accepted"),
    ("rejected", "rejected", "pending"),
    ("created", "accepted", "pending"),
]


def test_a_booking_that_the_platform_does_not_show_is_looked_for_again(bridge: Bridge) -> None:
    bridge.take("b1")
    kept = dict(bridge.platform.bookings)
    bridge.platform.bookings.clear()
    delivery = bridge.arrive("b1", thin=True)
    assert bridge.take_in(delivery) == Taken(Next.AGAIN, absent=1, pause=1)
    assert bridge.take_in(delivery, Try(2, absent=1)) == Taken(Next.AGAIN, absent=2, pause=45)
    assert bridge.row("b1").platform_status == "pending"
    assert bridge.take_in(delivery, Try(3, absent=2)) == DONE
    assert bridge.row("b1").platform_status == "cancelled"
    bridge.platform.bookings.update(kept)
    bridge.clock.moment += timedelta(minutes=5)
    bridge.look_again()
    assert (bridge.row("b1").platform_status, bridge.outcome("b1")) == ("pending", "hold")
    assert bridge.tasks() == []


def test_a_cancelled_booking_that_the_platform_forgot_is_over_at_once(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.platform.bookings.clear()
    assert bridge.take_in(bridge.arrive("b1", "cancelled", thin=True)) == DONE
    assert bridge.row("b1").platform_status == "cancelled"


@pytest.mark.parametrize(("event", "told", "shown"), CONTRADICTIONS)
@pytest.mark.parametrize("thin", [True, False])
def test_a_contradiction_is_looked_at_again_and_refuses_nobody(
    bridge: Bridge, event: str, told: str, shown: str, thin: bool
) -> None:
    """Some platforms tell before they write down, or read from a copy that lags."""
    bridge.take("b1", status=shown)
    delivery = bridge.arrive("b1", event, thin=thin, status=told)
    bridge.platform.put("b1", status=shown)
    bridge.take_in(delivery)
    assert bridge.row("b1").platform_status == shown
    assert bridge.looks()["b1"] < timedelta(minutes=1)
    bridge.knobs.visits = 1
    bridge.take("b2", start=START + timedelta(days=1))
    assert bridge.outcome("b2") == "hold"
    bridge.platform.put("b1", status=told)
    bridge.clock.moment += timedelta(minutes=1)
    bridge.look_again()
    assert (bridge.row("b1").platform_status, bridge.looks()) == (told, {})


def test_a_contradiction_that_stays_ends_with_the_platforms_word(bridge: Bridge) -> None:
    bridge.take("b1", status="accepted")
    delivery = bridge.arrive("b1", "cancelled", thin=True)
    bridge.take_in(delivery)
    for number in range(4):
        assert (number, bridge.row("b1").to_read) == (number, True)
        bridge.clock.moment += bridge.looks()["b1"]
        bridge.look_again()
    assert (bridge.row("b1").to_read, bridge.looks()) == (False, {})
    assert bridge.row("b1").platform_status == "accepted"


def test_what_is_there_and_cannot_be_read_is_not_absent(bridge: Bridge) -> None:
    """Between two looks that do not find it, one sees that it is there, with other clients."""
    bridge.take("b1")
    bridge.take_in(bridge.arrive("b1", "created", thin=True))
    gone, seated = PlatformGoneError("not found", True, 404), PlatformError("has seats", True)
    for fault in (gone, seated, gone, seated):
        bridge.platform.faults = [fault]
        bridge.clock.moment += bridge.looks()["b1"]
        bridge.look_again()
    assert bridge.row("b1").platform_status == "pending"
    assert "gone-on-platform" not in bridge.tasks()


def test_what_the_platform_would_not_show_is_looked_for_until_it_does(bridge: Bridge) -> None:
    """Its task closes when the booking is read, by whatever door."""
    delivery = bridge.arrive("b1", thin=True)
    bridge.platform.put("b1")
    bridge.platform.faults = [PlatformError("no data", True)]
    assert bridge.take_in(delivery) == DONE
    for faults in ([PlatformError("no data", True)], []):
        assert bridge.tasks() == ["unreadable-booking"]
        bridge.platform.faults = list(faults)
        bridge.clock.moment += bridge.looks()["b1"]
        bridge.look_again()
    assert bridge.outcome("b1") == "hold"
    assert "unreadable-booking" not in bridge.tasks()
