"""What reports are made of: only the columns that they need, one query for each table."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, FromClause, and_, case, exists, func, select
from sqlalchemy.orm import aliased

from .models import BookingRow, DecisionRow, FactRow, WordRow, WriteRow
from .overview import Span
from .scope import Scope
from .writes import PLATFORM

#: A refusal that the bridge carried out, not one that it left to staff.
_REFUSED = (
    WriteRow.channel == PLATFORM,
    WriteRow.kind == "block",
    WriteRow.state == "done",
    WriteRow.reached == "native",
)


class VisitCells(NamedTuple):
    """A booking that was once kept back. ``outcome``: what counts now, a person's word included.
    ``first``: the decision that first kept it back, and when; ``in_order_at``: since when the rules
    let it stand for good, null where they do not."""

    id: str
    start_at: datetime
    platform_status: str
    outcome: str | None
    details_sealed: bytes
    first: str
    first_at: datetime
    in_order_at: datetime | None


def kept_back(scope: Scope, span: Span) -> list[VisitCells]:
    """The bookings of a span that the rules once held or refused, by start; of one that was moved
    the last alone."""
    booking, every = BookingRow.__table__, DecisionRow.__table__
    kept = case((every.c.outcome.in_(("hold", "block")), every.c.number))
    turns = (
        select(
            every.c.booking_id,
            func.min(kept).label("first"),
            func.max(kept).label("last"),
        )
        .join(booking, booking.c.id == every.c.booking_id)
        .where(span.holds(scope.clinic), BookingRow.platform_status != "replaced")
        .group_by(every.c.booking_id)
        .having(func.min(kept).is_not(None))
        .subquery()
    )
    first, since = every.alias(), every.alias()
    query = (
        select(
            *(booking.c[name] for name in VisitCells._fields[:5]),
            first.c.id,
            first.c.decided_at,
            since.c.decided_at,
        )
        .join(turns, turns.c.booking_id == booking.c.id)
        .join(first, _is(first, booking, turns.c.first))
        .outerjoin(since, _is(since, booking, turns.c.last + 1))
        .order_by(booking.c.start_at)
    )
    return [VisitCells._make(row) for row in scope.session.execute(query).all()]


def refused(scope: Scope, span: Span) -> frozenset[str]:
    """Those of the span's bookings that the bridge refused or cancelled on their platform."""
    query = (
        select(WriteRow.subject)
        .join(BookingRow, BookingRow.id == WriteRow.subject)
        .where(
            span.holds(scope.clinic),
            *_REFUSED,
        )
    )
    return frozenset(scope.session.scalars(query))


def authorizations(scope: Scope, since: datetime) -> list[FactRow]:
    """Those of all clients that were filed or changed since a time."""
    query = select(FactRow).where(
        FactRow.clinic == scope.clinic,
        FactRow.kind == "authorization",
        FactRow.updated_at >= since,
        FactRow.removed_at.is_(None),
    )
    return list(scope.session.scalars(query.order_by(FactRow.created_at, FactRow.id)))


def words(scope: Scope, span: Span) -> Counter[str]:
    """By kind, what staff said in a span. What went with a booking that was moved is not said
    again."""
    former, before = aliased(BookingRow), aliased(WordRow)
    carried = exists().where(
        former.replaced_by == WordRow.booking_id,
        before.booking_id == former.id,
        before.kind == WordRow.kind,
    )
    query = (
        select(WordRow.kind, func.count())
        .where(WordRow.clinic == scope.clinic, _within(WordRow.created_at, span), ~carried)
        .group_by(WordRow.kind)
    )
    return Counter({str(row[0]): int(row[1]) for row in scope.session.execute(query).all()})


def refusals(scope: Scope, span: Span) -> int:
    """How many bookings were refused on their platforms in a span."""
    query = select(func.count()).where(
        WriteRow.clinic == scope.clinic,
        *_REFUSED,
        _within(WriteRow.done_at, span),
    )
    return scope.session.scalar(query) or 0


def _is(one: FromClause, booking: FromClause, number: ColumnElement[int]) -> ColumnElement[bool]:
    """A booking's decision of a number."""
    return and_(one.c.booking_id == booking.c.id, one.c.number == number)


def _within(column: object, span: Span) -> ColumnElement[bool]:
    moment: ColumnElement[datetime] = column  # type: ignore[assignment]
    after = moment >= span.start
    return after if span.end is None else and_(after, moment < span.end)
