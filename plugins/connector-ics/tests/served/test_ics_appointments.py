"""What the connector reads of a feed on a real server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from massage_ins_bridge.api.connectors import PlatformError
from massage_ins_bridge.testing.bookings import NOW
from massage_ins_bridge.testing.feeds import FeedServer
from massage_ins_bridge.testing.reading import all_pages
from massage_ins_bridge_ics import lists

if TYPE_CHECKING:
    from served.conftest import Connect


def test_an_appointment_is_read(feed: FeedServer, connect: Connect) -> None:
    uid = feed.book(client="Zoë Tëst" + "-é" * 40, service="Massage", minutes=45)
    (one,) = all_pages(connect().changes).items
    assert (one.ref, one.status, one.service_ref) == (uid, "accepted", "Massage")
    assert one.person.name == "Zoë Tëst" + "-é" * 40
    assert one.start == feed.appointments[uid].start
    assert one.end == one.start + timedelta(minutes=45)
    assert one.host_refs == ("calendar",)


def test_services_are_spelt_as_the_settings_spell_them(feed: FeedServer, connect: Connect) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    feed.clock = lambda: now
    feed.book(now + timedelta(days=2), service="MEDICAL massage")
    connector = connect()
    assert connector.services()[0].ref == "MEDICAL massage"


def test_only_what_changed_is_listed_and_only_after_it_was_taken(
    feed: FeedServer, connect: Connect
) -> None:
    first, second = feed.book(), feed.book()
    connector = connect()
    assert set(all_pages(connector.changes).refs) == {first, second}
    lost = all_pages(connector.changes)  # the host has not taken the page
    assert set(lost.refs) == {first, second}
    taken = all_pages(connector.changes, all_pages(connector.changes).cursor)
    assert taken.items == []
    feed.change(first, start=NOW + timedelta(days=9))
    feed.change(second, status="CANCELLED")
    again = all_pages(connector.changes, taken.cursor)
    assert {one.ref: one.status for one in again.items} == {first: "accepted", second: "cancelled"}
    assert all_pages(connector.changes, again.cursor).items == []


def test_a_stamp_that_is_written_anew_is_no_change(feed: FeedServer, connect: Connect) -> None:
    feed.tags = False
    feed.book()
    connector = connect()
    first = all_pages(connector.changes)
    assert all_pages(connector.changes, first.cursor).items == []
    assert [status for status, _ in feed.answers] == [200, 200]


def test_a_feed_that_did_not_change_is_not_sent_again(feed: FeedServer, connect: Connect) -> None:
    for _ in range(30):
        feed.book()
    connector = connect()
    page = all_pages(connector.changes).last
    page = connector.changes(page.cursor, NOW)
    assert page.shown is not None
    assert feed.answers[-1] == (304, 0)
    assert len(page.shown.refs) == 30


def test_long_lists_come_page_by_page(
    feed: FeedServer, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "PAGE", 7)
    refs = {feed.book() for _ in range(40)}
    connector = connect()
    read = all_pages(connector.changes)
    assert set(read.refs) == refs
    assert read.last.shown is not None
    listed = all_pages(connector.upcoming)
    assert max(len(page.items) for page in listed.pages) <= 7
    assert set(listed.refs) == refs
    assert [status for status, _ in feed.answers].count(200) == 1


def test_the_first_look_goes_back_and_leaves_out_what_is_over(
    feed: FeedServer, connect: Connect
) -> None:
    past = feed.book(NOW - timedelta(days=20))
    gone = feed.book(status="CANCELLED")
    listed = connect().upcoming(None, NOW - timedelta(days=90))
    assert [one.ref for one in listed.items] == [past]
    assert gone not in {one.ref for one in listed.items}
    with pytest.raises(PlatformError):
        connect().upcoming("nonsense", NOW)


@pytest.mark.parametrize(
    ("names", "shown"), [("full", "Ada Test"), ("first", "Ada"), ("initials", "AT")]
)
def test_as_much_of_a_name_as_the_feed_shows(
    feed: FeedServer, connect: Connect, names: str, shown: str
) -> None:
    feed.names = names  # type: ignore[assignment]
    feed.book(client="Ada Test")
    (one,) = all_pages(connect().changes).items
    assert one.person.name == shown


@pytest.mark.parametrize("names", ["id", "hidden"])
def test_names_that_are_hidden_are_nobodys(feed: FeedServer, connect: Connect, names: str) -> None:
    feed.names = names  # type: ignore[assignment]
    feed.book(client="Ada Test")
    (one,) = all_pages(connect().changes).items
    assert (one.person.name, one.person.email) == (None, None)
    assert one.service_ref == ("Massage" if names == "id" else "appointment")


def test_an_address_is_the_clients_only_where_the_name_is(
    feed: FeedServer, connect: Connect
) -> None:
    guest = ("ORGANIZER:mailto:desk@example.com", "ATTENDEE:mailto:desk@example.com")
    ada = "ATTENDEE;CN=Ada Test:mailto:ada@example.com"
    same = feed.book(client="Ada Test", extra=(*guest, ada))
    other = feed.book(client="Bo Test", extra=(*guest, ada))
    several = feed.book(client="Ada Test", extra=(*guest, ada, "ATTENDEE:mailto:x@example.com"))
    found = {one.ref: one.person.email for one in all_pages(connect().changes).items}
    assert found == {same: "ada@example.com", other: None, several: None}


def test_states_and_times(feed: FeedServer, connect: Connect) -> None:
    asked = feed.book(status="TENTATIVE")
    plain = feed.book(status=None)
    empty = feed.book(minutes=0)
    ended = feed.book(client="Cancelled: Ada Test")
    odd = feed.book(status="DRAFT")
    late = feed.book(extra=("RRULE:FREQ=SECONDLY",))
    connector = connect(ends="Cancelled:")
    read = all_pages(connector.changes)
    page, by_ref = read.last, {one.ref: one for one in read.items}
    assert by_ref[asked].status == "pending"
    assert by_ref[plain].status == "accepted"
    assert by_ref[empty].end is None
    assert by_ref[ended].status == "cancelled"
    assert {odd, late} == set(page.unreadable) == set(page.reasons)
    assert "hourly" not in page.reasons[odd]
    assert "secondly" in page.reasons[late]


def test_a_series_is_its_dates(feed: FeedServer, connect: Connect) -> None:
    uid = feed.book(extra=("RRULE:FREQ=WEEKLY;COUNT=3",))
    found = all_pages(connect().changes).items
    assert len(found) == 3
    assert all(one.ref.startswith(f"{uid}#2026") and not one.recurring for one in found)
    assert {one.person.ref for one in found} == {uid}


def test_days_and_what_the_clinic_leaves_out_are_no_appointments(
    feed: FeedServer, connect: Connect
) -> None:
    kept = feed.book()
    feed.head += (
        *("BEGIN:VEVENT", "UID:holiday", "DTSTART;VALUE=DATE:20261126", "END:VEVENT"),
        *("BEGIN:VEVENT", "UID:lunch", "DTSTART:20261201T200000Z", "SUMMARY:Lunch", "END:VEVENT"),
    )
    read = all_pages(connect(leave_out=["lunch"]).changes)
    assert read.refs == [kept]
    assert read.last.shown is not None
    assert read.last.shown.refs == {kept}


def test_floating_times_are_in_doubt_until_the_clinic_says_that_they_are_its_own(
    feed: FeedServer, connect: Connect
) -> None:
    feed.head = ("BEGIN:VEVENT", "UID:f", "DTSTART:20261201T100000", "END:VEVENT")
    assert connect().changes(None, NOW).unreadable == ("f",)
    (one,) = connect(floating_is_local=True).changes(None, NOW).items
    assert one.start.isoformat() == "2026-12-01T10:00:00-08:00"
