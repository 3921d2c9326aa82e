"""Writing one change to the platform, whose state is read first: a retry changes nothing twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import bindparam, select

from ..api.connectors import (
    Gone,
    PlatformBusyError,
    PlatformError,
    PlatformGoneError,
    WriteResult,
)
from ..domain.describe import describe
from ..store.bookings import LIVE
from ..store.models import BookingRow, WriteRow
from ..store.task_models import WakeupRow
from ..store.writes import EMAIL, NOTICE
from .absence import CAUGHT_UP, fetched, hear_witness, is_there
from .accounts import Account
from .act import REOPEN, Done, PutOffError, act, wanted
from .clock_check import clock_is_wrong
from .close_write import close_write, put_off
from .failed_write import failed
from .installation import Installation
from .look_again import WAITS, look_later
from .looked import complete
from .send_mail import send_mail
from .tasks import TaskKind, ask

log = structlog.get_logger(__name__)
_NEWS = select(WakeupRow.id).where(
    WakeupRow.patient_id == BookingRow.patient_id, WakeupRow.done_at.is_(None)
)
_QUEUED = (
    select(WriteRow, BookingRow, _NEWS.exists())
    .outerjoin(BookingRow, BookingRow.id == WriteRow.subject)
    .where(WriteRow.id == bindparam("id"), WriteRow.state == "queued")
)
#: How many calls a write may take: a look of ours, the connector's own, the change, and a look at
#: what came of it.
CALLS = 4
#: After how long a booking that is not shown is looked for again, from look to look.
LOOKS = (CAUGHT_UP, timedelta(minutes=1))
#: How long a write waits for the clock, for the first look at its account, and for its client's
#: bookings to be decided by what is news of them.
CLOCK_AGAIN, LOOK_AGAIN = timedelta(minutes=1), timedelta(seconds=5)
DECIDED_AGAIN = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class WriteTry:
    """One try at a write: ``number`` from 1; ``absent``: at how many looks in a row the platform
    did not show the booking."""

    number: int = 1
    absent: int = 0


@dataclass(frozen=True, slots=True)
class Again:
    """Another try is due after ``pause``; ``absent`` goes into it. A try that was put off before
    it asked does not count (``counted``)."""

    pause: timedelta
    absent: int = 0
    counted: bool = True


def write_back(
    installation: Installation,
    write_id: str,
    attempt: WriteTry = WriteTry(),
) -> Again | None:
    """Bring the platform to the state that the write asks for, if that is still wanted.

    Never raises for the platform's sake: after a fault that may pass another try is due, a lasting
    one becomes a staff task. Nothing is due where the write is over.
    """
    with installation.exclusive.holding(write_id) as mine:
        if not mine:  # an earlier try is still under way, here or elsewhere
            return Again(timedelta(seconds=30), attempt.absent, counted=False)
        with installation.store.read() as session:
            found = session.execute(_QUEUED, {"id": write_id}).one_or_none()
        if found is None:
            return None
        write, row, undecided = found
        if undecided:  # what was decided may not be so by now
            return Again(DECIDED_AGAIN, attempt.absent, counted=False)
        if write.channel == EMAIL:
            return _mail(installation, write, attempt)
        return _try(installation, write, row, attempt)


def _mail(installation: Installation, write: WriteRow, attempt: WriteTry) -> Again | None:
    if clock_is_wrong(installation):
        return Again(CLOCK_AGAIN, counted=False)
    later = send_mail(installation, write, attempt.number)
    return None if later is None else Again(later.pause, counted=later.counted)


def _try(
    installation: Installation, write: WriteRow, row: BookingRow, attempt: WriteTry
) -> Again | None:
    account = installation.accounts.get(write.account)
    wait = _wait(installation, account)
    if wait is not None:
        return Again(wait, attempt.absent, counted=False)
    if account is None or not account.enforces:
        done = Done("observed", "the account only observes")
    elif not wanted(write, row):
        done = Done("superseded", "a later decision took its place")
    elif row.start_at <= installation.clock.now():
        late = "the booking's time had come before this could be written"
        noticed = write.channel == NOTICE  # nobody is to act on it any more
        done = Done("superseded", late) if noticed else Done("done", late, _by_hand(late))
    else:
        return _write(installation, account, write, row, attempt)
    close_write(installation, write, done)
    return None


def _by_hand(why: str) -> WriteResult:
    return WriteResult("manual", why)


def _wait(installation: Installation, account: Account | None) -> timedelta | None:
    """How long nothing may be written: the clock is wrong, or the account was not seen whole."""
    if clock_is_wrong(installation):
        return CLOCK_AGAIN
    if account is None or not account.enforces:
        return None
    with installation.read() as record:
        return None if complete(record, account) else LOOK_AGAIN


def _write(
    installation: Installation,
    account: Account,
    write: WriteRow,
    row: BookingRow,
    attempt: WriteTry,
) -> Again | None:
    try:
        with account.turn(CALLS):
            done = act(installation, account, write, row)
    except PutOffError:
        put_off(installation, write)
        return None
    except PlatformBusyError as error:
        return Again(timedelta(seconds=error.retry_after or 1.0), attempt.absent, counted=False)
    except PlatformError as error:
        if isinstance(error, PlatformGoneError) and not account.can("tell"):
            return _absent(installation, account, write, attempt)  # else its address is gone
        if error.permanent and write.kind != REOPEN and _overtaken(account, row):
            done = Done("superseded", "the booking was cancelled or moved before this was written")
        else:
            return _failed(installation, write, attempt, error.message, error)
    except Exception as error:  # noqa: BLE001 - a connector's fault must not lose the write
        log.error("connector failed", write=write.id, error=describe(error))
        why = f"the connector failed: {type(error).__name__}"
        return _failed(installation, write, attempt, why)
    close_write(installation, write, done)
    return None


def _overtaken(account: Account, row: BookingRow) -> bool:
    """Whether a refusal is only that the client was quicker: cancelled, or moved the booking."""
    if not account.can("fetch"):
        return False
    try:
        found = fetched(account, row.ref)
    except PlatformError:
        return False
    return not isinstance(found, Gone) and (found.status not in LIVE or found.start != row.start_at)


def _absent(
    installation: Installation, account: Account, write: WriteRow, attempt: WriteTry
) -> Again | None:
    """The platform does not show the booking. Only the last look, and a platform that shows
    something else, end it; staff is told, and it comes back when it is seen again."""
    if attempt.absent < len(LOOKS):
        return Again(LOOKS[attempt.absent], attempt.absent + 1)
    try:
        hear_witness(account, installation.clock.now())
    except PlatformBusyError as error:
        return Again(timedelta(seconds=error.retry_after or 1.0), attempt.absent, counted=False)
    except PlatformError as error:
        return _failed(installation, write, attempt, error.message, error)
    with installation.write_about(WriteRow, write.id) as (record, kept):
        if kept is None or kept.state != "queued":
            return None
        kept.state, kept.done_at = "superseded", record.now
        kept.detail = "the platform no longer knows the booking"
        row = record.session.get_one(
            BookingRow, kept.subject, with_for_update=True, populate_existing=True
        )
        if row.platform_status in LIVE:
            row.platform_status, row.version = "cancelled", None
        record.tasks.close((TaskKind.NOT_WRITTEN, write.id))
        ask(record, TaskKind.GONE_ON_PLATFORM, row.id, about=row)
        look_later(record, account, row.ref, "requested", WAITS[0], absent=True)
    log.warning("booking not on the platform", write=write.id)
    return None


def _failed(
    installation: Installation,
    write: WriteRow,
    attempt: WriteTry,
    why: str,
    error: PlatformError | None = None,
) -> Again | None:
    """Another try is due, unless it is staff's by now."""
    pause = failed(installation, write, attempt.number, why, error)
    absent = 0 if error is not None and is_there(error) else attempt.absent
    return None if pause is None else Again(pause, absent)
