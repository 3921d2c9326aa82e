"""From what became of a booking to the e-mails that its client gets: each once for one booking and
one state.

Each leaves two minutes after its cause, so that what is corrected at once is told to nobody, and is
looked at again before it leaves. Only accounts that enforce write to clients, and only where the
bridge acts itself: of what a person accepted the client hears from that person.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from ..domain.answers import Decision
from ..domain.days import zone
from ..messages.sentences import asks
from ..store.models import BookingRow, WriteRow
from ..store.record import Record, Work
from ..store.writes import EMAIL, first_run
from .accounts import Account
from .client_file import Held
from .going_live import may_write
from .installation import Installation
from .staff_words import in_force
from .steps import Step

#: How long after its cause an e-mail leaves.
PAUSE = timedelta(minutes=2)
#: Those that say how a booking stands: of them only the one that is true is sent.
_STATES = ("hold", "waiting", "reminder", "cured")
#: After which of them a client waits to hear that all is well.
_TOLD = ("hold", "waiting", "reminder")


def plan_mail(
    installation: Installation, record: Record, held: Held, decision: Decision, step: Step | None
) -> None:
    """See that the client hears how the booking stands by now, and of nothing that is over."""
    if installation.settings.mail is None:
        return
    row = held.row
    known = record.writes.of_bookings([row.id], EMAIL).get(row.id, [])
    of_now = [w for w in known if w.revision == row.revision]
    kind = _kind(installation, record, held, decision, step, of_now)
    for write in known:
        over = write.revision != row.revision or write.kind not in (kind, "reminder")
        if write.kind in _STATES and (over or (row.outcome != "hold" and write.kind == "reminder")):
            record.writes.call_off(write, "it is true no more")
    if kind is not None:
        want(record, row.id, row.revision, kind)


def mail_refused(installation: Installation, record: Record, row: BookingRow) -> None:
    """The bridge ended the booking: its client hears of it, and what they can do."""
    if installation.settings.mail is not None and row.start_at > record.now:
        want(record, row.id, row.revision, "refused")


def mail_terms(installation: Installation, record: Record, row: BookingRow) -> None:
    """The client gets a copy of what they agreed to."""
    if installation.settings.mail is not None:
        want(record, row.id, row.revision, "terms")


def want(
    record: Record, subject: str, revision: int, kind: str, wait: timedelta = PAUSE
) -> WriteRow | None:
    """Have an e-mail leave after a while, unless it did."""
    write = record.writes.want_mail(subject, revision, kind, record.now + wait)
    if write is not None:
        run, seconds = first_run(write), wait.total_seconds()
        record.work.append(Work("write", write.id, run, write.account, seconds))
    return write


def is_told(account: Account, step: Step | None) -> bool:
    """Whether a booking on hold is held by the bridge, so that its client is told by it."""
    marks = account.can("hold") and account.connector.hold_style in ("tag", "tentative")
    return step == "keep" or (step == "hold" and marks)


def moment(record: Record, clock: str) -> datetime:
    """The clinic's time of day, today."""
    return datetime.combine(record.today, time.fromisoformat(clock), zone(record.zone))


def _kind(
    installation: Installation,
    record: Record,
    held: Held,
    decision: Decision,
    step: Step | None,
    known: list[WriteRow],
) -> str | None:
    row, said = held.row, in_force(held.words, record.now)
    account = installation.accounts.get(row.account)
    if account is None or row.start_at <= record.now:
        return None
    if not may_write(record, account, row, said):
        return None
    if row.outcome == "allow":
        told = any(w.kind in _TOLD and w.state == "done" for w in known)
        return "cured" if told else None
    if row.outcome != "hold" or not is_told(account, step):
        return None
    held_by = (r.patient_message for r in decision.requirements if r.effect == "hold")
    if any(map(asks, held_by)):
        return "hold"
    return None if any(w.kind == "hold" and w.state == "done" for w in known) else "waiting"
