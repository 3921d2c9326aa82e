"""Errors, web pages, mazes and too much: little is believed, nothing ended, nobody flooded."""

from __future__ import annotations

import httpx
import pytest

from massage_ins_bridge.api.connectors import PlatformError, PlatformRefusedError
from massage_ins_bridge.testing.bookings import NOW
from massage_ins_bridge.testing.calendar_servers import event
from massage_ins_bridge.testing.reading import all_pages
from massage_ins_bridge.testing.unpleasant_caldav import UnpleasantCaldav
from massage_ins_bridge_caldav.connector import CaldavConnector

LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
    + "".join(f'<!ENTITY lol{n + 1} "{f"&lol{n or str()};" * 10}">' for n in range(9))
    + ']><multistatus xmlns="DAV:"><response><href>&lol9;</href></response></multistatus>'
)
EXTERNAL = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "secret.txt">]>'
    '<multistatus xmlns="DAV:"><response><href>&e;</href></response></multistatus>'
)
DEEP = '<multistatus xmlns="DAV:">' + "<a>" * 5000
WIDE = '<multistatus xmlns="DAV:">' + "<a/>" * 500_000


@pytest.mark.parametrize(
    ("status", "text", "said"),
    [
        (207, LAUGHS, "document type"),
        (207, EXTERNAL, "document type"),
        (207, DEEP, "without end"),
        (207, WIDE, "without end"),
        (207, "<multistatus", "no XML"),
        (207, "", "no XML"),
        (207, "<html><body>sign in</body></html>", "another kind"),
        (200, "<!doctype html><html>sign in</html>", "web page"),
        (200, "", "something else"),
        (302, "", "302"),
        (401, "", "401"),
        (403, "", "403"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_what_is_no_calendar_marks_the_account_and_ends_nothing(
    server: UnpleasantCaldav, connector: CaldavConnector, status: int, text: str, said: str
) -> None:
    server.put("a.ics", event("a"))
    last = all_pages(connector.changes).last
    server.before = lambda _r: httpx.Response(status, text=text)
    for ask in (lambda: connector.changes(last.cursor, NOW), lambda: connector.fetch("mira/a.ics")):
        with pytest.raises(PlatformError, match=said) as caught:
            ask()
        assert caught.value.permanent
        assert "secret" not in str(caught.value)
    server.before = lambda _r: None
    assert connector.changes(last.cursor, NOW).items == ()


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_may_pass_is_asked_again_and_marks_nothing(
    server: UnpleasantCaldav, connector: CaldavConnector, status: int
) -> None:
    last = all_pages(connector.changes).last
    server.before = lambda _r: httpx.Response(status, text="<html>busy</html>")
    server.asked.clear()
    with pytest.raises(PlatformError) as caught:
        connector.changes(last.cursor, NOW)
    assert (caught.value.permanent, len(server.asked)) == (False, 4)


def test_a_pause_that_is_asked_for_is_kept(
    server: UnpleasantCaldav, connector: CaldavConnector
) -> None:
    last = all_pages(connector.changes).last
    server.before = lambda _r: httpx.Response(429, headers={"retry-after": "60"})
    server.asked.clear()
    for _ in range(3):
        with pytest.raises(PlatformError) as caught:
            connector.changes(last.cursor, NOW)
        assert (caught.value.retry_after or 0) > 50
    assert len(server.asked) == 1


def test_too_much_at_once_is_asked_for_in_pieces(
    server: UnpleasantCaldav, connector: CaldavConnector
) -> None:
    for number in range(40):
        server.put(f"a{number}.ics", event(f"a{number}", days=number % 20))

    def refuse(request: httpx.Request) -> httpx.Response | None:
        body = request.content.decode()
        if "calendar-query" not in body:
            return None
        inside = [n for n in server.objects if server.begins_in(n, body)]
        return httpx.Response(507) if len(inside) > 7 else None

    server.before = refuse
    assert sorted(all_pages(connector.changes).refs) == sorted(f"mira/a{n}.ics" for n in range(40))


def test_an_answer_that_is_too_large_with_data_is_asked_for_without(
    server: UnpleasantCaldav, connector: CaldavConnector
) -> None:
    last = all_pages(connector.changes).last
    server.put("a.ics", event("a"))
    large = httpx.Response(207, content=b"x", headers={"content-length": str(10**9)})
    server.before = lambda r: (
        large if b"sync-collection" in r.content and b"calendar-data" in r.content else None
    )
    assert all_pages(connector.changes, last.cursor).refs == ["mira/a.ics"]


def test_another_server_gets_no_password_unless_it_is_named(
    server: UnpleasantCaldav, connector: CaldavConnector
) -> None:
    """iCloud and others lead from one address to another."""
    heard: list[httpx.Request] = []

    def lead(request: httpx.Request) -> httpx.Response | None:
        heard.append(request)
        if request.url.host == "dav.example":
            return httpx.Response(301, headers={"location": "https://elsewhere.example/dav/"})
        return httpx.Response(401)

    server.before = lead
    with pytest.raises(PlatformRefusedError, match=r"allowed_hosts = \[.elsewhere.example.\]"):
        connector.changes(None, NOW)
    assert [one.url.host for one in heard] == ["dav.example", "elsewhere.example"]
    assert ["authorization" in one.headers for one in heard] == [True, False]
