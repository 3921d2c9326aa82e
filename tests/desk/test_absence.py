"""What it takes to believe that a booking is not on its platform, and how it comes back."""

from datetime import timedelta
from typing import Any

import pytest
from tests.desk.bridge import Bridge

from massage_ins_bridge.api.connectors import PlatformGoneError
from massage_ins_bridge.desk.platform_state import Try
from massage_ins_bridge.desk.reconcile import reconcile
from massage_ins_bridge.desk.take_in import MAX_TRIES, Next
from massage_ins_bridge.testing.bookings import NOW
from massage_ins_bridge.testing.fake_connector import FakeConnector

NOT_FOUND = PlatformGoneError("no such route", True, 404)


def not_found(*_: Any) -> Any:
    raise NOT_FOUND


def test_a_platform_that_shows_nothing_at_all_ends_no_write(bridge: Bridge) -> None:
    """A route that is away answers as a platform does, and for longer than a minute."""
    bridge.knobs.visits = 0
    bridge.platform.faults = [NOT_FOUND] * 7
    bridge.take("b1")
    for _ in range(3):
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
    assert bridge.take_in(delivery, Try(2, absent=True)).next is Next.AGAIN
    assert bridge.row("b1").platform_status == "pending"
    assert bridge.take_in(delivery, Try(MAX_TRIES, absent=True)).next is Next.DONE
    assert bridge.row("b1").platform_status == "pending"
    assert "unreadable-delivery" in bridge.tasks()


def test_a_booking_that_was_not_shown_comes_back_though_no_list_names_it(bridge: Bridge) -> None:
    bridge.take("b1")
    reconcile(bridge.installation, "desk")
    kept = dict(bridge.platform.bookings)
    bridge.platform.bookings.clear()
    bridge.arrive("b1", thin=True)
    bridge.work()
    bridge.platform.bookings.update(kept)
    assert bridge.row("b1").platform_status == "cancelled"
    assert "gone-on-platform" in bridge.tasks()
    bridge.clock.moment = NOW + timedelta(minutes=20)
    reconcile(bridge.installation, "desk")
    assert (bridge.row("b1").platform_status, bridge.outcome("b1")) == ("pending", "hold")
    assert "gone-on-platform" not in bridge.tasks()
    looks = bridge.platform.fetched
    reconcile(bridge.installation, "desk")
    assert bridge.platform.fetched == looks
