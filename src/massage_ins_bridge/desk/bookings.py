"""What staff may change of a booking."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from ..domain.extra import EXTRA, NO_EXTRA, Extra
from ..domain.known import what_is_known
from ..domain.reading import Problem, UnusableInputError, read
from ..domain.vocabulary import Injury, Place
from ..store.bookings import LIVE, SAID
from ..store.models import BookingRow
from ..store.record import Record
from .book import move
from .by_hand import by_hand
from .errors import ConflictError, NotFoundError
from .installation import Installation
from .odd_characters import refuse_odd_characters
from .tags import Tags, must_match
from .views import whole_booking
from .visits import locked_booking

_CHOSEN = ("payer", "self_pay")


@dataclass(frozen=True, slots=True)
class Change:
    """Who is billed, or that nobody is; where it is (``place``), the id of the ``prescription`` it
    is booked on, the clinic's label of the course of treatment (``episode``), what the care is
    for (``injury``), and the fields that plugins declare (``extra``, whole); of a booking that no
    platform knows also its time, service and practitioner. A new start without an end keeps how
    long it takes."""

    payer: str | None = None
    self_pay: bool | None = None
    place: Place | None = None
    prescription: str | None = None
    episode: str | None = None
    injury: Injury | None = None
    extra: Extra = field(default=NO_EXTRA, metadata={EXTRA: "booking"})
    start: datetime | None = None
    end: datetime | None = None
    service: str | None = None
    practitioner: str | None = None


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


def change_booking(record: Record, booking_id: str, data: Any) -> BookingRow:
    """Say who is billed, where the client chose another coverage or self-pay, what only staff knows
    of it, and move or change what no platform knows. The client's bookings are decided again; one
    that was refused stays so. ``None`` takes a word away; from a choice of who is billed on, the
    platform's word changes neither. Nothing given changes nothing.

    Raises ``NotFoundError``, ``UnusableInputError``, and ``ConflictError`` where the platform, or
    how the booking ended, does not let it be changed.
    """
    refuse_odd_characters(data, one_line=True)
    change = read(Change, data, words=record.vocabulary)
    if data.get("payer") is not None and change.payer is None:
        raise UnusableInputError([Problem("payer", "is empty; name the payer, or send null")])
    row = locked_booking(record, booking_id)
    if not data:
        return row
    own = [name for name in data if name not in (*_CHOSEN, *SAID, "extra")]
    if own:
        _refuse_change(row, own)
    known = record.bookings.details(row)
    given = {name: getattr(change, name) for name in data if name in _CHOSEN}
    named = [name for name in data if name not in (*_CHOSEN, "extra", "start", "end")]
    said = {name: getattr(change, name) for name in named}
    chosen: dict[str, Any] = {"billed": None, "by_staff": True} if given else {}
    if "extra" in data:
        said["extra"] = what_is_known(data["extra"]) or {}
    details = replace(known, **given, **said, **chosen)
    record.bookings.put_details(row, details)
    record.visits.follow(row, details)
    if "start" in data or "end" in data:
        _move(record, row, change, data)
    record.wake(row.patient_id, "booking-changed")
    return row


def _refuse_change(row: BookingRow, names: list[str]) -> None:
    if not by_hand(row):
        said = " and ".join(names)
        raise ConflictError(f"Change its {said} on the platform; the bridge will see it.")
    if row.platform_status not in LIVE:
        raise ConflictError(f"This booking is {row.platform_status}. Take that back first.")


def _move(record: Record, row: BookingRow, change: Change, data: Any) -> None:
    if "start" in data and change.start is None:
        raise UnusableInputError([Problem("start", "is empty; a booking has a time")])
    start = change.start or row.start_at
    end = change.end
    if "end" not in data and row.end_at is not None:
        end = start + (row.end_at - row.start_at)
    move(record, row, start, end)
