"""What is somebody's own: a therapist's bookings and the clients of these; everybody else's is
all of it."""

from __future__ import annotations

from ..store.acts import About
from ..store.models import BookingRow, PatientRow
from ..store.record import Record
from . import chart
from .errors import NotFoundError
from .roles import Person
from .visits import locked_booking


def is_own(person: Person, practitioner: str | None) -> bool:
    """Whether a booking with ``practitioner`` is theirs. A therapist of whom nobody said which
    practitioner they are has none, also not those of nobody."""
    if not person.own_only:
        return True
    return person.practitioner is not None and practitioner == person.practitioner


def seen_booking(record: Record, person: Person, booking_id: str) -> BookingRow:
    """The booking, to be shown; a therapist's own ones alone. Raises ``NotFoundError``."""
    row = record.bookings.get(booking_id)
    if row is None or not is_own(person, record.bookings.details(row).practitioner):
        raise NotFoundError("booking")
    return row


def own_booking(record: Record, person: Person, booking_id: str) -> BookingRow:
    """The booking, locked; a therapist's own ones alone. Raises ``NotFoundError``."""
    row = locked_booking(record, booking_id)
    if not is_own(person, record.bookings.details(row).practitioner):
        raise NotFoundError("booking")
    return row


def own_client(record: Record, person: Person, patient_id: str) -> PatientRow:
    """The client; a therapist's are those of their own bookings. Raises ``NotFoundError``."""
    row = chart.client_row(record, patient_id)
    if person.own_only and not any(
        is_own(person, record.bookings.details(booking).practitioner)
        for booking in record.bookings.of_client(patient_id)
    ):
        raise NotFoundError("client")
    return row


def must_be_own(record: Record, person: Person, about: About) -> None:
    """Raises ``NotFoundError`` where a booking or a client is not somebody's own; nor is, for a
    therapist, what is about nobody."""
    if not person.own_only:
        return
    if about.booking_id is not None:
        own_booking(record, person, about.booking_id)
    elif about.patient_id is not None:
        own_client(record, person, about.patient_id)
    else:
        raise NotFoundError("act")
