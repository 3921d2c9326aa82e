"""What it takes to believe that a booking is not on its platform, and how it comes back."""

from typing import Any

import pytest
from tests.desk.bridge import Bridge

from massage_ins_bridge.api.connectors import PlatformGoneError
from massage_ins_bridge.desk.platform_state import Try
from massage_ins_bridge.desk.take_in import MAX_TRIES, Next
from massage_ins_bridge.testing.bookings import START
from massage_ins_bridge.testing.fake_connector import FakeConnector

NOT_FOUND = PlatformGoneError("no such route", True, 404)


def not_found(*_: Any) -> Any:
    raise NOT_FOUND


def test_a_platform_that_shows_nothing_at_all_ends_no_write(bridge: Bridge) -> None:
    """A route that is away answers as a platform does, and for longer than a minute."""
    bridge.knobs.visits = 0
    bridge.take_in(bridge.arrive("b1"))
    bridge.platform.faults = [NOT_FOUND] * 8
    for _ in range(5):
        bridge.write_back()
        assert bridge.writes("b1") == [("block", "queued", None)]
    assert bridge.row("b1").platform_status == "pending"
    assert "not-written" in bridge.tasks()
    bridge.write_back()
    assert bridge.row("b1").platform_status == "rejected"
    assert "not-written" not in bridge.tasks()


def test_a_platform_that_shows_nothing_at_all_frees_no_held_booking(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    bridge.take("b1")
    bridge.platform.bookings.clear()
    monkeypatch.setattr(FakeConnector, "changes", not_found)
    delivery = bridge.arrive("b1", thin=True)
    assert bridge.take_in(delivery).absent
    assert bridge.take_in(delivery, Try(3, absent=2)).next is Next.AGAIN
    assert bridge.row("b1").platform_status == "pending"
    assert bridge.take_in(delivery, Try(MAX_TRIES, absent=2)).next is Next.DONE
    assert bridge.row("b1").platform_status == "pending"
    assert "unreadable-delivery" in bridge.tasks()


def test_a_booking_that_was_not_shown_is_looked_for_until_its_time(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.platform.bookings.clear()
    bridge.arrive("b1", thin=True)
    bridge.work()
    assert bridge.row("b1").platform_status == "cancelled"
    assert "gone-on-platform" in bridge.tasks()
    looks = 0
    while bridge.looks():
        bridge.clock.moment += bridge.looks()["b1"]
        bridge.look_again()
        looks += 1
    assert bridge.clock.moment > START
    assert looks < 50


def test_what_was_never_shown_becomes_a_task(bridge: Bridge) -> None:
    delivery = bridge.arrive("b1", thin=True)
    bridge.take_in(delivery)
    bridge.take_in(delivery, Try(3, absent=2))
    while bridge.looks():
        assert bridge.tasks() == []
        bridge.clock.moment += bridge.looks()["b1"]
        bridge.look_again()
    assert bridge.tasks() == ["unreadable-delivery"]


def test_what_is_shown_late_is_taken_in(bridge: Bridge) -> None:
    delivery = bridge.arrive("b1", thin=True)
    bridge.take_in(delivery)
    bridge.take_in(delivery, Try(3, absent=2))
    bridge.platform.put("b1")
    bridge.clock.moment += bridge.looks()["b1"]
    bridge.look_again()
    assert (bridge.outcome("b1"), bridge.looks()) == ("hold", {})
