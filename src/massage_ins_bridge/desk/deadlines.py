"""What time brings: deadlines that have passed, and bookings that have begun."""

from __future__ import annotations

from datetime import timedelta

from ..store.models import BookingRow
from ..store.record import Record
from ..store.standing import overdue
from .clock_check import watch_clock
from .forewarn import warn_of_refusals
from .installation import Installation
from .open_days import soon
from .refusals import carry_out_due
from .reservations import end_reservations
from .tasks import TaskKind, ask

#: How long after its end a visit that nobody closed becomes a task.
GRACE = timedelta(hours=2)
#: What can be done for a booking only until it begins. That it may not stand on insurance is said
#: until somebody says what became of it.
_BEFORE_IT_BEGINS = frozenset(
    {
        TaskKind.CONFIRM_BY_HAND,
        TaskKind.HOLD_BY_HAND,
        TaskKind.REFUSAL_STOPPED,
        TaskKind.REFUSED_TOMORROW,
    }
)


def pass_deadlines(installation: Installation) -> None:
    """Warn of refusals that a deadline will bring, end overrides and reservations whose time is
    over, wake the clients whose deadline has passed, tell staff of bookings that have begun, and
    have carried out what has waited long enough. Only deciding changes an outcome. Nothing passes
    while the clock cannot be believed."""
    if watch_clock(installation).trouble:
        return
    steps = (warn_of_refusals, _end_overrides, end_reservations, _wake_the_overdue, carry_out_due)
    for act in steps:
        act(installation)


def _wake_the_overdue(installation: Installation) -> None:
    with installation.read() as record:
        if not overdue(record):
            return
    with installation.write() as record:
        woken = record.wakeups.waiting()
        for row in overdue(record):
            cause = _begun(installation, record, row) if row.start_at <= record.now else "deadline"
            if cause is not None and row.patient_id not in woken:
                woken.add(row.patient_id)
                record.wake(row.patient_id, cause)


def _end_overrides(installation: Installation) -> None:
    with installation.read() as record:
        if not record.words.over():
            return
    with installation.write() as record:
        for word in record.words.over():
            record.words.end(word)
            row = record.bookings.get(word.booking_id)
            if row is not None:
                record.wake(row.patient_id, "override-ended")


def _begun(installation: Installation, record: Record, row: BookingRow) -> str | None:
    """Ask staff what became of a booking. Where it counts only now, its client is to be woken."""
    if row.outcome == "hold":
        kind = TaskKind.HOLD_BEGUN
    else:
        if record.now < (row.end_at or row.start_at) + GRACE:
            return None
        kind = TaskKind.VISIT_NOT_CLOSED
    row.begun_told = True
    for task in record.tasks.of_bookings([row.id]).get(row.id, []):
        if task.kind in _BEFORE_IT_BEGINS:
            record.tasks.done(task)
    due = soon(installation, record.now)
    ask(record, kind, row.id, about=row, due=due)
    return "counts-after-all" if row.outcome == "block" else None
