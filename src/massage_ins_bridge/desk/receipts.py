"""Receipts: what staff did, and taking it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ..store.doubt_models import ReceiptRow
from ..store.record import Record
from . import settle_who
from .errors import ConflictError, NotFoundError
from .staff_words import must_say

#: How long an act can be undone.
LIMIT = timedelta(days=30)
Undo = Callable[[Record, ReceiptRow, dict[str, Any]], None]
#: By kind of act, how it is taken back.
UNDO: Mapping[str, Undo] = {
    settle_who.MERGED: settle_who.undo_merge,
    settle_who.NEW: settle_who.undo_new,
    settle_who.MOVED: settle_who.undo_move,
}


@dataclass(frozen=True, slots=True)
class Write:
    """What was written to a platform since an act, for a booking that it moved."""

    booking: str
    kind: str
    state: str
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """One act of staff. ``patient``: the client as they are now; ``other``: the client who was
    merged into them, or whose booking it was. ``name``: who did it; ``undone_by``: who took it
    back. ``can_undo``: whether that can still be done, as far as its time goes; ``written``: what
    the platform was told since."""

    id: str
    kind: str
    patient: str
    other: str | None
    booking: str | None
    bookings: tuple[str, ...]
    name: str | None
    at: datetime
    undone_at: datetime | None
    undone_by: str | None
    can_undo: bool
    written: tuple[Write, ...]


def receipt(record: Record, row: ReceiptRow) -> Receipt:
    """A receipt as the doors show it."""
    ids = tuple(booking_id for booking_id, _ in record.receipts.data(row).get("bookings", ()))
    writes, said = record.writes.of_bookings(ids), record.receipts.said(row)
    return Receipt(
        id=row.id,
        kind=row.kind,
        patient=row.patient_id,
        other=row.other_id,
        booking=row.booking_id,
        bookings=ids,
        name=said.name or None,
        at=row.created_at,
        undone_at=row.undone_at,
        undone_by=said.ended_by,
        can_undo=row.undone_at is None and record.now - row.created_at <= LIMIT,
        written=tuple(
            Write(w.subject, w.kind, w.state, w.done_at)
            for booking_id in ids
            for w in writes.get(booking_id, [])
            if w.done_at is not None and w.done_at >= row.created_at
        ),
    )


def receipt_row(record: Record, receipt_id: str) -> ReceiptRow:
    """Raises ``NotFoundError``."""
    row = record.receipts.get(receipt_id)
    if row is None:
        raise NotFoundError("receipt")
    return row


def undo(record: Record, receipt_id: str, by: str) -> ReceiptRow:
    """Take an act back, on the word of somebody (``by``); doing so twice changes nothing. Raises
    ``NotFoundError``, ``UnusableInputError``, and ``ConflictError`` where something contradicts it
    by now."""
    must_say("name", by)
    row = receipt_row(record, receipt_id)
    if row.undone_at is not None:
        return row
    if record.now - row.created_at > LIMIT:
        raise ConflictError(f"This was done more than {LIMIT.days} days ago.")
    UNDO[row.kind](record, row, record.receipts.data(row))
    record.receipts.undone(row, by)
    return row
