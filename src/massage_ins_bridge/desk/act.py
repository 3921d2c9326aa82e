"""One change of a booking on its platform, whose state is read first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ..api.connectors import NoticeAction, PlatformBooking, WriteResult
from ..store.bookings import ENDED, LIVE
from ..store.models import BookingRow, WriteRow
from ..store.writes import NOTICE
from .absence import shown
from .accounts import Account
from .client_file import load_client
from .decide import decide_client
from .give_back import GIVE_BACK, give_back_now
from .going_live import may_write
from .installation import Installation
from .notices import send
from .observe import Look, observe
from .open_days import open_days
from .pause import may_act
from .plan_writes import wanted_step
from .staff_words import in_force
from .whose import judged

#: Bringing back a booking that was refused.
REOPEN = "reopen"
_WANTED = {"confirm": "allow", "hold": "hold", "block": "block", REOPEN: "block"}


class PutOffError(Exception):
    """It may not be written yet: the office is closed."""


@dataclass(frozen=True, slots=True)
class Done:
    """How a try ended for good: the write's state, what was reached, and the platform's state."""

    state: str
    detail: str
    result: WriteResult | None = None
    status: str | None = None


def wanted(write: WriteRow, row: BookingRow) -> bool:
    """Whether a write fits the booking as it stands by now. Of a notice ``notices`` knows more."""
    if write.channel == NOTICE:
        return row.platform_status in LIVE and row.outcome is not None
    states = ENDED if write.kind == REOPEN else LIVE
    return (
        row.revision == write.revision
        and row.platform_status in states
        and (write.kind == GIVE_BACK or row.outcome == _WANTED.get(write.kind))
    )


def act(installation: Installation, account: Account, write: WriteRow, row: BookingRow) -> Done:
    """Read the platform's state and change it where it is another. A booking that was moved
    meanwhile is left alone: its new time is decided anew. A refusal is decided again first.

    Raises ``PlatformError``, and ``PutOffError`` where a refusal waits for the office.
    """
    if write.channel == NOTICE:
        return _tell(installation, account, write, row)
    now = installation.clock.now()
    days = open_days(installation)
    if not may_act(account.settings, days, now, by_clock=write.by_clock):
        raise PutOffError
    found = shown(account, row.ref) if account.can("fetch") else None
    if found is not None and not judged(account, found):
        return Done("superseded", "the settings do not name its service or host")
    if found is not None and found.start != row.start_at:
        return Done("superseded", "the booking was moved meanwhile")
    status: str = found.status if found is not None else row.platform_status
    if write.kind == REOPEN:
        return _reopen(account, write, row, status)
    if status not in LIVE:
        return _reached(account, row, WriteResult("already", f"the platform says {status}"), status)
    if write.kind != "block":
        return _keep(installation, account, write, row, status)
    if not _still_refused(installation, account, write, found, now):
        return Done("superseded", "it was decided anew before it was refused")
    return _refuse(installation, account, write, row, status)


def _tell(installation: Installation, account: Account, write: WriteRow, row: BookingRow) -> Done:
    """Tell a platform that acts by itself what no change of state shows."""
    result = send(installation, account, write, row)
    if result is None:
        return Done("superseded", "a later word took its place")
    return Done("done", result.detail, result)


def _keep(
    installation: Installation, account: Account, write: WriteRow, row: BookingRow, status: str
) -> Done:
    """Confirm, mark as held, or cancel for the client."""
    if write.kind == GIVE_BACK:
        return _reached(account, row, give_back_now(account, write, row, status), "cancelled")
    if write.kind == "hold":
        result = account.connector.hold(row.ref, write.reason, write.id)
        waits = "pending" if result.reached == "tentative" else None
        return Done("done", result.detail, result, waits)
    if status == "accepted" and write.reached is None:  # else it is told once more
        already = WriteResult("already", "the platform had accepted it")
        return Done("done", already.detail, already, "accepted")
    if account.can("tell"):
        result = _by_notice(installation, account, write, row, "confirm")
    else:
        result = account.connector.confirm(row.ref, write.id)
    return _reached(account, row, result, "accepted")


def _by_notice(
    installation: Installation,
    account: Account,
    write: WriteRow,
    row: BookingRow,
    action: NoticeAction,
) -> WriteResult:
    result = send(installation, account, write, row, action)
    assert result is not None, "a change of state is told as it is"
    return result


def _still_refused(
    installation: Installation,
    account: Account,
    write: WriteRow,
    found: PlatformBooking | None,
    looked_at: datetime,
) -> bool:
    """Take in what was just read, decide the client again, and see whether the bridge is still the
    one to end the booking: a person may have accepted it, or have said that it may stand."""
    with installation.write(write.clinic) as record:
        record.lock()
        kept = record.session.get_one(WriteRow, write.id)
        row = record.session.get_one(BookingRow, kept.subject)
        look = Look(looked_at=looked_at)
        why = "before-refusal"
        if found is not None and observe(installation, record, account, found, look, why).changed:
            file = load_client(record, row.patient_id)
        else:
            file = decide_client(installation, record, row.patient_id, why)
        if file is None:
            return False
        held = file.held(row.id)
        said = in_force(held.words, record.now)
        return (
            kept.state == "queued"
            and wanted(kept, held.row)
            and wanted_step(account, held, said) == "refuse"
            and may_write(record, account, held.row, said)
        )


def _refuse(
    installation: Installation, account: Account, write: WriteRow, row: BookingRow, status: str
) -> Done:
    refuse = status == "pending"
    if not account.can("reject" if refuse else "cancel"):
        unable = WriteResult("unsupported", "the platform cannot be told to refuse")
        return Done("done", unable.detail, unable)
    ended = "rejected" if refuse else "cancelled"
    if account.can("tell"):
        action: NoticeAction = "reject" if refuse else "cancel"
        return _reached(account, row, _by_notice(installation, account, write, row, action), ended)
    call: Callable[[str, str, str], WriteResult]
    call = account.connector.reject if refuse else account.connector.cancel
    return _reached(account, row, call(row.ref, write.reason, write.id), ended)


def _reopen(account: Account, write: WriteRow, row: BookingRow, status: str) -> Done:
    if status in LIVE:
        return Done("done", "", WriteResult("already", f"the platform says {status}"), status)
    return _reached(account, row, account.connector.reopen(row.ref, write.id), "accepted")


def _reached(account: Account, row: BookingRow, result: WriteResult, wanted: str) -> Done:
    """What a connector did, and the platform's state now: where nothing was left to do, somebody
    was quicker, and perhaps wanted something else."""
    status = wanted
    if result.reached == "already" and account.can("fetch"):
        status = shown(account, row.ref).status
    return Done("done", result.detail, result, status)
