"""Lists of the record, a piece at a time. Where there is more, ``next`` is the cursor of the piece
that comes after it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ..domain.reading import Problem, UnusableInputError, read
from ..store import lists
from ..store.lists import BookingsWanted, TasksWanted
from ..store.record import Record
from . import views
from .installation import Installation
from .odd_characters import refuse_odd_characters


@dataclass(frozen=True, slots=True)
class Bookings:
    """Bookings by start."""

    bookings: tuple[views.Booking, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Tasks:
    """Tasks: what is due first, then what has no day, the oldest before the others."""

    tasks: tuple[views.Task, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Clients:
    """Clients in the contract's shape, with their ids and how they are reached."""

    patients: tuple[dict[str, Any], ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Search:
    """What a client is searched by; ``member_id`` is one of a coverage in their chart."""

    email: str | None = None
    phone: str | None = None
    member_id: str | None = None


def list_bookings(
    installation: Installation,
    record: Record,
    wanted: BookingsWanted,
    cursor: str | None,
    limit: int,
) -> Bookings:
    """Raises ``UnusableInputError`` for a cursor that no list of bookings gave."""
    after = _read_cursor(cursor, (datetime, str))
    rows = lists.bookings(record, wanted, after, limit + 1)
    shown = rows[:limit]
    found = views.bookings(installation, record, shown)
    return Bookings(found, _cursor(rows, limit, lambda r: (r.start_at, r.id)))


def list_tasks(record: Record, wanted: TasksWanted, cursor: str | None, limit: int) -> Tasks:
    """Raises ``UnusableInputError`` for a cursor that no list of tasks gave."""
    after = _read_cursor(cursor, (date, datetime, str))
    rows = lists.tasks(record, wanted, after, limit + 1)
    found = tuple(views.task(record, row) for row in rows[:limit])
    return Tasks(found, _cursor(rows, limit, lists.place_of_task))


def list_clients(record: Record, cursor: str | None, limit: int) -> Clients:
    """In no particular order. Raises ``UnusableInputError`` for a cursor that no such list gave."""
    (after,) = _read_cursor(cursor, (str,)) or ("",)
    rows = lists.clients(record, after, limit + 1)
    found = tuple(views.client(record, row) for row in rows[:limit])
    return Clients(found, _cursor(rows, limit, lambda r: (r.id,)))


def search_clients(record: Record, data: Any) -> Clients:
    """The clients for whom all that is given is true; a search for an empty value finds nobody.
    Raises ``UnusableInputError`` where nothing is given."""
    refuse_odd_characters(data, one_line=True)
    read(Search, data)
    given = {name: value for name, value in data.items() if value is not None}
    if not given:
        raise UnusableInputError([Problem("", "asks for nothing; send email, phone or member_id")])
    kinds = {"email": "email", "phone": "phone", "member_id": "member"}
    found = set.intersection(*(record.clients.find(kinds[k], v) for k, v in given.items()))
    rows = lists.clients_of(record, sorted(found))
    return Clients(tuple(views.client(record, rows[key]) for key in sorted(rows)), None)


def _cursor(rows: Sequence[Any], limit: int, place: Callable[[Any], tuple[Any, ...]]) -> str | None:
    """Where the list goes on, if it does."""
    if len(rows) <= limit:
        return None
    parts = [p if isinstance(p, str) else p.isoformat() for p in place(rows[limit - 1])]
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def _read_cursor(cursor: str | None, kinds: tuple[type, ...]) -> Any:
    if cursor is None:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        parts = json.loads(base64.b64decode(padded, b"-_", validate=True))
        return tuple(_part(kind, part) for kind, part in zip(kinds, parts, strict=True))
    except (ValueError, TypeError, RecursionError):
        said = "is none that this list gave; leave it out to begin, or send `next` as it was given"
        raise UnusableInputError([Problem("cursor", said)]) from None


def _part(kind: type, part: Any) -> Any:
    if not isinstance(part, str) or not part.isprintable():
        raise ValueError(kind)
    if kind is str:
        return part
    found: date = kind.fromisoformat(part)  # type: ignore[attr-defined]
    if isinstance(found, datetime) and found.tzinfo is None:
        raise ValueError(kind)
    return found
