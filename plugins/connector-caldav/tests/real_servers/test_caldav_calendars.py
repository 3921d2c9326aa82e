"""What is done on real calendar servers: bookings, busy times, calendars and settings."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from massage_ins_bridge.api.connectors import (
    CalendarEntry,
    PlatformError,
    WriteResult,
)
from massage_ins_bridge.testing.bookings import NOW, START
from massage_ins_bridge.testing.calendar_servers import CalendarServer, event
from massage_ins_bridge.testing.reading import all_pages, fetched

if TYPE_CHECKING:
    from real_servers.conftest import Connect


RICH = """STATUS:CONFIRMED
SEQUENCE:2
X-CLIENTS-COLOUR;X-SHADE="a:b":light, blue\\; grey
BEGIN:VALARM
ACTION:DISPLAY
DESCRIPTION:soon
TRIGGER:-PT30M
X-ALARM-NAME:mine
END:VALARM
"""


def test_a_booking_is_held_confirmed_refused_and_brought_back(
    server: CalendarServer, calendar: str, connect: Connect
) -> None:
    """Whatever else the server stores of the event stays, byte for byte."""
    ref = server.put(calendar, "a1", event("a1", more=RICH))
    connector = connect(server.url, hosts=(calendar,))
    before = others(server.get(ref))
    steps: list[tuple[str, str, Callable[[], WriteResult]]] = [
        ("tentative", "pending", lambda: connector.hold(ref, "", "w1")),
        ("native", "accepted", lambda: connector.confirm(ref, "w2")),
        ("native", "cancelled", lambda: connector.cancel(ref, "Please call us.", "w3")),
        ("native", "accepted", lambda: connector.reopen(ref, "w4")),
        ("tentative", "pending", lambda: connector.hold(ref, "", "w5")),
        ("native", "cancelled", lambda: connector.reject(ref, "Please call us.", "w6")),
    ]
    for reached, status, act in steps:
        assert act().reached == reached
        assert fetched(connector, ref).status == status
        assert others(server.get(ref)) == before
    stored = server.get(ref)
    assert "SEQUENCE:5" in stored
    assert "Please call us." in stored


def others(stored: str) -> list[str]:
    """The lines of an event that are none of the bridge's to change."""
    ours = ("STATUS:", "SEQUENCE:", "DTSTAMP:", "LAST-MODIFIED:", "COMMENT;", "X-MASSAGE-INS-")
    return [line for line in stored.split("\r\n") if not line.startswith(ours)]


def test_all_calendars_are_found_where_none_is_named(
    server: CalendarServer, calendar: str, connect: Connect
) -> None:
    ref = server.put(calendar, "a1")
    connector = connect(server.url)
    assert ref in all_pages(connector.upcoming).refs
    other = server.make(f"other-than-{calendar}")
    assert fetched(connector, ref).own is True
    with pytest.raises(PlatformError, match="not looked at"):
        connect(server.url, hosts=(other,)).fetch(ref)


def test_the_address_may_be_the_calendars_own(
    server: CalendarServer, calendar: str, connect: Connect
) -> None:
    ref = server.put(calendar, "a1")
    connector = connect(f"{server.url}{server.home}{calendar}/")
    assert fetched(connector, ref).status == "accepted"


def test_a_calendar_that_is_not_there_is_named(
    server: CalendarServer, calendar: str, connect: Connect
) -> None:
    with pytest.raises(PlatformError, match="no calendar nobody; there are: "):
        connect(server.url, hosts=("nobody",)).changes(None, NOW)


def test_busy_times_are_kept_and_are_no_bookings(
    server: CalendarServer, calendar: str, connect: Connect
) -> None:
    entry = CalendarEntry(
        "busy-1@massage-ins-bridge", START, START + timedelta(hours=1), "Busy", "CONFIRMED"
    )
    connector = connect(server.url, hosts=(calendar,))
    read = all_pages(connector.changes)
    first = connector.put(entry)
    stored = server.get(f"{calendar}/busy-1@massage-ins-bridge.ics")
    assert "SUMMARY:Busy\r\n" in stored
    assert "TRANSP:OPAQUE\r\n" in stored
    assert connector.put(entry) == first
    assert server.get(f"{calendar}/busy-1@massage-ins-bridge.ics") == stored
    page = connector.changes(read.cursor, NOW)
    assert (page.items, page.unreadable) == ((), ())
    connector.remove(entry.uid)
    with pytest.raises(OSError, match="404"):
        server.get(f"{calendar}/busy-1@massage-ins-bridge.ics")


def test_somebody_elses_event_is_no_busy_time(
    server: CalendarServer, calendar: str, connect: Connect
) -> None:
    uid = "busy-2@massage-ins-bridge"
    server.put(calendar, uid, event(uid, title="Dentist"))
    connector = connect(server.url, hosts=(calendar,))
    entry = CalendarEntry(uid, START, START + timedelta(hours=1), "Busy", "CONFIRMED")
    for act in (lambda: connector.put(entry), lambda: connector.remove(uid)):
        with pytest.raises(PlatformError, match="not the bridge's"):
            act()
    assert "Dentist" in server.get(f"{calendar}/{uid}.ics")


def test_what_is_amiss_is_said(server: CalendarServer, calendar: str, connect: Connect) -> None:
    [there] = connect(server.url, hosts=(calendar,)).examine(None)
    assert calendar in there.message
    said = connect(server.url, options={"busy_calendar": "none"}, services={}).examine(None)
    assert [one.level for one in said] == ["note", "note", "bad", "note"]


def test_revoked_access_is_said_without_the_password(
    radicale: CalendarServer, connect: Connect
) -> None:
    connector = connect(radicale.url, api_key="another-password")
    with pytest.raises(PlatformError, match=r"name and password \(401\)") as caught:
        connector.changes(None, NOW)
    assert (caught.value.permanent, caught.value.status) == (True, 401)
    assert "another" not in str(caught.value)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"options": {"username": ""}}, "options.username: is missing"),
        ({"options": {"username": "a:b"}}, "options.username"),
        ({"options": {"calender": ["mira"]}}, "did you mean 'calendars'"),
        ({"options": {"calendars": "mira"}}, "options.calendars"),
        ({"options": {"floating_is_local": "yes"}}, "options.floating_is_local"),
        ({"options": {"own_addresses": [1]}}, "options.own_addresses"),
    ],
)
def test_a_setting_that_does_not_do_is_named(
    connect: Connect, changed: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        connect("https://dav.example", **changed)
