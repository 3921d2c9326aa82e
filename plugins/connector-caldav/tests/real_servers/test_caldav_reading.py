"""What is read of a real calendar server: bookings, series, and nothing private."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from massage_ins_bridge.api.connectors import (
    Gone,
    PlatformClient,
    PlatformPerson,
    PlatformResponse,
)
from massage_ins_bridge.testing.bookings import NOW, START
from massage_ins_bridge.testing.calendar_servers import CalendarServer, event
from massage_ins_bridge.testing.reading import all_pages, fetched
from massage_ins_bridge_caldav.connector import CaldavConnector

if TYPE_CHECKING:
    from real_servers.conftest import Connect


def test_an_event_is_found_and_read(
    server: CalendarServer, calendar: str, connect: Connect
) -> None:
    ref = server.put(calendar, "a1")
    connector = connect(server.url, hosts=(calendar,))
    booking = fetched(connector, ref)
    assert (booking.ref, booking.status) == (ref, "accepted")
    assert (booking.start, booking.end) == (START, START + timedelta(hours=1))
    assert booking.service_ref == "Medical massage"
    assert booking.host_refs == (calendar,)
    assert booking.person == PlatformPerson(name="Ada Test", email="ada@example.com")
    assert booking.answers == {"payer": "Regence"}
    assert isinstance(connector.fetch(f"{calendar}/nothing.ics"), Gone)


def settled(connector: CaldavConnector) -> str:
    """The cursor after a look at everything."""
    read = all_pages(connector.changes)
    assert read.last.whole_since == NOW
    assert read.cursor is not None
    return read.cursor


def test_changes_come_as_they_are_made(
    server: CalendarServer, calendar: str, connect: Connect
) -> None:
    first = server.put(calendar, "a1")
    connector = connect(server.url, hosts=(calendar,))
    cursor = settled(connector)
    second = server.put(calendar, "a2")
    server.delete(first)
    page = connector.changes(cursor, NOW)
    assert ([one.ref for one in page.items], page.gone) == ([second], (first,))
    assert connector.changes(page.cursor, NOW).items == ()


class Counting(PlatformClient):
    """Counts what is asked."""

    asked: ClassVar[list[str]]

    def send(self, method: str, *given: Any, **options: Any) -> PlatformResponse:
        self.asked.append(method)
        return super().send(method, *given, **options)


def test_a_look_at_changes_takes_one_request(
    server: CalendarServer, calendar: str, connect: Connect
) -> None:
    """And a second one where the server does not send events along."""

    class Here(Counting):
        asked: ClassVar[list[str]] = []

    server.put(calendar, "a1")
    connector = connect(server.url, Here, hosts=(calendar,))
    cursor = settled(connector)
    Here.asked.clear()
    connector.changes(cursor, NOW)
    assert Here.asked == ["REPORT"]
    for number in range(10):
        server.put(calendar, f"b{number}")
    Here.asked.clear()
    assert len(connector.changes(cursor, NOW).items) == 10
    assert Here.asked in (["REPORT"], ["REPORT", "REPORT"])


def test_a_token_that_is_not_the_servers_leads_to_a_look_at_everything(
    server: CalendarServer, calendar: str, connect: Connect
) -> None:
    ref = server.put(calendar, "a1")
    connector = connect(server.url, hosts=(calendar,))
    cursor = settled(connector)
    old = re.sub("[0-9a-f]{40,64}", lambda found: "0" * len(found[0]), cursor)
    assert old != cursor
    page = connector.changes(old, NOW)
    assert (page.gone, page.more, [one.ref for one in page.items]) == ((), True, [ref])


def test_a_series_is_read_visit_by_visit_and_left_to_staff(
    server: CalendarServer, calendar: str, connect: Connect
) -> None:
    weekly = event("s1", more="RRULE:FREQ=WEEKLY;COUNT=3\nEXDATE:20261215T180000Z\n")
    ref = server.put(calendar, "s1", weekly)
    connector = connect(server.url, hosts=(calendar,))
    seen = {one.ref: one for one in all_pages(connector.upcoming).items}
    wanted = [f"{ref}#20261208T180000Z", f"{ref}#20261222T180000Z"]
    assert sorted(seen) == wanted
    assert all(one.recurring for one in seen.values())
    assert fetched(connector, wanted[1]).start == START + timedelta(days=14)
    assert connector.fetch(f"{ref}#20261215T180000Z") == Gone(f"{ref}#20261215T180000Z")
    assert connector.fetch(ref) == Gone(ref)
    assert connector.hold(wanted[0], "", "w1").reached == "manual"
    assert server.get(ref).count("STATUS") == 0


def test_a_series_that_loses_a_visit_says_which_it_still_has(
    server: CalendarServer, calendar: str, connect: Connect
) -> None:
    ref = server.put(calendar, "s1", event("s1", more="RRULE:FREQ=WEEKLY;COUNT=2\n"))
    connector = connect(server.url, hosts=(calendar,))
    cursor = settled(connector)
    server.put(calendar, "s1", event("s1", more="RRULE:FREQ=WEEKLY;COUNT=1\n"))
    page = connector.changes(cursor, NOW)
    assert [one.ref for one in page.items] == [f"{ref}#20261208T180000Z"]
    assert (page.whole, page.gone) == ((ref,), ())


def test_what_is_private_is_nobodys_business(
    server: CalendarServer, calendar: str, connect: Connect
) -> None:
    """Neither told nor kept, however odd it is."""
    for number, body in enumerate(
        (
            event("p0", title="Dentist", description="bring the card"),
            event("p1", title="Dentist", description="", more="RRULE:FREQ=WEEKLY\n"),
            event("p2", title="Massage course", description="with Ada"),
            event("p3@massage-ins-bridge", title="Medical massage"),
        )
    ):
        server.put(calendar, f"p{number}", body)
    connector = connect(server.url, hosts=(calendar,))
    page = connector.changes(None, NOW)
    assert (page.items, page.unreadable) == ((), ())


def test_a_booking_of_nobody_is_told(
    server: CalendarServer, calendar: str, connect: Connect
) -> None:
    ref = server.put(calendar, "n1", event("n1", description=""))
    page = connect(server.url, hosts=(calendar,)).changes(None, NOW)
    assert (page.items, page.unreadable) == ((), (ref,))
