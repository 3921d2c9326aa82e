"""What follows from what a feed shows, and what the clinic is told of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from massage_ins_bridge.api.connectors import BadPayloadError, BadSignatureError
from massage_ins_bridge.testing.bookings import NOW
from massage_ins_bridge.testing.feeds import FeedServer

if TYPE_CHECKING:
    from served.conftest import Connect


def test_what_follows_from_what_is_shown(feed: FeedServer, connect: Connect) -> None:
    """From now to the last single appointment: what lies further ahead may only not be shown."""
    last = feed.book(NOW + timedelta(days=12))
    feed.book(NOW + timedelta(days=3), extra=("RRULE:FREQ=WEEKLY",))
    shown = connect().changes(None, NOW).shown
    assert shown is not None
    assert (shown.begin, shown.end) == (NOW, feed.appointments[last].start)
    as_told = connect(days_ahead=30).changes(None, NOW).shown
    assert as_told is not None
    assert as_told.end == NOW + timedelta(days=29)


def test_nothing_follows_from_a_feed_without_appointments_or_with_nameless_ones(
    feed: FeedServer, connect: Connect
) -> None:
    assert connect(days_ahead=30).changes(None, NOW).shown is None
    feed.book(NOW - timedelta(days=1))
    assert connect(days_ahead=30).changes(None, NOW).shown is None
    feed.book()
    assert connect().changes(None, NOW).shown is not None
    feed.head += ("BEGIN:VEVENT", "DTSTART:20261201T200000Z", "END:VEVENT")
    assert connect().changes(None, NOW).shown is None


def test_nothing_follows_for_dates_of_a_series_that_cannot_be_read(
    feed: FeedServer, connect: Connect
) -> None:
    feed.book()
    broken = feed.book(extra=("RRULE:FREQ=HOURLY",))
    shown = connect().changes(None, NOW).shown
    assert shown is not None
    assert shown.unsure == (broken,)


def test_of_two_appointments_of_one_name_none_is_guessed(
    feed: FeedServer, connect: Connect
) -> None:
    uid = feed.book()
    feed.head += ("BEGIN:VEVENT", f"UID:{uid}", "DTSTART:20261201T200000Z", "END:VEVENT")
    page = connect().changes(None, NOW)
    assert (page.items, page.unreadable) == ((), (uid,))


def test_names_that_cannot_be_kept_are_replaced(feed: FeedServer, connect: Connect) -> None:
    for uid in ("x" * 300, "a#b"):
        event = ("BEGIN:VEVENT", f"UID:{uid}", "DTSTART:20261201T200000Z", "END:VEVENT")
        feed.head += event
    refs = {one.ref for one in connect().changes(None, NOW).items}
    assert len(refs) == 2
    assert all(ref.startswith("uid-") and len(ref) < 50 for ref in refs)


def test_it_takes_no_deliveries(connect: Connect) -> None:
    with pytest.raises(BadSignatureError):
        connect().verify({}, b"{}", "https://bridge.example/webhooks/desk", NOW)
    with pytest.raises(BadPayloadError):
        connect().parse(b"{}")


def test_what_the_clinic_should_know(feed: FeedServer, connect: Connect) -> None:
    soon = datetime.now(UTC).replace(microsecond=0) + timedelta(days=2)
    feed.clock = lambda: datetime.now(UTC)
    assert [a.level for a in connect().examine(None)] == ["note"]
    feed.book(soon, service="Massage")
    feed.book(soon + timedelta(days=1), service="Massage", status="DRAFT")
    connector = connect()
    assert [a.level for a in connector.examine(None)] == ["note"]
    assert connector.access().lacks == ()
    services = [("Massage", 60), ("appointment", None)]
    assert [(s.ref, s.minutes) for s in connector.services()] == services
    assert [host.ref for host in connector.hosts()] == ["calendar"]
    feed.names = "hidden"
    feed.head = ("BEGIN:VEVENT", "UID:f", "DTSTART:20990101T100000", "END:VEVENT")
    feed.book(soon, extra=("EXRULE:x",))
    said = [a.message for a in connect().examine(None)]
    assert any("name nobody" in message for message in said)
    assert any("cannot be read" in message for message in said)
