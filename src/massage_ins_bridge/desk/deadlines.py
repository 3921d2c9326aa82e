"""What time brings: deadlines that have passed, and bookings that have begun."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from ..store.bookings import LIVE
from ..store.models import BookingRow, WriteRow
from ..store.record import Record
from ..store.writes import PLATFORM
from .clock_check import watch_clock
from .installation import Installation
from .tasks import TaskKind, ask

#: How long after its end a visit that nobody closed becomes a task.
GRACE = timedelta(hours=2)
#: By outcome, the writes that it asks for.
_ASKED_BY = {"allow": ("confirm",), "hold": ("hold", "manual"), "block": ("block",)}


def pass_deadlines(installation: Installation) -> None:
    """Wake the clients whose deadline has passed, and tell staff of bookings that have begun. Only
    deciding changes an outcome: a deadline merely asks again. Nothing passes while the clock cannot
    be believed."""
    if watch_clock(installation).trouble:
        return
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


def enforce_observed(installation: Installation) -> None:
    """Wake the clients whose outcomes were only observed, on accounts that enforce by now. A
    block that was never written is decided anew: its client was never told."""
    enforcing = [name for name, account in installation.accounts.items() if account.enforces]
    with installation.write() as record:
        standing = (
            select(BookingRow, WriteRow.kind)
            .join(WriteRow, (WriteRow.subject == BookingRow.id) & (WriteRow.channel == PLATFORM))
            .where(
                WriteRow.state == "observed",
                WriteRow.revision == BookingRow.revision,
                WriteRow.account.in_(enforcing),
                BookingRow.clinic == record.clinic,
                BookingRow.platform_status.in_(LIVE),
                BookingRow.start_at > record.now,
            )
        )
        clients: dict[str, None] = {}
        for row, kind in record.session.execute(standing).all():
            if kind not in _ASKED_BY.get(row.outcome or "", ()):
                continue  # overtaken by another outcome since
            if row.outcome == "block":
                row.outcome = None
            clients[row.patient_id] = None
        for patient_id in clients:
            record.wake(patient_id, "enforcing")


def _begun(record: Record, row: BookingRow) -> None:
    if row.outcome == "hold":
        kind = TaskKind.HOLD_BEGUN
    else:
        if record.now < (row.end_at or row.start_at) + GRACE:
            return
        kind = TaskKind.VISIT_NOT_CLOSED
    row.begun_told = True
    ask(record, kind, row.id, about=row)
