"""A visit that is reserved, as the client's bookings see it: like one of them that stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ..domain.declared import Vocabulary
from ..domain.facts import Upcoming
from ..domain.read_declared import stored_extra
from ..store.bookings import Details
from ..store.models import BookingRow
from ..store.record import Record
from ..store.reservation_models import ReservationRow
from ..store.visits import HERE, MASSAGE


@dataclass(frozen=True, slots=True)
class Reserved:
    """One of them."""

    row: ReservationRow
    upcoming: Upcoming

    def before(self, row: BookingRow) -> bool:
        """Whether it is to be shown to a booking, as ``client_file`` shows the others. One that is
        reserved for moving this very booking is not another one."""
        mine = self.row
        later = mine.start_at == row.start_at and mine.created_at > row.created_at
        moved = mine.previous_ref is not None and mine.previous_ref == row.ref
        return not later and not (moved and mine.account == row.account)


def opened(record: Record, rows: Iterable[ReservationRow]) -> tuple[Reserved, ...]:
    """They, with what the bookings would be."""
    details, words = record.reservations.details, record.vocabulary
    return tuple(
        Reserved(row, upcoming_of(row.start_at, None, details(row), words)) for row in rows
    )


def upcoming_of(
    start: datetime, end: datetime | None, details: Details, words: Vocabulary
) -> Upcoming:
    """A booking of this clinic as the client's others see it."""
    return Upcoming(
        start=start,
        end=end,
        payer=details.insurer,
        modality=MASSAGE,
        provider=HERE,
        claim_number=details.claim_number,
        prescription=details.prescription,
        episode=details.episode,
        extra=stored_extra(details.extra, "booking", words),
    )
