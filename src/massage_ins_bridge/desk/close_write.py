"""What came of a write, with the booking and its tasks."""

from __future__ import annotations

import structlog

from ..store.bookings import LIVE
from ..store.models import BookingRow, WriteRow
from ..store.record import Record, Work
from ..store.writes import first_run
from .act import Done
from .give_back import GIVE_BACK
from .installation import Installation
from .open_days import before_visit, open_days, soon
from .plan_mail import mail_refused
from .staff_words import in_force, open_words
from .tasks import BY_HAND, TaskKind, ask, settle
from .trouble import trouble_is_over

log = structlog.get_logger(__name__)


def close_write(installation: Installation, write: WriteRow, done: Done) -> None:
    """Record how a write ended. The client's bookings are decided again where it did not end as
    it was meant."""
    with installation.write_about(WriteRow, write.id) as (record, kept):
        if kept is None or kept.state != "queued":
            return
        again = done.state == "superseded" and kept.reached is not None  # it was told already
        tried = kept.detail is not None
        kept.state = "done" if again else done.state
        kept.done_at, kept.detail = record.now, done.detail[:500]
        if not again:
            kept.reached = done.result.reached if done.result else None
        row = record.session.get_one(
            BookingRow, kept.subject, with_for_update=True, populate_existing=True
        )
        account = installation.accounts.get(kept.account)
        tells = account is not None and account.connector.tells_client
        if account is not None and account.can("tell") and _was_sent(done):
            record.tries.add(kept.id, taken=True)
            _all_is_well(record, kept)
        _note(installation, record, kept, done)
        if kept.kind == "block":
            # the bridge did it, or may have done it at a try whose answer was lost
            ours = kept.reached == "native" or (kept.reached == "already" and tried)
            _refused(record, row)
            if row.platform_status not in LIVE and ours and not tells:
                due = soon(installation, record.now)
                ask(record, TaskKind.TELL_CLIENT, row.id, about=row, due=due)
            if row.platform_status not in LIVE and ours:
                mail_refused(installation, record, row)
        elif kept.kind == GIVE_BACK:
            _given_back(record, row)
    log.info("write closed", write=write.id, state=done.state, reached=kept.reached)


def _was_sent(done: Done) -> bool:
    sent = done.result is not None and done.result.reached in ("native", "tag", "tentative")
    return sent and done.state == "done"


def _all_is_well(record: Record, write: WriteRow) -> None:
    """The platform takes what it is told: what waits for it after its trouble need not wait."""
    if not trouble_is_over(record, write.account):
        return
    record.tasks.close((TaskKind.NOT_TOLD, write.account))
    for other in record.writes.queued(write.account):
        if other.id != write.id:
            run = f"{first_run(other)}~{record.now:%Y%m%d%H%M%S%f}"
            record.work.append(Work("write", other.id, run, other.account))


def put_off(installation: Installation, write: WriteRow) -> None:
    """The office has closed before a clock's refusal could be carried out: it waits for the next
    opening."""
    with installation.write_about(WriteRow, write.id) as (record, kept):
        account = installation.accounts.get(write.account)
        if kept is None or kept.state != "queued" or account is None:
            return
        pause = account.settings.pause
        kept.state = "waiting"
        kept.due_at = open_days(installation).after_pause(record.now, pause)


def _note(installation: Installation, record: Record, write: WriteRow, done: Done) -> None:
    """Bring the booking and its tasks to what was reached."""
    row = record.session.get_one(BookingRow, write.subject)
    result = done.result
    written = result is not None and result.reached not in ("manual", "unsupported")
    stood = row.platform_status in LIVE  # the client may have been quicker than our answer
    ours = row.revision == write.revision and (stood or write.kind == "reopen")
    if done.status and written and ours:
        _bring_to(record, write, row, done.status)
    record.tasks.close((TaskKind.NOT_WRITTEN, write.id), (TaskKind.GONE_ON_PLATFORM, row.id))
    if result is not None and not written and stood and write.kind in BY_HAND:
        due = before_visit(installation, record.day(row.start_at), record.today)
        why = _BY_HAND_TEXTS[write.kind]
        ask(record, BY_HAND[write.kind], row.id, about=row, due=due, why=why)
    if result is not None and not written and stood and write.kind == GIVE_BACK:
        due = soon(installation, record.now)
        ask(record, TaskKind.GIVEN_BACK, row.id, about=row, due=due)
    if write.kind == "hold" and result is not None:
        row.hold_state = result.reached


def _bring_to(record: Record, write: WriteRow, row: BookingRow, status: str) -> None:
    was = row.platform_status
    row.platform_status = status
    row.looked_at = record.now  # what was read before this is older
    if status == "accepted" and (was != status or write.reached == "native"):
        words = record.words.of_bookings([row.id]).get(row.id, [])
        allowed = in_force(words, record.now).override == "allow"
        by_bridge = write.reached == "native" and not allowed
        row.accepted_by = "bridge" if by_bridge else "person"
    if write.kind == "reopen" or (write.kind == "block" and status in LIVE):
        row.outcome = None  # decided anew, as it stands now
        record.wake(row.patient_id, "platform-changed")


def _refused(record: Record, row: BookingRow) -> None:
    """The order to refuse is fulfilled."""
    if row.platform_status in LIVE:
        return
    settle(record, row)
    record.wake(row.patient_id, "refused")  # it owes nothing any more, and counts no more
    for word in open_words(record.words.of_bookings([row.id]).get(row.id, ()), record.now):
        if word.kind == "now":
            record.words.end(word)


def _given_back(record: Record, row: BookingRow) -> None:
    """The client's own wish is fulfilled."""
    if row.platform_status not in LIVE:
        settle(record, row)
        row.called_off_at = row.called_off_at or record.now
        record.wake(row.patient_id, "given-back")


_BY_HAND_TEXTS = {
    "confirm": "Confirm this booking on the platform yourself.",
    "hold": "This booking is on hold; the platform does not show it. Cure what is missing, or "
    "agree with the client on another way.",
    "block": "This booking may not stand on insurance. Cancel it on the platform yourself and "
    "tell the client.",
}
