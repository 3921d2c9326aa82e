"""What is read of servers that leave out, cut short and forget."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from massage_ins_bridge.api.connectors import Gone, Page, PlatformBooking, PlatformError
from massage_ins_bridge.testing.bookings import NOW
from massage_ins_bridge.testing.calendar_servers import event
from massage_ins_bridge.testing.reading import all_pages
from massage_ins_bridge.testing.unpleasant_caldav import (
    HOME,
    UnpleasantCaldav,
    multistatus,
    response,
    tag,
)
from massage_ins_bridge_caldav.connector import CaldavConnector


def refs(page: Page) -> list[str]:
    return [one.ref for one in page.items]


def test_where_data_do_not_come_along_they_are_asked_for(
    server: UnpleasantCaldav, connector: CaldavConnector
) -> None:
    server.sends_data = False
    last = all_pages(connector.changes).last
    for name in ("a", "b"):
        server.put(f"{name}.ics", event(name))
    server.asked.clear()
    page = connector.changes(last.cursor, NOW)
    assert refs(page) == ["mira/a.ics", "mira/b.ics"]
    assert server.asked == ["sync-collection", "calendar-multiget"]


def test_an_answer_that_is_cut_is_gone_on_with(
    server: UnpleasantCaldav, connector: CaldavConnector
) -> None:
    last = all_pages(connector.changes).last
    for number in range(5):
        server.put(f"a{number}.ics", event(f"a{number}"))
    server.at_once = 2
    read = all_pages(connector.changes, last.cursor)
    assert read.refs == [f"mira/a{n}.ics" for n in range(5)]
    assert [page.more for page in read.pages] == [True, True, False]


@pytest.mark.parametrize("status", [403, 409, 412])
def test_a_stale_token_leads_to_a_look_at_everything_that_ends_nothing(
    server: UnpleasantCaldav, connector: CaldavConnector, status: int
) -> None:
    for name in ("a", "b"):
        server.put(f"{name}.ics", event(name))
    last = all_pages(connector.changes).last
    server.delete("a.ics")
    server.put("c.ics", event("c"))
    server.oldest = 10_000
    stale = httpx.Response(status, text='<error xmlns="DAV:"><valid-sync-token/></error>')
    server.before = lambda r: stale if b"sync-collection" in r.content else None
    read = all_pages(connector.changes, last.cursor)
    assert read.refs == ["mira/b.ics", "mira/c.ics"]
    assert {page.gone for page in read.pages} == {()}
    assert read.last.whole_since == NOW
    assert {page.whole_since for page in read.pages[:-1]} <= {None}


def test_a_cursor_that_is_not_ours_leads_to_a_look_at_everything(
    server: UnpleasantCaldav, connector: CaldavConnector
) -> None:
    server.put("a.ics", event("a"))
    for cursor in ("", "nonsense", "[]", '{"p":{"other":"t1"},"s":1}', '{"p":{"mira":"t0"}}'):
        read = all_pages(connector.changes, cursor)
        assert (read.refs, read.last.whole_since) == (["mira/a.ics"], NOW)


def test_everything_is_looked_at_again_after_four_weeks(
    server: UnpleasantCaldav, connector: CaldavConnector
) -> None:
    last = all_pages(connector.changes).last
    assert connector.changes(last.cursor, NOW + timedelta(days=27)).more is False
    assert connector.changes(last.cursor, NOW + timedelta(days=29)).more is True


@pytest.mark.parametrize("ctags", [True, False])
def test_without_sync_tokens_tags_are_compared(
    server: UnpleasantCaldav, connector: CaldavConnector, ctags: bool
) -> None:
    server.syncs, server.ctags = False, ctags
    for name in ("a", "b"):
        server.put(f"{name}.ics", event(name))
    read = all_pages(connector.changes)
    assert read.refs == ["mira/a.ics", "mira/b.ics"]
    server.asked.clear()
    last = connector.changes(read.cursor, NOW)
    assert (last.items, last.gone) == ((), ())
    assert server.asked == ["propfind"] if ctags else len(server.asked) <= 3
    server.put("b.ics", event("b", more="STATUS:TENTATIVE\n"))
    server.put("c.ics", event("c"))
    server.delete("a.ics")
    page = connector.changes(last.cursor, NOW)
    assert {(one.ref, one.status) for one in page.items} == {
        ("mira/b.ics", "pending"),
        ("mira/c.ics", "accepted"),
    }
    assert page.gone == ("mira/a.ics",)


def test_a_list_of_tags_that_lacks_an_event_ends_nothing(
    server: UnpleasantCaldav, connector: CaldavConnector
) -> None:
    """It is asked for by itself, and there it is."""
    server.syncs = False
    for name in ("a", "b"):
        server.put(f"{name}.ics", event(name))
    last = all_pages(connector.changes).last
    kept = dict(server.objects)
    server.changes.append("")
    listing = multistatus(response(f"{HOME}mira/b.ics", f"<getetag>{tag(kept['b.ics'])}</getetag>"))
    server.before = lambda r: (
        listing if r.headers.get("depth") == "1" and r.method == "PROPFIND" else None
    )
    page = connector.changes(last.cursor, NOW)
    assert (page.gone, refs(page)) == ((), ["mira/a.ics"])


def test_an_event_that_is_left_out_of_an_answer_is_not_gone(
    server: UnpleasantCaldav, connector: CaldavConnector
) -> None:
    server.put("a.ics", event("a"))
    server.before = lambda r: multistatus("") if b"multiget" in r.content else None
    with pytest.raises(PlatformError, match="leaves out"):
        connector.fetch("mira/a.ics")
    server.before = lambda r: httpx.Response(404, text="no") if b"multiget" in r.content else None
    with pytest.raises(PlatformError) as caught:
        connector.fetch("mira/a.ics")
    assert not caught.value.permanent
    server.before = lambda _r: None
    assert isinstance(connector.fetch("mira/a.ics"), PlatformBooking)
    server.delete("a.ics")
    assert connector.fetch("mira/a.ics") == Gone("mira/a.ics")


def test_an_event_that_is_no_booking_any_more_is_neither_gone_nor_one(
    server: UnpleasantCaldav, connector: CaldavConnector
) -> None:
    server.put("a.ics", event("a"))
    last = all_pages(connector.changes).last
    server.put("a.ics", event("a", title="Dentist", description="bring the card"))
    page = connector.changes(last.cursor, NOW)
    assert (page.items, page.gone, page.whole) == ((), (), ("mira/a.ics",))
    with pytest.raises(PlatformError, match="names no service"):
        connector.fetch("mira/a.ics")


def test_a_cursor_of_many_calendars_is_kept_short(
    server: UnpleasantCaldav, connector: CaldavConnector
) -> None:
    """And where it is known no more everything is looked at."""
    server.put("a.ics", event("a"))
    server.sync_prefix = "t" * 500
    read = all_pages(connector.changes)
    assert all(0 < len(page.cursor or "") <= 400 for page in read.pages)
    assert read.refs == ["mira/a.ics"]
    server.put("b.ics", event("b"))
    assert refs(connector.changes(read.cursor, NOW)) == ["mira/b.ics"]
    assert connector.changes("long:unknown", NOW).more is True
