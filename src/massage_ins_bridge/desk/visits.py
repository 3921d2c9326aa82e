"""Visits: how a booking ended, and what is owed once it was one."""

from __future__ import annotations

from typing import Literal

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ..domain.describe import describe
from ..store.bookings import DONE, LIVE
from ..store.models import BookingRow
from ..store.record import Record
from .client_file import load_client
from .errors import ConflictError, NotFoundError
from .installation import Installation
from .tasks import ABOUT_VISIT, TaskKind, ask

log = structlog.get_logger(__name__)
Ending = Literal["completed", "no-show"]
_ABOUT_CLOSING = (TaskKind.VISIT_NOT_CLOSED, TaskKind.HOLD_BEGUN)
_WHY = {
    "cancelled": "was cancelled on the platform",
    "rejected": "was rejected on the platform",
    "replaced": "was moved to another time; close the booking that took its place (replaced_by)",
}


def close_booking(
    installation: Installation, record: Record, booking_id: str, ending: Ending
) -> BookingRow:
    """Say how a visit ended, or correct it; saying the same again changes nothing.

    Raises ``NotFoundError``, and ``ConflictError`` for a booking that does not stand or has not
    begun.
    """
    row = locked_booking(record, booking_id)
    if row.platform_status == ending:
        return row
    if row.platform_status not in (*LIVE, *DONE):
        why = _WHY.get(row.platform_status, f"is {row.platform_status}")
        raise ConflictError(f"This booking {why}. It cannot be marked {ending}.")
    if row.start_at > record.now:
        raise ConflictError("This booking has not begun yet.")
    row.platform_status, row.updated_at = ending, record.now
    if ending == "completed":
        complete_visit(installation, record, row)
    else:
        record.visits.uncomplete(row)
        for task in record.tasks.of_bookings([row.id]).get(row.id, []):
            if task.kind in ABOUT_VISIT:
                record.tasks.done(task)
    record.tasks.close(*((kind, row.id) for kind in _ABOUT_CLOSING))
    record.wake(row.patient_id, f"booking-{ending}")
    return row


def locked_booking(record: Record, booking_id: str) -> BookingRow:
    """The booking as it is now that nobody else changes it. Raises ``NotFoundError``."""
    row = record.bookings.get(booking_id)
    if row is None:
        raise NotFoundError("booking")
    record.clients.get(row.patient_id, lock=True)
    record.session.refresh(row)
    return row


def complete_visit(installation: Installation, record: Record, row: BookingRow) -> None:
    """Record the visit, and what is owed after it as staff tasks. The plugins see the chart as it
    was before the visit."""
    if row.outcome != "block":
        _ask_for_what_is_owed(installation, record, row)
    record.visits.complete(row, record.bookings.details(row))


def _ask_for_what_is_owed(installation: Installation, record: Record, row: BookingRow) -> None:
    host = installation.host
    try:
        file = load_client(record, row.patient_id)
        assert file is not None, "a booking has its client"
        chart = file.chart(record, installation.settings.clinic_facts, file.held(row.id))
        case = host.case(chart)
        actions, failures = host.visit_complete(case, host.decide_case(case))
    except SQLAlchemyError:
        raise
    except Exception as error:  # noqa: BLE001 - the visit stays completed whatever fails
        log.error("visit complete failed", booking=row.id, error=describe(error))
        _failed(record, row, type(error).__name__)
        return
    for failure in failures:
        _failed(record, row, failure.plugin)
    for action in actions:
        topic = f"{row.id}:{action.kind}:{action.rule}"
        record.tasks.close((TaskKind.ACTION, topic))  # the same work, asked for at the booking
        ask(
            record,
            TaskKind.AFTER_VISIT,
            topic,
            about=row,
            due=action.due,
            action=action.kind,
            message=action.message,
        )


def _failed(record: Record, row: BookingRow, what: str) -> None:
    ask(record, TaskKind.AFTER_VISIT_FAILED, f"{row.id}:{what}", about=row, what=what)
