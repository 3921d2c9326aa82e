"""What the overview is made of: only the columns that it needs, one query for each table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, func, select

from .lists import state_of
from .models import BookingRow, DecisionRow, PatientRow, WriteRow
from .scope import Scope
from .writes import PLATFORM

# Made once: making a statement costs as much as running it.
_IDS: BindParameter[list[str]] = bindparam("ids", expanding=True)
_NUMBERED = (DecisionRow.booking_id, DecisionRow.number, DecisionRow.id)
_LAST_DECISIONS = select(*_NUMBERED).where(DecisionRow.booking_id.in_(_IDS)).order_by(*_NUMBERED)
_SEALED_DECISIONS = select(DecisionRow.id, DecisionRow.decision_sealed).where(
    DecisionRow.id.in_(_IDS)
)
_SEALED_CLIENTS = select(PatientRow.id, PatientRow.facts_sealed).where(PatientRow.id.in_(_IDS))


class BookingCells(NamedTuple):
    """One booking of the page."""

    id: str
    patient_id: str
    start_at: datetime
    outcome: str | None
    platform_status: str
    details_sealed: bytes


class WriteCells(NamedTuple):
    """One write of a booking of the page."""

    subject: str
    kind: str
    state: str
    reached: str | None


@dataclass(frozen=True, slots=True)
class Span:
    """Bookings from a time on, before another where that is given."""

    start: datetime
    end: datetime | None = None

    def holds(self, clinic: str) -> ColumnElement[bool]:
        first = and_(BookingRow.clinic == clinic, BookingRow.start_at >= self.start)
        return first if self.end is None else and_(first, BookingRow.start_at < self.end)


def bookings(
    scope: Scope, span: Span, limit: int, offset: int, *, latest_first: bool = False
) -> list[BookingCells]:
    """A page of the bookings of a span, by start."""
    start = BookingRow.start_at.desc() if latest_first else BookingRow.start_at
    columns = (getattr(BookingRow, name) for name in BookingCells._fields)
    query = select(*columns).where(span.holds(scope.clinic)).order_by(start, BookingRow.id)
    return [
        BookingCells(*row) for row in scope.session.execute(query.limit(limit).offset(offset)).all()
    ]


def states(scope: Scope, span: Span) -> Counter[str]:
    """By state in plain words, how many bookings a span holds."""
    kinds = (BookingRow.outcome, BookingRow.platform_status)
    query = select(*kinds, func.count()).where(span.holds(scope.clinic)).group_by(*kinds)
    found: Counter[str] = Counter()
    for outcome, status, number in scope.session.execute(query).all():
        found[state_of(outcome, status)] += number
    return found


def last_decisions(scope: Scope, booking_ids: Sequence[str]) -> dict[str, str]:
    """By booking, the id of its last decision."""
    if not booking_ids:
        return {}
    found = scope.session.execute(_LAST_DECISIONS, {"ids": list(booking_ids)}).all()
    return {row[0]: row[2] for row in found}


def sealed_decisions(scope: Scope, decision_ids: Sequence[str]) -> dict[str, bytes]:
    """By id, decisions as they are sealed."""
    return _pairs(scope, _SEALED_DECISIONS, decision_ids)


def sealed_clients(scope: Scope, patient_ids: Sequence[str]) -> dict[str, bytes]:
    """By id, clients' facts as they are sealed."""
    return _pairs(scope, _SEALED_CLIENTS, patient_ids)


def all_sealed_clients(scope: Scope) -> dict[str, bytes]:
    """The same of all clients of the clinic who were not merged into another."""
    query = select(PatientRow.id, PatientRow.facts_sealed).where(
        PatientRow.clinic == scope.clinic, PatientRow.merged_into.is_(None)
    )
    return {row[0]: row[1] for row in scope.session.execute(query).all()}


def writes(scope: Scope, booking_ids: Sequence[str]) -> dict[str, list[WriteCells]]:
    """By booking, its writes in the order in which they were last wanted."""
    columns = (getattr(WriteRow, name) for name in WriteCells._fields)
    query = select(*columns).where(WriteRow.channel == PLATFORM, WriteRow.subject.in_(booking_ids))
    found: dict[str, list[WriteCells]] = {}
    for row in scope.session.execute(
        query.order_by(WriteRow.subject, WriteRow.wanted_at, WriteRow.number)
    ).all():
        found.setdefault(row[0], []).append(WriteCells(*row))
    return found


def _pairs(scope: Scope, query: Select[str, bytes], ids: Sequence[str]) -> dict[str, bytes]:
    found = scope.session.execute(query, {"ids": list(ids)}).all() if ids else ()
    return {row[0]: row[1] for row in found}
