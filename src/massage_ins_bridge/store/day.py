"""The bookings of a span of days, with what is kept about them, one query for each table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BindParameter, bindparam, select

from .models import BookingRow, WriteRow
from .scope import Scope
from .task_models import TaskRow
from .writes import PLATFORM

# Made once: making a statement costs as much as running it.
_CLINIC: BindParameter[str] = bindparam("clinic")
_SINCE: BindParameter[datetime] = bindparam("since")
_START: BindParameter[datetime] = bindparam("start")
_END: BindParameter[datetime] = bindparam("end")
_IDS: BindParameter[list[str]] = bindparam("ids", expanding=True)
_THERE = (BookingRow.clinic == _CLINIC, BookingRow.platform_status != "replaced")
_BY_START = (BookingRow.start_at, BookingRow.id)
_STARTING = (
    select(BookingRow)
    .where(*_THERE, BookingRow.start_at >= _START, BookingRow.start_at < _END)
    .order_by(*_BY_START)
)
_CAME_IN = (
    select(BookingRow)
    .where(*_THERE, BookingRow.created_at >= _SINCE, BookingRow.start_at >= _START)
    .order_by(*_BY_START)
    .limit(bindparam("limit"))
)
# Asked for those of the clinic, or in an order, SQLite goes through all that it has.
_OF_IDS = select(BookingRow).where(BookingRow.id.in_(_IDS))
_MOVED_FROM = select(BookingRow.replaced_by, BookingRow.start_at).where(
    BookingRow.clinic == _CLINIC, BookingRow.replaced_by.in_(_IDS)
)
_WRITES = (
    select(WriteRow)
    .where(WriteRow.channel == PLATFORM, WriteRow.subject.in_(_IDS))
    .order_by(WriteRow.subject, WriteRow.wanted_at, WriteRow.number)
)
_OPEN_KINDS = select(TaskRow.booking_id, TaskRow.kind).where(
    TaskRow.clinic == _CLINIC, TaskRow.booking_id.in_(_IDS), TaskRow.done_at.is_(None)
)


def starting(
    scope: Scope, start: datetime, end: datetime, limit: int | None = None
) -> list[BookingRow]:
    """Those that start in the span, by start, without those that were moved away."""
    query = _STARTING if limit is None else _STARTING.limit(limit)
    asked = {"clinic": scope.clinic, "start": start, "end": end}
    return list(scope.session.scalars(query, asked))


def came_in(scope: Scope, since: datetime, for_days_from: datetime, limit: int) -> list[BookingRow]:
    """Those that became known since, for later days, by start."""
    asked = {"clinic": scope.clinic, "since": since, "start": for_days_from, "limit": limit}
    return list(scope.session.scalars(_CAME_IN, asked))


def of_ids(scope: Scope, ids: Sequence[str]) -> list[BookingRow]:
    """Those of this clinic, by start."""
    if not ids:
        return []
    rows = scope.session.scalars(_OF_IDS, {"ids": list(ids)})
    found = [row for row in rows if row.clinic == scope.clinic]
    return sorted(found, key=lambda row: (row.start_at, row.id))


def moved_from(scope: Scope, ids: Sequence[str]) -> dict[str, datetime]:
    """By booking, the time from which it was moved."""
    if not ids:
        return {}
    asked = {"clinic": scope.clinic, "ids": list(ids)}
    return {str(row[0]): row[1] for row in scope.session.execute(_MOVED_FROM, asked).all()}


def platform_writes(scope: Scope, ids: Sequence[str]) -> dict[str, list[WriteRow]]:
    """By booking, its writes to the platform, in the order in which they were last wanted."""
    found: dict[str, list[WriteRow]] = {}
    for row in scope.session.scalars(_WRITES, {"ids": list(ids)}) if ids else ():
        found.setdefault(row.subject, []).append(row)
    return found


def open_kinds(scope: Scope, ids: Sequence[str]) -> dict[str, set[str]]:
    """By booking, the kinds of its open tasks."""
    found: dict[str, set[str]] = {}
    asked = {"clinic": scope.clinic, "ids": list(ids)}
    for booking, kind in scope.session.execute(_OPEN_KINDS, asked).all() if ids else ():
        found.setdefault(str(booking), set()).add(kind)
    return found
