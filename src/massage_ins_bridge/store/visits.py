"""Completed visits: one row each, from whatever door it became known.

A visit that staff writes down and a booking that is marked completed are the same massage where
they are of one client, this clinic and the same day: the row then names the booking. Each row
takes one booking, so that no massage is counted twice and none is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select

from ..domain.facts import Provider, Visit
from ..domain.reading import read
from .bookings import LIVE, Details
from .facts import read_fact
from .models import BookingRow, VisitRow
from .scope import Scope
from .types import new_id

HERE: Provider = "this-clinic"
MASSAGE = "massage"
#: A visit is sealed as a fact: until the third release it was one.
_DATA = "facts.data"
_OF_CLIENT = (
    select(VisitRow)
    .where(
        VisitRow.clinic == bindparam("clinic"),
        VisitRow.patient_id == bindparam("patient_id"),
        VisitRow.removed_at.is_(None),
    )
    .order_by(VisitRow.created_at, VisitRow.id)
)
STAFF, BOOKING = "staff", "booking"


class Visits:
    """The visits of one clinic's clients, within one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._session = scope.session

    def list(self, patient_id: str) -> list[VisitRow]:
        """A client's visits in the order in which they became known."""
        wanted = {"clinic": self._scope.clinic, "patient_id": patient_id}
        return list(self._session.scalars(_OF_CLIENT, wanted))

    def get(self, patient_id: str, visit_id: str) -> VisitRow | None:
        row = self._session.get(VisitRow, visit_id)
        if row is None or row.removed_at is not None or row.clinic != self._scope.clinic:
            return None
        return row if row.patient_id == patient_id else None

    def file(
        self, patient_id: str, data: dict[str, Any], bookings: Sequence[BookingRow]
    ) -> VisitRow:
        """A visit that staff writes down. One that is known from a completed booking of its day
        takes these words. Raises ``UnusableInputError``."""
        visit: Visit = read_fact("visit", data)
        row = self._unfiled(patient_id, visit)
        if row is None:
            row = self._add(patient_id, STAFF)
        row.filed_by = STAFF
        self._put(row, visit, data)
        self.link(self.list(patient_id), bookings)
        return row

    def replace(self, row: VisitRow, data: dict[str, Any], bookings: Sequence[BookingRow]) -> None:
        """The visit with other contents. Raises ``UnusableInputError``."""
        visit: Visit = read_fact("visit", data)
        row.filed_by = STAFF
        self._put(row, visit, data)
        self.link(self.list(row.patient_id), bookings)

    def remove(self, row: VisitRow, booking: BookingRow | None, details: Details | None) -> None:
        """Take back what staff wrote down. Where the visit is a booking's that was completed, what
        the booking says of it stays."""
        if booking is not None and details is not None and booking.platform_status == "completed":
            row.filed_by = BOOKING
            data = self.of_booking(booking, details)
            self._put(row, read(Visit, data), data)
        else:
            self._take_out(row)

    def complete(self, booking: BookingRow, details: Details) -> VisitRow:
        """A booking was completed: its visit, made unless it is there."""
        rows = self.list(booking.patient_id)
        day = self._scope.day(booking.start_at)
        for row in rows:
            if row.booking_id == booking.id:
                return row
        filed = (r for r in rows if r.booking_id is None and r.filed_by == STAFF)
        row = next((r for r in filed if _takes(r, day, self)), None) or self._made(booking, details)
        row.booking_id = booking.id
        self._session.flush()
        return row

    def uncomplete(self, booking: BookingRow) -> None:
        """A booking counts as completed no longer. What staff wrote down stays."""
        for row in self.list(booking.patient_id):
            if row.booking_id == booking.id:
                row.booking_id = None
                if row.filed_by == BOOKING:
                    self._take_out(row)
        self._session.flush()

    def link(self, rows: Iterable[VisitRow], bookings: Iterable[BookingRow]) -> None:
        """Let each visit that staff wrote down stand for one booking of its day that has begun and
        has none, so that it is not counted beside it."""
        taken = {r.booking_id for r in rows if r.booking_id is not None}
        begun = [
            b for b in bookings if b.start_at <= self._scope.now and b.id not in taken and _can(b)
        ]
        for row in rows:
            if row.booking_id is None and row.filed_by == STAFF:
                of_day = [b for b in begun if _takes(row, self._scope.day(b.start_at), self)]
                if of_day:
                    row.booking_id = of_day[0].id
                    begun.remove(of_day[0])

    def data(self, row: VisitRow) -> dict[str, Any]:
        """The visit in the contract's shape."""
        assert row.data_sealed is not None, "filled in when the database was brought on"
        value: dict[str, Any] = self._scope.vault.open_json(
            row.data_sealed, self._scope.place(_DATA)
        )
        return value

    def of_booking(self, row: BookingRow, details: Details) -> dict[str, Any]:
        """A completed booking as a visit."""
        found = {
            "on": self._scope.day(row.start_at).isoformat(),
            "payer": details.insurer,
            "modality": MASSAGE,
            "provider": HERE,
            "claim_number": details.claim_number,
        }
        return {name: value for name, value in found.items() if value is not None}

    def fill(self, row: VisitRow, data: dict[str, Any]) -> None:
        """Write what a visit is into a row that a migration made."""
        self._put(row, read(Visit, data), data)

    def _made(self, booking: BookingRow, details: Details) -> VisitRow:
        row = self._add(booking.patient_id, BOOKING)
        data = self.of_booking(booking, details)
        self._put(row, read(Visit, data), data)
        return row

    def _add(self, patient_id: str, filed_by: str) -> VisitRow:
        row = VisitRow(
            id=new_id("vis"),
            clinic=self._scope.clinic,
            patient_id=patient_id,
            filed_by=filed_by,
            created_at=self._scope.now,
            updated_at=self._scope.now,
        )
        self._session.add(row)
        return row

    def _put(self, row: VisitRow, visit: Visit, data: dict[str, Any]) -> None:
        row.day = visit.on
        row.data_sealed = self._scope.vault.seal_json(data, self._scope.place(_DATA))
        row.updated_at = self._scope.now
        self._session.flush()

    def _take_out(self, row: VisitRow) -> None:
        row.booking_id = None
        row.removed_at = row.updated_at = self._scope.now
        self._session.flush()

    def _unfiled(self, patient_id: str, visit: Visit) -> VisitRow | None:
        """The visit of a booking completed on that day, as long as staff wrote none down."""
        if visit.on is None or visit.provider not in (None, HERE):
            return None
        known = (r for r in self.list(patient_id) if r.filed_by == BOOKING and r.day == visit.on)
        return next(known, None)


def _can(booking: BookingRow) -> bool:
    """Whether a booking's time may have been a visit: not one that was called off or missed."""
    return booking.platform_status in (*LIVE, "completed")


def _takes(row: VisitRow, day: date | None, visits: Visits) -> bool:
    """Whether a visit that staff wrote down is one of this clinic's on that day."""
    return day is not None and row.day == day and visits.data(row).get("provider") in (None, HERE)
