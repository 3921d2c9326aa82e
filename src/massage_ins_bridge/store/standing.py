"""Which bookings take a place among a client's visits, and whose time has come.

What the rules block takes none while it can still be refused. Where it is still on the platform
when its time comes (a person accepted it, or the platform did), nobody refuses it any more: it
counts as any other, until staff says what became of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import and_, exists, or_, select

from .bookings import LIVE
from .models import BookingRow, WriteRow
from .scope import Scope
from .writes import PLATFORM

_ALLOWED = ("allow", "hold")
_REFUSAL = and_(  # as in ``_refuses``
    WriteRow.subject == BookingRow.id,
    WriteRow.channel == PLATFORM,
    WriteRow.kind == "block",
    WriteRow.revision == BookingRow.revision,
    or_(
        WriteRow.state == "queued",
        and_(WriteRow.state == "waiting", WriteRow.due_at < BookingRow.start_at),
    ),
)


def stands(row: BookingRow, writes: Iterable[WriteRow], at: datetime) -> bool:
    """Whether a booking takes a place at that time; ``writes`` are its own. One that is not decided
    takes none."""
    outcome = row.outcome
    if outcome is None or row.platform_status not in LIVE:
        return False
    if outcome in _ALLOWED:
        return True
    return row.start_at <= at and not any(_refuses(write, row) for write in writes)


def overdue(scope: Scope) -> list[BookingRow]:
    """Standing bookings that a deadline has passed for since they were decided, and those whose
    time has come without staff having been told."""
    now, row = scope.now, BookingRow
    allowed = row.outcome.in_(_ALLOWED)
    stands_now = or_(allowed, and_(row.outcome == "block", ~exists().where(_REFUSAL)))
    return list(
        scope.session.scalars(
            select(row).where(
                row.clinic == scope.clinic,
                row.platform_status.in_(LIVE),
                or_(
                    and_(allowed, row.next_due < scope.today, row.start_at > now),
                    and_(stands_now, row.start_at <= now, row.begun_told.is_(False)),
                ),
            )
        )
    )


def _refuses(write: WriteRow, row: BookingRow) -> bool:
    """Whether the booking is being refused, or will be before its time."""
    if (write.kind, write.revision) != ("block", row.revision):
        return False
    in_time = write.due_at is not None and write.due_at < row.start_at
    return write.state == "queued" or (write.state == "waiting" and in_time)
