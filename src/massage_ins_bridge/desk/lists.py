"""Lists of the record, a piece at a time. Where there is more, ``next`` is the cursor of the piece
that comes after it."""

from __future__ import annotations

import base64
import hashlib
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

_MARK_LENGTH = 16
_NOTHING = "asks for nothing; send email, phone, member_id or claim_number"


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
    """What a client is searched by; ``member_id`` and ``claim_number`` are of a coverage in
    their chart."""

    email: str | None = None
    phone: str | None = None
    member_id: str | None = None
    claim_number: str | None = None


def list_bookings(
    installation: Installation,
    record: Record,
    wanted: BookingsWanted,
    cursor: str | None,
    limit: int,
) -> Bookings:
    """Raises ``UnusableInputError`` for a cursor that no list of bookings gave, or that
    was given with other filters."""
    after = _read_cursor(cursor, wanted, (datetime, str))
    rows = lists.bookings(record, wanted, after, limit + 1)
    shown = rows[:limit]
    found = views.bookings(installation, record, shown)
    return Bookings(found, _cursor(rows, limit, wanted, lambda r: (r.start_at, r.id)))


def list_tasks(record: Record, wanted: TasksWanted, cursor: str | None, limit: int) -> Tasks:
    """Raises ``UnusableInputError`` for a cursor that no list of tasks gave, or that was
    given with other filters."""
    after = _read_cursor(cursor, wanted, (date, datetime, str))
    rows = lists.tasks(record, wanted, after, limit + 1)
    found = tuple(views.task(record, row) for row in rows[:limit])
    return Tasks(found, _cursor(rows, limit, wanted, lists.place_of_task))


def list_clients(record: Record, cursor: str | None, limit: int) -> Clients:
    """In no particular order. Raises ``UnusableInputError`` for a cursor that no such list gave."""
    (after,) = _read_cursor(cursor, None, (str,)) or ("",)
    rows = lists.clients(record, after, limit + 1)
    found = tuple(views.client(record, row) for row in rows[:limit])
    return Clients(found, _cursor(rows, limit, None, lambda r: (r.id,)))


def search_clients(record: Record, data: Any) -> Clients:
    """The clients for whom all that is given is true; a search for an empty value finds nobody.
    Raises ``UnusableInputError`` where nothing is given."""
    refuse_odd_characters(data, one_line=True)
    read(Search, data)
    given = {name: value for name, value in data.items() if value is not None}
    if not given:
        raise UnusableInputError([Problem("", _NOTHING)])
    kinds = {"email": "email", "phone": "phone", "member_id": "member", "claim_number": "claim"}
    found = set.intersection(*(record.clients.find(kinds[k], v) for k, v in given.items()))
    rows = lists.clients_of(record, sorted(found))
    return Clients(tuple(views.client(record, rows[key]) for key in sorted(rows)), None)


def _cursor(
    rows: Sequence[Any], limit: int, wanted: Any, place: Callable[[Any], tuple[Any, ...]]
) -> str | None:
    """Where the list goes on, if it does, and what list it is."""
    if len(rows) <= limit:
        return None
    parts = [p if isinstance(p, str) else p.isoformat() for p in place(rows[limit - 1])]
    text = json.dumps([_mark(wanted), *parts])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(cursor: str | None, wanted: Any, kinds: tuple[type, ...]) -> Any:
    if cursor is None:
        return None
    said = "is none that this list gave; leave it out to begin, or send `next` as it was given"
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        mark, *parts = json.loads(base64.b64decode(padded, b"-_", validate=True))
        if mark == _mark(wanted):
            return tuple(_part(kind, part) for kind, part in zip(kinds, parts, strict=True))
        if isinstance(mark, str) and len(mark) == _MARK_LENGTH:
            said = "goes with other filters; send those that it was given with, or leave it out"
    except (ValueError, TypeError, RecursionError):
        pass
    raise UnusableInputError([Problem("cursor", said)])


def _mark(wanted: Any) -> str:
    """Which list it is: the filters, in no more room than a cursor has."""
    return hashlib.sha256(repr(wanted).encode()).hexdigest()[:_MARK_LENGTH]


def _part(kind: type, part: Any) -> Any:
    if not isinstance(part, str) or not part.isprintable():
        raise ValueError(kind)
    if kind is str:
        return part
    found: date = kind.fromisoformat(part)  # type: ignore[attr-defined]
    if isinstance(found, datetime) and found.tzinfo is None:
        raise ValueError(kind)
    return found
