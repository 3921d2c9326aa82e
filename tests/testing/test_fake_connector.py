"""The fake connector: lists, deliveries, and what it passes on when it is careless."""

import json
from dataclasses import replace
from typing import Any

import pytest

from massage_ins_bridge.api.connectors import PlatformBooking, PlatformError
from massage_ins_bridge.testing.bookings import NOW, START, account
from massage_ins_bridge.testing.fake_connector import FakeConnector, delivery
from massage_ins_bridge.testing.platform import FakePlatform


def test_changes_are_listed_however_they_were_made(
    fake_platform: FakePlatform, fake_connector: FakeConnector
) -> None:
    for ref in ("b1", "b2", "b3"):
        fake_platform.put(ref)
    first = fake_connector.changes(None, NOW)
    assert [item.ref for item in first.items] == ["b1", "b2", "b3"]
    fake_platform.bookings["b2"] = replace(fake_platform.bookings["b2"], status="cancelled")
    del fake_platform.bookings["b1"]
    later = fake_connector.changes(first.cursor, NOW)
    assert ([item.status for item in later.items], later.gone) == (["cancelled"], ("b1",))
    assert fake_connector.changes(later.cursor, NOW).items == ()


def test_a_careless_connector_passes_on_what_it_should_refuse(
    fake_platform: FakePlatform, fake_connector: FakeConnector
) -> None:
    naive: Any = START.replace(tzinfo=None)
    fake_platform.put("b1", status="booked", start=naive)
    with pytest.raises(PlatformError):
        fake_connector.changes(None, NOW)
    fake_platform.careless = True
    found = fake_connector.fetch("b1")
    [hint] = fake_connector.parse(delivery("b1", status="booked", start=naive))
    for booking in (found, hint.booking):
        assert isinstance(booking, PlatformBooking)
        assert (booking.status, booking.start) == ("booked", naive)


def test_a_booking_with_seats_keeps_none_of_the_others(
    fake_platform: FakePlatform, fake_connector: FakeConnector
) -> None:
    for ref in ("b1", "b2"):
        fake_platform.put(ref)
    fake_platform.seated.add("b1")
    page = fake_connector.changes(None, NOW)
    assert ([item.ref for item in page.items], page.unreadable) == (["b2"], ("b1",))
    with pytest.raises(PlatformError, match="several seats"):
        fake_connector.fetch("b1")


def test_a_delivery_carries_the_booking_or_is_thin(fake_connector: FakeConnector) -> None:
    [hint] = fake_connector.parse(delivery("b1", status="accepted", name="Bo", previous="b0"))
    assert hint.booking is not None
    assert (hint.booking.status, hint.booking.person.name) == ("accepted", "Bo")
    assert (hint.booking.version, hint.sent_at, hint.previous_ref) == (None, NOW, "b0")
    [thin] = fake_connector.parse(delivery("b1", thin=True, sent_at=None))
    assert (thin.booking, thin.sent_at) == (None, None)
    with pytest.raises(RuntimeError):
        fake_connector.parse(json.dumps({"kind": "crash", "ref": "b1"}).encode())


def test_an_account_names_its_platform() -> None:
    nobody: Any = None
    with pytest.raises(ValueError, match=r"options\.platform"):
        FakeConnector(account(), nobody)
