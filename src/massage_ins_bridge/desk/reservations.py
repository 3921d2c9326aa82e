"""Visits that are reserved for bookings to come: how they bear on the client's other bookings, and
how they end.

A reservation counts as a booking that stands for as long as it lives. It may come to nothing, so
nobody is refused for it: what would be refused for it alone is held until it is over.
"""

from __future__ import annotations

from datetime import timedelta

from ..domain.answers import Decision
from ..gate.settle import unsure
from ..store.models import BookingRow
from ..store.record import Record
from ..store.reservation_models import ReservationRow
from .client_file import ClientFile, Held
from .errors import NotFoundError
from .held_back import holding
from .installation import Installation

#: The form answer in which a platform repeats the id of a reservation.
RESERVATION = "reservation"
#: What woke a client whose booking was held for a reservation.
OVER = "reservation-over"
#: For how long a question is known by its key.
KEPT = timedelta(days=1)
CONTESTED = unsure(
    "core.reserved",
    "CP-RESERVED",
    "The visit that this booking would take is reserved for a booking that is being made just now.",
    "Nothing needs to be done: it is decided again once that booking is made, or in minutes.",
    "nobody is refused for what may come to nothing",
)


def weighed(
    installation: Installation, record: Record, file: ClientFile, held: Held, decision: Decision
) -> Decision:
    """A decision that was made beside reservations, as far as it may be acted upon."""
    if not file.reserved or decision.outcome == "allow":
        return decision
    for reserved in file.reserved:
        reserved.row.awaited = True
    if decision.outcome != "block":
        return decision
    chart = file.unreserved.chart(record, installation.settings.clinic_facts, held)
    without = installation.host.decide(chart)
    return without if without.outcome == "block" else holding(decision, CONTESTED)


def bind(record: Record, booking: BookingRow, reservation: str | None) -> None:
    """The booking that a visit was reserved for is there: from now on it counts itself."""
    for row in record.reservations.meant(booking, reservation):
        row.booking_id = booking.id
        if row.patient_id not in (None, booking.patient_id):
            end(record, row)


def give_back(record: Record, reservation_id: str) -> None:
    """The platform does not make the booking after all; saying so twice is saying it once. Raises
    ``NotFoundError``."""
    row = record.reservations.get(reservation_id)
    if row is None:
        raise NotFoundError("reservation")
    if row.booking_id is None and row.given_back_at is None:
        row.given_back_at = record.now
        end(record, row)


def end_reservations(installation: Installation) -> None:
    """Have decided again what waited for reservations that are over."""
    with installation.read() as record:
        if not record.reservations.over():
            return
    with installation.write() as record:
        for row in record.reservations.over():
            end(record, row)


def end(record: Record, row: ReservationRow) -> None:
    """Wake the client whose booking waited for a reservation, once."""
    if row.awaited and row.patient_id is not None:
        record.wake(row.patient_id, OVER)
    row.awaited = False


def forget_questions(installation: Installation) -> None:
    """Forget what was asked longer ago than anybody asks again."""
    with installation.write() as record:
        record.reservations.forget(record.now - KEPT)
