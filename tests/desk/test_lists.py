"""A list costs as many queries however long it is, and opens each sealed value once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from tests.desk.bridge import Bridge

from massage_ins_bridge.desk import lists
from massage_ins_bridge.desk.opened import Opened
from massage_ins_bridge.desk.overview import Pages, overview
from massage_ins_bridge.store.lists import BookingsWanted, TasksWanted, in_state, state_of
from massage_ins_bridge.store.models import BookingRow
from massage_ins_bridge.store.record import Record
from massage_ins_bridge.testing.bookings import START

Look = Callable[[Bridge, Record], Any]
LISTS: dict[str, Look] = {
    "bookings": lambda b, r: (
        lists.list_bookings(b.installation, r, BookingsWanted(), None, 100).bookings
    ),
    "tasks": lambda b, r: lists.list_tasks(r, TasksWanted(state="all"), None, 100).tasks,
    "clients": lambda b, r: lists.list_clients(r, None, 100).patients,
    "overview": lambda b, r: overview(b.installation, r, Opened(), Pages()).bookings,
}
#: The sealed values of one thing: a client's facts and contact, a booking's details, a text; on the
#: page a booking with its client and decision, and a task.
SEALED = {"bookings": 1, "tasks": 1, "clients": 2, "overview": 4}


@contextmanager
def counted(bridge: Bridge, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, int]]:
    found = {"queries": 0, "opened": 0}
    engine, vault = bridge.installation.store.engine, bridge.installation.store.vault
    usual = vault.open_bytes

    def asked(*_: Any) -> None:
        found["queries"] += 1

    def opened(box: bytes, place: str) -> bytes:
        found["opened"] += 1
        return usual(box, place)

    monkeypatch.setattr(vault, "open_bytes", opened)
    event.listen(engine, "after_cursor_execute", asked)
    yield found
    event.remove(engine, "after_cursor_execute", asked)
    monkeypatch.undo()


@pytest.mark.parametrize("name", LISTS)
def test_what_a_list_costs(bridge: Bridge, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    queries = []
    for number in (2, 9):
        for n in range(number):
            ref = f"b{number}-{n}"
            who = f"Ann {number}x{n}"
            bridge.take(ref, name=who, email=f"{ref}@example.com", status="accepted")
        with bridge.installation.read() as record, counted(bridge, monkeypatch) as found:
            shown = LISTS[name](bridge, record)
        queries.append(found["queries"])
    assert len(shown) == 11
    assert queries[0] == queries[1]
    assert found["opened"] <= len(shown) * SEALED[name]


def test_the_page_opens_only_what_is_new(bridge: Bridge, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(3):
        bridge.take(f"b{n}", name=f"Ann {n}x", email=f"b{n}@example.com")
    opened = Opened()
    with bridge.installation.read() as record:
        overview(bridge.installation, record, opened, Pages())
    bridge.take("b9", name="Zoe Park", email="b9@example.com")
    with bridge.installation.read() as record, counted(bridge, monkeypatch) as found:
        shown = overview(bridge.installation, record, opened, Pages())
    assert (len(shown.bookings), found["opened"]) == (4, 3)


def test_a_booking_is_found_by_the_state_that_is_shown(bridge: Bridge) -> None:
    for number, (outcome, status) in enumerate(
        (outcome, status)
        for outcome in ("allow", "hold", "block", None)
        for status in ("pending", "accepted", "cancelled", "completed", "no-show", "replaced")
    ):
        start = START + timedelta(days=number)
        row_id = bridge.take(f"b{number}", email=f"b{number}@example.com", start=start).id
        with bridge.installation.write() as record:
            row = record.session.get_one(BookingRow, row_id)
            row.outcome, row.platform_status = outcome, status
    with bridge.installation.read() as record:
        rows = record.session.query(BookingRow).all()
        for state in {state_of(row.outcome, row.platform_status) for row in rows}:
            found = record.session.query(BookingRow).filter(in_state(state)).all()
            assert {r.id for r in found} == {
                row.id for row in rows if state_of(row.outcome, row.platform_status) == state
            }
