"""What time brings: deadlines that have passed, and bookings that have begun."""

from __future__ import annotations

from datetime import timedelta

from ..store.models import BookingRow
from ..store.record import Record
from .installation import Installation
from .tasks import TaskKind, ask

#: How long after its end a visit that nobody closed becomes a task.
GRACE = timedelta(hours=2)


def pass_deadlines(installation: Installation) -> None:
    """Wake the clients whose deadline has passed, and tell staff of bookings that have begun. Only
    deciding changes an outcome: a deadline merely asks again."""
    with installation.read() as record:
        if not record.bookings.overdue():
            return
    with installation.write() as record:
        woken = record.wakeups.waiting()
        for row in record.bookings.overdue():
            if row.start_at <= record.now:
                _begun(record, row)
            elif row.patient_id not in woken:
                woken.add(row.patient_id)
                record.wake(row.patient_id, "deadline")


def end_overrides(installation: Installation) -> None:
    """Decide anew what an override no longer stands for."""
    with installation.read() as record:
        if not record.words.over():
            return
    with installation.write() as record:
        for word in record.words.over():
            record.words.end(word)
            row = record.bookings.get(word.booking_id)
            if row is not None:
                record.wake(row.patient_id, "override-ended")


def _begun(record: Record, row: BookingRow) -> None:
    if row.outcome == "hold":
        kind = TaskKind.HOLD_BEGUN
    else:
        if record.now < (row.end_at or row.start_at) + GRACE:
            return
        kind = TaskKind.VISIT_NOT_CLOSED
    row.begun_told = True
    ask(record, kind, row.id, about=row)
