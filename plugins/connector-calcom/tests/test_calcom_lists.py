"""Lists of bookings: page by page, and none is left out."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from massage_ins_bridge.api.connectors import (
    AccountConfig,
    PlatformClient,
    PlatformError,
)
from massage_ins_bridge.testing.reading import all_pages
from massage_ins_bridge_calcom import lists
from massage_ins_bridge_calcom.connector import CalcomConnector

if TYPE_CHECKING:
    from conftest import Answered, Calcom

ROW: dict[str, Any] = {"uid": "abc", "status": "accepted", "attendees": [{"name": "Ada Test"}]}
ROW |= {"start": "2026-12-08T18:00:00.000Z", "updatedAt": "2026-11-22T19:00:00.000Z"}
both = pytest.mark.parametrize("ask", ["changes", "upcoming"])


@both
def test_one_unreadable_booking_does_not_hide_the_others(
    answered: Answered, caplog: pytest.LogCaptureFixture, now: datetime, ask: str
) -> None:
    rows = [{**ROW, "uid": "one"}, {**ROW, "start": "?"}, {**ROW, "uid": "two"}]
    page = getattr(answered({"data": rows}), ask)(None, now)
    assert ([booking.ref for booking in page.items], page.more) == (["one", "two"], False)
    assert page.unreadable == ("abc",)
    assert "start" in caplog.text
    assert "Ada" not in caplog.text


@both
@pytest.mark.parametrize("status", [403, 503])
def test_a_key_that_cannot_be_asked_about_makes_no_booking_unreadable(
    now: datetime, ask: str, status: int
) -> None:
    """The list was not read: nothing of it counts as seen, and staff is not asked of each row."""

    def answer(request: httpx.Request) -> httpx.Response:
        own = request.url.path == "/v2/me"
        rows = [{**ROW, "hosts": [{"id": 5}]}]
        return httpx.Response(status) if own else httpx.Response(200, json={"data": rows})

    transport = httpx.MockTransport(answer)
    base = "https://api.cal.example"
    with PlatformClient(base, transport=transport, sleep=lambda _: None) as client:
        connector = CalcomConnector(AccountConfig("front-desk", base, "key", "secret"), client)
        with pytest.raises(PlatformError) as caught:
            getattr(connector, ask)(None, now)
    assert caught.value.status == status


@both
def test_a_list_without_data_or_without_end(
    answered: Answered, monkeypatch: pytest.MonkeyPatch, now: datetime, ask: str
) -> None:
    """It ends also where each page holds the same bookings."""
    with pytest.raises(PlatformError):
        getattr(answered({"status": "success"}), ask)(None, now)
    monkeypatch.setattr(lists, "MOST_AT_ONCE", 1_000)
    connector = answered({"data": [ROW] * 100})
    with pytest.raises(PlatformError, match="more than"):
        all_pages(getattr(connector, ask), None, now)


@pytest.mark.parametrize(
    ("cursor", "after"),
    [
        (None, "2026-11-20T18:00:00.000Z"),
        ("soon", "2026-11-20T18:00:00.000Z"),
        ("2026-11-22T17:00:00.500Z", "2026-11-22T17:00:00.500Z"),
        ("2026-11-22T09:00:00.5-08:00", "2026-11-22T17:00:00.500Z"),
    ],
)
def test_the_next_look_begins_before_the_newest_change(
    now: datetime, cursor: str | None, after: str
) -> None:
    """By the platform's clock; where nothing changed it begins where this one did."""
    asked: list[str] = []
    rows: list[dict[str, Any]] = [ROW]

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.params["afterUpdatedAt"])
        return httpx.Response(200, json={"data": rows})

    transport = httpx.MockTransport(answer)
    with PlatformClient("https://api.cal.example", transport=transport) as client:
        assert lists.changed(client, cursor, now).cursor == "2026-11-22T18:45:00.000Z"
        rows.clear()
        assert lists.changed(client, cursor, now).cursor == after
    assert asked == [after] * 2


def test_changes_come_page_by_page_and_none_is_left_out(
    simulator: Calcom, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    monkeypatch.setattr(lists, "PAGE", 2)
    connector = simulator.connector()
    uids = [simulator.book() for _ in range(5)]
    first = connector.changes(all_pages(connector.changes, None, now).cursor, now)
    connector.confirm(uids[0], "k")  # it moves to the end while the list is read
    rest = all_pages(connector.changes, first.cursor, now).items
    assert {b.ref for b in (*first.items, *rest)} >= set(uids)
    assert (rest[-1].ref, rest[-1].status) == (uids[0], "accepted")
    assert connector.changes("2100-01-01T00:00:00.000Z", now).items == ()


def test_what_is_upcoming_comes_page_by_page(
    simulator: Calcom, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    """Several bookings of one time are more than a page holds; what has ended is left out."""
    monkeypatch.setattr(lists, "PAGE", 2)
    connector = simulator.connector()
    uids = [simulator.settled() for _ in range(5)]
    past = simulator.book(start="2026-11-01T10:00:00-08:00")
    connector.reject(uids[0], "r", "k")
    read = all_pages(connector.upcoming, None, now)
    assert not read.cursor
    assert set(uids[1:]) <= set(read.refs)
    assert not {uids[0], past} & set(read.refs)
    assert [b.start for b in read.items] == sorted(b.start for b in read.items)
