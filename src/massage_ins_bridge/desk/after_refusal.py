"""After a refusal: the client hears of it, and may come back once what was missing is there."""

from __future__ import annotations

import structlog

from ..store.bookings import DONE, ENDED, LIVE
from ..store.record import Record, Work
from ..store.writes import Wanted, first_run
from .client_file import ClientFile, Held
from .forewarn import decided_at
from .going_live import may_write
from .installation import Installation
from .staff_words import standing
from .tasks import TaskKind, ask

log = structlog.get_logger(__name__)
REOPEN = "reopen"


def after_refusal(installation: Installation, record: Record, file: ClientFile, held: Held) -> None:
    """See to a booking that was refused and has ended. Where it would be allowed by now, it is
    brought back where the platform can do that; else staff invites the client. A client who has
    booked again needs neither invitation nor news."""
    if not was_refused(held):
        return
    row = held.row
    if _booked_again(file, held):
        record.tasks.close((TaskKind.INVITE, row.id), (TaskKind.TELL_CLIENT, row.id))
        return
    if row.start_at <= record.now or any(task.kind == TaskKind.INVITE for task in held.tasks):
        return
    decision = decided_at(installation, record, file, held, record.now)
    if decision is None or standing(held.words, record.now).outcome(decision.outcome) != "allow":
        return
    if not _reopen(installation, record, held):
        ask(record, TaskKind.INVITE, row.id, about=row)


def was_refused(held: Held) -> bool:
    """Whether it was the refusal that ended the booking: the bridge's, or staff's on its word."""
    row = held.row
    return row.platform_status in ENDED and any(
        write.kind == "block" and write.state == "done" and write.revision == row.revision
        for write in held.writes
    )


def _booked_again(file: ClientFile, held: Held) -> bool:
    return any(
        other.row.arrival > held.row.arrival and other.row.platform_status in (*LIVE, *DONE)
        for other in file.bookings
    )


def _reopen(installation: Installation, record: Record, held: Held) -> bool:
    """Whether the booking is brought back: only where the bridge itself ended it, and the platform
    did not refuse to."""
    row = held.row
    account = installation.accounts.get(row.account)
    if account is None or not account.can(REOPEN):
        return False
    ours = any(w.kind == "block" and w.reached == "native" for w in held.writes)
    failed = any(w.kind == REOPEN and w.state == "failed" for w in held.writes)
    if failed or not ours:
        return False
    if not may_write(record, account, row, standing(held.words, record.now)):
        return False
    write = record.writes.want(row, held.writes, Wanted(REOPEN, "queued"))
    if write is not None:
        record.work.append(Work("write", write.id, first_run(write), write.account))
    return True
