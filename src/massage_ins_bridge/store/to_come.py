"""The bookings to come of one account, of which there may be many: only the columns that are asked
for, in two queries."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, select

from .bookings import LIVE
from .models import BookingRow, WordRow
from .scope import Scope


class StandingCells(NamedTuple):
    """One booking that is to come, and stands on its platform."""

    id: str
    patient_id: str
    start_at: datetime
    platform_status: str
    outcome: str | None
    accepted_by: str | None
    recurring: bool
    details_sealed: bytes


def standing_bookings(
    scope: Scope, account: str, *, stood: bool
) -> list[tuple[StandingCells, list[WordRow]]]:
    """Those of an account, by start, each with all that staff ever said of it, the oldest first;
    where ``stood`` is true only those that were there before the account began to enforce."""
    asked = _asked(scope, account, stood=stood)
    words: dict[str, list[WordRow]] = {}
    said = select(WordRow).join(BookingRow, BookingRow.id == WordRow.booking_id).where(asked)
    for word in scope.session.scalars(said.order_by(WordRow.created_at, WordRow.id)):
        words.setdefault(word.booking_id, []).append(word)
    columns = (getattr(BookingRow, name) for name in StandingCells._fields)
    query = select(*columns).where(asked).order_by(BookingRow.start_at, BookingRow.id)
    found = (StandingCells(*row) for row in scope.session.execute(query).all())
    return [(cells, words.get(cells.id, [])) for cells in found]


def _asked(scope: Scope, account: str, *, stood: bool) -> ColumnElement[bool]:
    found = and_(
        BookingRow.clinic == scope.clinic,
        BookingRow.account == account,
        BookingRow.platform_status.in_(LIVE),
        BookingRow.start_at > scope.now,
    )
    return and_(found, BookingRow.stood) if stood else found
