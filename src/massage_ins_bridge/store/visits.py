"""Completed visits: one row each, from whatever door it became known.

A visit that staff writes down and a booking that is marked completed are the same massage where
they are of one client, this clinic and the same day: the row then names the booking. Each row
takes one booking, so that no massage is counted twice and none is lost. Staff, client and platform
speak in any order; ``arrange`` brings the rows to what all of them have said by now.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..domain.facts import Visit
from ..domain.vocabulary import Provider
from .bookings import DETAILS, LIVE, Details, read_details
from .facts import read_fact
from .models import BookingRow, VisitRow
from .scope import Scope, of_clients
from .types import new_id

HERE: Provider = "this-clinic"
MASSAGE = "massage"
#: A visit is sealed as a fact: until the third release it was one.
_DATA = "facts.data"
_OF_CLIENTS = (
    of_clients(VisitRow)
    .where(VisitRow.removed_at.is_(None))
    .order_by(VisitRow.created_at, VisitRow.id)
)
STAFF, BOOKING = "staff", "booking"
#: All bookings of one client, and visits.
Booked = Sequence[BookingRow]
Rows = list[VisitRow]


class Visits:
    """The visits of one clinic's clients, within one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._session = scope.session

    def list(self, patient_id: str) -> Rows:
        """A client's visits in the order in which they became known."""
        return self.of_clients([patient_id])[patient_id]

    def of_clients(self, patient_ids: Sequence[str]) -> dict[str, Rows]:
        """The same of several clients."""
        return self._scope.by_client(_OF_CLIENTS, patient_ids)

    def get(self, patient_id: str, visit_id: str) -> VisitRow | None:
        row = self._session.get(VisitRow, visit_id)
        if row is None or row.removed_at is not None or row.clinic != self._scope.clinic:
            return None
        return row if row.patient_id == patient_id else None

    def file(self, patient_id: str, data: dict[str, Any], bookings: Booked) -> VisitRow:
        """A visit that staff writes down. One that is known from a completed booking of its day
        takes these words. Raises ``UnusableInputError``."""
        visit: Visit = read_fact("visit", data, self._scope.vocabulary)
        row = self._unfiled(patient_id, visit)
        if row is None:
            row = self._add(patient_id, STAFF)
        row.filed_by = STAFF
        self._put(row, visit, data)
        self.arrange(self.list(patient_id), bookings)
        return row

    def replace(self, row: VisitRow, data: dict[str, Any], bookings: Booked) -> None:
        """The visit with other contents. One of another day is another visit than the booking's
        that it was taken for. Raises ``UnusableInputError``."""
        visit: Visit = read_fact("visit", data, self._scope.vocabulary.for_stored)
        booked = next((b for b in bookings if b.id == row.booking_id), None)
        taken = booked is not None and row.filed_by == STAFF and self._takes(row, booked)
        row.filed_by = STAFF
        self._put(row, visit, data)
        if booked is not None and taken and not self._takes(row, booked):
            row.booking_id = None
            self._flush()
        self.arrange(self.list(row.patient_id), bookings)

    def remove(self, row: VisitRow, booking: BookingRow | None, details: Details | None) -> None:
        """Take back what staff wrote down. Where the visit is a booking's that was completed, what
        the booking says of it stays."""
        if booking is not None and details is not None and booking.platform_status == "completed":
            row.filed_by = BOOKING
            data = self.of_booking(booking, details)
            self._put(row, self._read(data), data)
        else:
            self._take_out(row)

    def complete(self, booking: BookingRow, details: Details) -> VisitRow:
        """A booking was completed: its visit, made unless it is there."""
        rows = self.list(booking.patient_id)
        for row in rows:
            if row.booking_id == booking.id:
                return row
        filed = (r for r in rows if r.booking_id is None and r.filed_by == STAFF)
        known = next((r for r in filed if self._takes(r, booking)), None)
        row = known or self._made(booking, details)
        row.booking_id = booking.id
        self._flush()
        return row

    def follow(self, booking: BookingRow, details: Details) -> None:
        """Staff says something else of a completed booking: so does its visit, unless staff wrote
        that down itself. Who was billed stays as long as nobody else is named."""
        for row in self.list(booking.patient_id):
            if row.booking_id == booking.id and row.filed_by == BOOKING:
                data = self.of_booking(booking, details)
                if not details.self_pay and (payer := self.data(row).get("payer")):
                    data.setdefault("payer", payer)
                self._put(row, self._read(data), data)

    def uncomplete(self, booking: BookingRow) -> None:
        """A booking counts as completed no longer. What staff wrote down stays."""
        for row in self.list(booking.patient_id):
            if row.booking_id == booking.id:
                self._let_go(row)

    def arrange(self, rows: Rows, bookings: Booked) -> Rows:
        """Which of a client's visits (``rows``) is which of their ``bookings``, by all that is
        known now; the visits that there are then. In a reading transaction it is worked out and
        not kept."""
        self._part(rows, {b.id: b for b in bookings})
        rows = [r for r in rows if r.removed_at is None]
        done = [b for b in bookings if b.platform_status == "completed"]
        begun = [b for b in bookings if b.platform_status in LIVE and b.start_at <= self._scope.now]
        for booking in (*done, *begun):
            self._pair(rows, booking)
        return [r for r in rows if r.removed_at is None]

    def _part(self, rows: Rows, bookings: dict[str, BookingRow]) -> None:
        """Part visits from bookings that were called off, missed, or moved to another time."""
        for row in rows:
            booked = bookings.get(row.booking_id or "")
            if booked is None or booked.platform_status == "completed":
                continue
            begun = booked.platform_status in LIVE and booked.start_at <= self._scope.now
            if not (begun and row.filed_by == STAFF and self._takes(row, booked)):
                self._let_go(row)

    def _pair(self, rows: Rows, booking: BookingRow) -> None:
        """Let a visit that staff wrote down stand for the booking. One that was completed has a
        visit in any case, by its own word where there is no other."""
        own = next((r for r in rows if r.booking_id == booking.id), None)
        if own is not None and own.filed_by == STAFF:
            return
        free = (r for r in rows if r.booking_id is None and r.filed_by == STAFF)
        staffs = next((r for r in free if self._takes(r, booking)), None)
        if staffs is not None:
            if own is not None:
                self._take_out(own)
            staffs.booking_id = booking.id
            self._flush()
        elif own is None and booking.platform_status == "completed":
            rows.append(self._made(booking, self._details(booking)))

    def _let_go(self, row: VisitRow) -> None:
        row.booking_id = None
        if row.filed_by == BOOKING:
            self._take_out(row)
        self._flush()

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
            "prescription": details.prescription,
            "episode": details.episode,
        }
        return {name: value for name, value in found.items() if value is not None}

    def fill(self, row: VisitRow, data: dict[str, Any]) -> None:
        """Write what a visit is into a row that a migration made."""
        self._put(row, self._read(data), data)

    def _made(self, booking: BookingRow, details: Details) -> VisitRow:
        row = self._add(booking.patient_id, BOOKING)
        row.booking_id = booking.id
        data = self.of_booking(booking, details)
        self._put(row, self._read(data), data)
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

    def _read(self, data: dict[str, Any]) -> Visit:
        """A visit as it is stored already: what nobody declares any longer stays."""
        visit: Visit = read_fact("visit", data, self._scope.vocabulary.for_stored)
        return visit

    def _put(self, row: VisitRow, visit: Visit, data: dict[str, Any]) -> None:
        row.day = visit.on
        row.data_sealed = self._scope.vault.seal_json(data, self._scope.place(_DATA))
        row.updated_at = self._scope.now
        self._flush()

    def _take_out(self, row: VisitRow) -> None:
        row.booking_id = None
        row.removed_at = row.updated_at = self._scope.now
        self._flush()

    def _unfiled(self, patient_id: str, visit: Visit) -> VisitRow | None:
        """The visit of a booking completed on that day, as long as staff wrote none down."""
        if visit.on is None or visit.provider not in (None, HERE):
            return None
        known = (r for r in self.list(patient_id) if r.filed_by == BOOKING and r.day == visit.on)
        return next(known, None)

    def _takes(self, row: VisitRow, booking: BookingRow) -> bool:
        """Whether a visit is one of this clinic's on the booking's day."""
        if row.day is None or row.day != self._scope.day(booking.start_at):
            return False
        return self.data(row).get("provider") in (None, HERE)

    def _details(self, booking: BookingRow) -> Details:
        place = self._scope.place(DETAILS)
        return read_details(self._scope.vault.open_json(booking.details_sealed, place))

    def _flush(self) -> None:
        """What is worked out while reading is not written."""
        if self._session.autoflush:
            self._session.flush()
