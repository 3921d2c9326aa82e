"""Overrides: a person's word that a booking may stand, or may not. It outranks the rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from ..domain.reading import Problem, UnusableInputError, read
from ..store.bookings import LIVE
from ..store.models import BookingRow
from ..store.record import Record
from ..store.words import Said
from .after_refusal import comes_back
from .errors import ConflictError
from .installation import Installation
from .odd_characters import refuse_odd_characters
from .staff_words import OVERRIDES, must_say, open_words
from .visits import locked_booking


@dataclass(frozen=True, slots=True)
class OverrideSent:
    """``outcome``: ``allow`` lets the booking stand, ``block`` refuses it. ``name``: who says so.
    ``until``: when it ends by itself; else it holds for the visit."""

    outcome: Literal["allow", "block"]
    reason: str
    name: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class TakenBack:
    """``name``: who takes it back."""

    name: str


def override(
    record: Record, booking_id: str, data: Any, installation: Installation | None = None
) -> BookingRow:
    """Let a booking stand, or refuse it, whatever the rules say; an earlier override is over. What
    the rules say is still decided, and shown beside. With the ``installation``, one that the bridge
    refused may stand again where its platform can bring it back.

    Raises ``NotFoundError``, ``UnusableInputError``, and ``ConflictError`` for a booking that does
    not stand on its platform, or has begun.
    """
    refuse_odd_characters(data, one_line=True)
    sent = read(OverrideSent, data)
    must_say("reason", sent.reason)
    must_say("name", sent.name)
    if sent.until is not None and sent.until <= record.now:
        raise UnusableInputError([Problem("until", "lies before now; leave it out for the visit")])
    row = locked_booking(record, booking_id)
    back = installation is not None and comes_back(installation, record, row)
    if row.platform_status not in LIVE and not (sent.outcome == "allow" and back):
        raise ConflictError(
            f"This booking is {row.platform_status} on the platform: it cannot be overridden. "
            "The client can book again."
        )
    if row.start_at <= record.now:
        raise ConflictError("This booking has begun; say how it ended instead.")
    for word in record.words.of_bookings([row.id]).get(row.id, []):
        if word.kind in OVERRIDES:
            record.words.end(word, sent.name)
    record.words.add(row.id, sent.outcome, Said(sent.name, sent.reason), sent.until)
    if sent.outcome == "allow" and row.platform_status == "accepted":
        row.accepted_by = "person"  # from now on it is a person who lets it stand
    record.wake(row.patient_id, "override")
    return row


def take_back(record: Record, booking_id: str, data: Any) -> BookingRow:
    """End an override: the rules count again.

    Raises ``NotFoundError``, ``UnusableInputError``, and ``ConflictError`` where there is none.
    """
    refuse_odd_characters(data, one_line=True)
    name = read(TakenBack, data).name
    must_say("name", name)
    row = locked_booking(record, booking_id)
    words = record.words.of_bookings([row.id]).get(row.id, [])
    found = [word for word in open_words(words, record.now) if word.kind in OVERRIDES]
    if not found:
        raise ConflictError("This booking has no override.")
    for word in found:
        record.words.end(word, name)
    record.wake(row.patient_id, "override-taken-back")
    return row
