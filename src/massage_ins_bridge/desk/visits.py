"""Visits: how a booking ended, and what is owed once it was one."""

from __future__ import annotations

from typing import Literal

from ..store.bookings import DONE, LIVE
from ..store.models import BookingRow
from ..store.record import Record
from .by_hand import by_hand
from .client_file import load_client
from .errors import ConflictError, NotFoundError
from .installation import Installation
from .owed.bring import bring_tasks
from .tasks import settle

#: ``open`` takes an ending back; ``cancelled`` is for bookings that no platform knows.
Ending = Literal["completed", "no-show", "cancelled", "open"]
_WHY = {
    "cancelled": "was cancelled on the platform",
    "rejected": "was rejected on the platform",
    "replaced": "was moved to another time; close the booking that took its place (replaced_by)",
}


def close_booking(
    installation: Installation, record: Record, booking_id: str, ending: Ending
) -> BookingRow:
    """Say how a booking ended, correct it, or take it back (``open``): what it owed as it was said
    before is owed no longer. Saying the same again changes nothing.

    Raises ``NotFoundError``, and ``ConflictError`` for a booking that does not stand or has not
    begun, and for a platform's booking that is to be cancelled.
    """
    row = locked_booking(record, booking_id)
    wanted = _wanted_status(row, ending)
    if row.platform_status == wanted:
        return row
    _refuse_ending(record, row, ending)
    before, row.updated_at = row.platform_status, record.now
    row.platform_status = wanted
    if before in LIVE:
        row.stood_as = before
    if ending == "open":
        row.begun_told, row.called_off_at = False, None
    elif ending == "cancelled":
        row.called_off_at = record.now
    if wanted == "completed":
        complete_visit(record, row)
    elif before == "completed":
        record.visits.uncomplete(row)
    if wanted not in LIVE:
        settle(record, row)
    bring_client_up_to_date(installation, record, row.patient_id)
    record.wake(row.patient_id, f"booking-{ending}")
    return row


def arrive(record: Record, booking_id: str, *, here: bool = True) -> bool:
    """Say that the client of a booking is here, or take it back (``here``: not); whether anything
    is changed by it. Raises ``NotFoundError``, and ``ConflictError`` for one that stands no more.
    """
    row = locked_booking(record, booking_id)
    if here and row.platform_status not in LIVE:
        raise ConflictError(f"This booking is {row.platform_status}. Nobody can arrive for it.")
    if here == (row.arrived_at is not None):
        return False
    row.arrived_at = record.now if here else None
    return True


def _wanted_status(row: BookingRow, ending: Ending) -> str:
    if ending != "open":
        return ending
    return row.platform_status if row.platform_status in LIVE else row.stood_as or "accepted"


def _refuse_ending(record: Record, row: BookingRow, ending: Ending) -> None:
    """Raises ``ConflictError`` where a booking cannot end so."""
    status = row.platform_status
    own = by_hand(row) and status == "cancelled"  # what staff called off they may take back
    if status not in (*LIVE, *DONE) and not (own and ending == "open"):
        why = _WHY.get(status, f"is {status}")
        if status == "cancelled" and by_hand(row):
            why = "was cancelled"
        raise ConflictError(f"This booking {why}. It cannot be marked {ending}.")
    if ending == "cancelled":
        if not by_hand(row):
            raise ConflictError("Cancel this booking on its platform; the bridge will see it.")
    elif ending != "open" and row.start_at > record.now:
        raise ConflictError("This booking has not begun yet.")


def locked_booking(record: Record, booking_id: str) -> BookingRow:
    """The booking as it is now that nobody else changes it. Raises ``NotFoundError``."""
    row = record.bookings.get(booking_id)
    if row is None:
        raise NotFoundError("booking")
    record.clients.get(row.patient_id, lock=True)
    record.session.refresh(row)
    return row


def complete_visit(record: Record, row: BookingRow) -> None:
    """Record the visit. What it owes follows from the client's file (``desk.owed``)."""
    record.visits.complete(row, record.bookings.details(row))


def bring_client_up_to_date(installation: Installation, record: Record, patient_id: str) -> None:
    """Bring the client's tasks to what is owed by now; nothing is decided."""
    file = load_client(record, patient_id, lock=True)
    assert file is not None, "the caller has the client"
    bring_tasks(installation, record, file)
