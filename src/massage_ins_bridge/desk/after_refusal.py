"""After a refusal: the client hears of it, and may come back once what was missing is there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ..store.bookings import ENDED, LIVE
from ..store.models import BookingRow, WordRow, WriteRow
from ..store.record import Record, Work
from ..store.writes import Wanted, first_run
from .accounts import Account
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
    client who has booked again needs no news of it, and what a person refused stays refused until
    a person takes their word back."""
    row = held.row
    if not was_refused(held):
        return
    if booked_again(file, held):
        record.tasks.close((TaskKind.TELL_CLIENT, row.id))
    elif person_refused(held):
        return  # nothing was missing: only a person takes that back
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
    return _was_refused(held.row, held.writes)


def _was_refused(row: BookingRow, writes: Iterable[WriteRow]) -> bool:
    return row.platform_status in ENDED and any(
        write.kind == "block" and write.state == "done" and write.revision == row.revision
        for write in writes
    )


def comes_back(installation: Installation, record: Record, row: BookingRow) -> bool:
    """Whether a booking that was refused is brought back on a person's word."""
    writes = record.writes.of_bookings([row.id]).get(row.id, ())
    account = installation.accounts.get(row.account)
    enforced = account is not None and account.enforces and _reopens(account, writes)
    return enforced and _was_refused(row, writes)


def person_refused(held: Held) -> bool:
    """Whether a person's own word refused the booking when it ended, whatever the rules said, and
    nobody has taken that word back since."""
    return refusing_word(held.row, held.words, held.writes) is not None


def refusing_word(
    row: BookingRow, words: Iterable[WordRow], writes: Iterable[WriteRow]
) -> WordRow | None:
    """The word by which a person refused a booking that has ended. That the word's own time is over
    since changes nothing: what it did is done."""
    done = [w.done_at for w in writes if w.kind == "block" and w.state == "done"]
    gone = max((at for at in (*done, row.called_off_at) if at is not None), default=None)
    found = (w for w in words if w.kind == "block" and not _taken_back(w) and _counted(w, gone))
    return next(found, None)


def _taken_back(word: WordRow) -> bool:
    """By a person, before it ended by itself."""
    return word.ended_at is not None and (word.until is None or word.ended_at < word.until)


def _counted(word: WordRow, then: datetime | None) -> bool:
    return word.until is None or then is None or word.until > then


def _can_reopen(installation: Installation, record: Record, held: Held) -> bool:
    account = installation.accounts.get(held.row.account)
    if account is None or not _reopens(account, held.writes):
        return False
    return may_write(record, account, held.row, in_force(held.words, record.now))


def _reopens(account: Account, writes: Iterable[WriteRow]) -> bool:
    """Only where the bridge itself ended the booking, and the platform did not refuse to."""
    writes = list(writes)
    ours = any(w.kind == "block" and w.reached == "native" for w in writes)
    failed = any(w.kind == REOPEN and w.state == "failed" for w in writes)
    return account.can(REOPEN) and ours and not failed
