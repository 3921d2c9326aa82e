"""How a visit ended, as staff says it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from ..store.bookings import DONE, LIVE
from ..store.models import BookingRow
from ..store.tasks import Tasks
from ..workflows.deciding import complete_visit
from ..workflows.service import Service
from .problems import ProblemError

Ending = Literal["completed", "no-show"]
_ABOUT_CLOSING = ("visit-not-closed", "hold-begun")
_AFTER_VISIT = frozenset({"after-visit", "after-visit-failed"})
_WHY = {
    "cancelled": "was cancelled on the platform",
    "rejected": "was rejected on the platform",
    "replaced": "was moved to another time; close the booking that took its place (replaced_by)",
}


def close(
    session: Session,
    service: Service,
    clinic: str,
    row: BookingRow,
    ending: Ending,
    now: datetime,
) -> bool:
    """Close a booking, or correct how it was closed; whether that changed anything.

    The row is locked by the caller. 409 where a booking does not stand, or has not begun.
    """
    if row.platform_status == ending:
        return False
    if row.platform_status not in (*LIVE, *DONE):
        why = _WHY.get(row.platform_status, f"is {row.platform_status}")
        raise ProblemError(409, f"This booking {why}. It cannot be marked {ending}.")
    if row.start_at > now:
        raise ProblemError(409, "This booking has not begun yet.")
    row.platform_status, row.updated_at = ending, now
    tasks = Tasks(session, service.store.vault, clinic)
    if ending == "completed":
        complete_visit(session, service, row, now)
    else:
        for task in tasks.list(limit=1000, booking_id=row.id):
            if task.kind in _AFTER_VISIT:
                tasks.done(task, now)
    for kind in _ABOUT_CLOSING:
        tasks.close(kind, row.id, now)
    return True
