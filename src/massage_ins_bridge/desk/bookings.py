"""What staff may change of a booking."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ..domain.reading import Problem, UnusableInputError, read
from ..store.models import BookingRow
from ..store.record import Record
from .errors import NotFoundError
from .installation import Installation
from .odd_characters import refuse_odd_characters
from .views import Tags, must_match, whole_booking
from .visits import locked_booking


@dataclass(frozen=True, slots=True)
class Choice:
    """Who is billed, or that nobody is."""

    payer: str | None = None
    self_pay: bool | None = None


def booking_row(record: Record, booking_id: str) -> BookingRow:
    """Raises ``NotFoundError``."""
    row = record.bookings.get(booking_id)
    if row is None:
        raise NotFoundError("booking")
    return row


def must_be_as_seen(
    installation: Installation, record: Record, booking_id: str, tags: Tags
) -> None:
    """Raises ``NotFoundError``, and ``PreconditionError`` where the booking is not as ``tags``
    say. Until the commit nobody else changes it."""
    if tags is not None:
        row = locked_booking(record, booking_id)
        must_match(tags, whole_booking(installation, record, row))


def choose_payer(record: Record, booking_id: str, data: Any) -> BookingRow:
    """Say who is billed, where the client chose another coverage or self-pay. The booking is
    decided again; a blocked one stays blocked. ``None`` takes a choice away; from then on the
    platform's word changes neither. Nothing given changes nothing.

    Raises ``NotFoundError`` and ``UnusableInputError``.
    """
    refuse_odd_characters(data, one_line=True)
    choice = read(Choice, data)
    if data.get("payer") is not None and choice.payer is None:
        raise UnusableInputError([Problem("payer", "is empty; name the payer, or send null")])
    row = locked_booking(record, booking_id)
    if data:
        given = {name: getattr(choice, name) for name in data}
        known = record.bookings.details(row)
        details = replace(known, **given, billed=None, by_staff=True)
        record.bookings.put_details(row, details)
        record.wake(row.patient_id, "booking-changed")
    return row
