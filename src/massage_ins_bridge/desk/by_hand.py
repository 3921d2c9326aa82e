"""Bookings that no platform knows: made by telephone, or by a client who walked in. They are
decided and count as any other; what a platform would be told, staff is."""

from __future__ import annotations

from ..domain.answers import Decision
from ..store.bookings import NO_ACCOUNT
from ..store.models import BookingRow
from ..store.record import Record
from .client_file import Held
from .installation import Installation
from .open_days import before_visit
from .tasks import TaskKind, ask

_HOLD = (
    "This booking was made by hand and is on hold. Cure what is missing, or agree with the client "
    "on another way to pay or another time."
)
_BLOCK = (
    "This booking was made by hand and may not stand on insurance. Tell the client, and agree on "
    "another way or another time; or cancel it."
)
_SAID = {
    "hold": (TaskKind.HOLD_BY_HAND, _HOLD),
    "block": (TaskKind.BLOCK_BY_HAND, _BLOCK),
}


def by_hand(row: BookingRow) -> bool:
    """Whether no platform knows the booking."""
    return row.account == NO_ACCOUNT


def tell_staff(installation: Installation, record: Record, held: Held, decision: Decision) -> None:
    """A task where the booking is on hold or may not stand; none where it may."""
    row = held.row
    row.hold_state = "manual" if decision.outcome == "hold" else None
    wanted = _SAID.get(decision.outcome)
    for kind, why in _SAID.values():
        if wanted == (kind, why):
            due = before_visit(installation, record.day(row.start_at), record.today)
            ask(record, kind, row.id, about=row, due=due, known=held.tasks, why=why)
        else:
            for task in held.tasks:
                if task.kind == kind and task.done_at is None:
                    record.tasks.done(task)
