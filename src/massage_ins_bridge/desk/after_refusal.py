"""After a refusal: the client hears of it, and may come back once what was missing is there."""

from __future__ import annotations

from datetime import datetime

from ..store.bookings import ENDED, LIVE
from ..store.models import WordRow
from ..store.record import Record, Work
from ..store.writes import Wanted, first_run
from .client_file import ClientFile, Held
from .forewarn import decided_at
from .going_live import may_write
from .installation import Installation
from .staff_words import in_force
from .tasks import TaskKind

REOPEN = "reopen"


def after_refusal(installation: Installation, record: Record, file: ClientFile, held: Held) -> None:
    """See to a booking that was refused and has ended. Where it would be allowed by now, it is
    brought back where the platform can do that; else ``owed.follow_ups`` has the client invited. A
    client who has booked again needs no news of it."""
    row = held.row
    if not was_refused(held):
        return
    if booked_again(file, held):
        record.tasks.close((TaskKind.TELL_CLIENT, row.id))
    elif row.start_at > record.now and _can_reopen(installation, record, held):
        decision = decided_at(installation, record, file, held, record.now)
        if (
            decision is None
            or in_force(held.words, record.now).outcome(decision.outcome) != "allow"
        ):
            return
        write = record.writes.want(row, held.writes, Wanted(REOPEN, "queued"))
        if write is not None:
            record.work.append(Work("write", write.id, first_run(write), write.account))


def reopens(held: Held) -> bool:
    """Whether the booking is being brought back."""
    return any(w.kind == REOPEN and w.state == "queued" for w in held.writes)


def booked_again(file: ClientFile, held: Held) -> bool:
    """Whether the client has made another booking since, which is not refused as well."""
    return any(
        other.row.arrival > held.row.arrival
        and other.row.platform_status in (*LIVE, "completed")
        and other.row.outcome != "block"
        for other in file.bookings
    )


def was_refused(held: Held) -> bool:
    """Whether it was the refusal that ended the booking: the bridge's, or staff's on its word."""
    row = held.row
    return row.platform_status in ENDED and any(
        write.kind == "block" and write.state == "done" and write.revision == row.revision
        for write in held.writes
    )


def person_refused(held: Held) -> bool:
    """Whether a person's own word refused the booking when it ended, whatever the rules said, and
    nobody has taken that word back since."""
    done = [w.done_at for w in held.writes if w.kind == "block" and w.state == "done"]
    gone = max((at for at in (*done, held.row.called_off_at) if at is not None), default=None)
    return any(
        word.kind == "block" and not _taken_back(word) and _counted(word, gone)
        for word in held.words
    )


def _taken_back(word: WordRow) -> bool:
    """By a person, before it ended by itself."""
    return word.ended_at is not None and (word.until is None or word.ended_at < word.until)


def _counted(word: WordRow, then: datetime | None) -> bool:
    return word.until is None or then is None or word.until > then


def _can_reopen(installation: Installation, record: Record, held: Held) -> bool:
    """Only where the bridge itself ended it, and the platform did not refuse to."""
    row = held.row
    account = installation.accounts.get(row.account)
    if account is None or not account.can(REOPEN):
        return False
    ours = any(w.kind == "block" and w.reached == "native" for w in held.writes)
    failed = any(w.kind == REOPEN and w.state == "failed" for w in held.writes)
    said = in_force(held.words, record.now)
    return ours and not failed and may_write(record, account, row, said)
