"""What follows from how a booking ended: a refused one that would stand by now, one that was called
off late, one to which nobody came."""

from __future__ import annotations

from datetime import timedelta

from ...store.bookings import ENDED, called_off_late
from ..after_refusal import booked_again, person_refused, reopens, was_refused
from ..by_hand import by_hand
from ..client_file import Held
from ..tasks import TaskKind
from .found import Inquiry, Owed, failed, is_history

#: How long after its time the client of a refused booking is still invited to book again.
INVITING = timedelta(days=14)


def follow_ups(inquiry: Inquiry) -> None:
    """One task for each booking that ended so. Bookings that became known only after their time
    are history."""
    gone = {
        task.booking_id
        for task in inquiry.file.tasks
        if task.kind == TaskKind.GONE_ON_PLATFORM and task.done_at is None
    }
    for held in inquiry.file.bookings:
        row = held.row
        if row.outcome == "block" and row.platform_status in ENDED and not reopens(held):
            _invite(inquiry, held)
        elif is_history(inquiry, row):
            continue
        elif row.platform_status == "no-show":
            _add(inquiry, held, TaskKind.NO_SHOW)
        elif called_off_late(row, inquiry.settings.late_cancel_hours) and row.id not in gone:
            _add(inquiry, held, TaskKind.CALLED_OFF_LATE, how=_how_long(held))


def _how_long(held: Held) -> str:
    assert held.row.called_off_at is not None, "see called_off_late"
    minutes = int((held.row.start_at - held.row.called_off_at).total_seconds() // 60)
    count, unit = (minutes // 60, "hour") if minutes >= 60 else (minutes, "minute")
    return f"{count} {unit}{'' if count == 1 else 's'}"


def _invite(inquiry: Inquiry, held: Held) -> None:
    """Until the client has booked again they may do so, where nothing keeps the visit any more."""
    row = held.row
    if not (was_refused(held) or by_hand(row)):
        return  # its client called it off before it was refused
    if person_refused(held):
        return  # nothing was missing
    if row.start_at + INVITING < inquiry.record.now or booked_again(inquiry.file, held):
        return
    decision = inquiry.decision(held)
    if decision is None or failed(decision):
        inquiry.found.unsure.add(TaskKind.INVITE)
    elif decision.outcome == "allow":
        _add(inquiry, held, TaskKind.INVITE)


def _add(inquiry: Inquiry, held: Held, kind: TaskKind, **words: object) -> None:
    text = inquiry.text(kind, **words)
    inquiry.found.add(Owed(kind, f"{held.row.id}:{kind}", text, held.row.id))
