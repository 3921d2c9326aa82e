"""Bookings that are read again: because only a delivery told of them, because the platform's state
contradicts what it told, or because the platform did not show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import structlog

from ..api.connectors import Gone, PlatformBooking, PlatformBusyError, PlatformError
from ..store.bookings import ENDED, LIVE
from ..store.look_rows import LookRow
from ..store.models import BookingRow
from ..store.record import Record, Work
from .absence import as_gone, fetched, hear_witness, is_there, tell_gone
from .accounts import Account
from .installation import Installation
from .listed import ask_unreadable, close_unread
from .observe import Look, observe
from .platform_state import CALLED_OFF, contradicts
from .tasks import TaskKind, ask

log = structlog.get_logger(__name__)
#: How long after a delivery the platform is asked again that contradicted it, or did not show the
#: booking, and the waits from look to look until its word stands.
SOON, ABSENT_AGAIN = timedelta(seconds=30), timedelta(seconds=45)
WAITS = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
#: How often a booking is looked for that is not on its platform any more, until its time has come.
SELDOM = timedelta(hours=12)
#: Bounds of the wait for a platform that does not answer; it grows with the time that it has not.
SHORTEST, LONGEST = timedelta(seconds=5), timedelta(minutes=15)
#: After how long a platform that never answers is no longer asked.
GIVE_UP = timedelta(days=30)
#: A look that is due within this time is due: clocks and delays are no finer.
SLACK = timedelta(seconds=1)


def look_later(
    record: Record,
    account: Account,
    ref: str,
    event: str,
    wait: timedelta = SOON,
    *,
    absent: bool = False,
) -> None:
    """Have a booking read again; ``event`` is what the platform told of it. ``absent``: it was not
    shown, so that a look that does not find it either is believed."""
    if account.can("fetch"):
        row = record.looks.want(account.name, ref, event, wait)
        row.absent = absent
        _start(record, row)


def read_soon(record: Record, account: Account, ref: str) -> None:
    """Have a booking read at once that the platform need not have told anything of."""
    if account.can("fetch"):
        _start(record, record.looks.want(account.name, ref, "requested", timedelta(0)))


def run_of(row: LookRow) -> str:
    """The id of the run that carries out a look: another one each time that it is put off."""
    return f"{row.id}@{row.due_at:%Y%m%d%H%M%S%f}"


def work_of(record: Record, row: LookRow) -> Work:
    """What is to be started for a look."""
    wait = max(0.0, (row.due_at - record.now).total_seconds())
    return Work("look", row.id, run_of(row), row.account, wait)


def look_again(installation: Installation, look_id: str) -> None:
    """One look. What it finds is taken in; where another one is due, that is left to be done. Never
    raises for the platform's sake."""
    now = installation.clock.now()
    with installation.read_about(LookRow, look_id) as (_, row):
        if row is None or row.due_at > now + SLACK:
            return
        account, clinic = installation.accounts.get(row.account), row.clinic
        ref, absent = row.ref, row.absent
    found: PlatformBooking | Gone | PlatformError | None = None
    if account is not None and account.can("fetch"):
        found = _read(account, ref, installation, absent=absent)
    with installation.write(clinic) as record:
        record.lock()  # before the row, as a delivery does that wants the same look
        row = record.session.get(LookRow, look_id)
        if row is None:
            return
        if account is None or found is None:
            record.looks.over(row)
        elif isinstance(found, PlatformError):
            _unanswered(record, row, found)
        else:
            row.tries += 1
            _Finding(installation, record, account, row).take(found, Look(looked_at=now))


def _read(
    account: Account, ref: str, installation: Installation, *, absent: bool
) -> PlatformBooking | Gone | PlatformError:
    try:
        found = fetched(account, ref)
        if isinstance(found, Gone) and absent:
            hear_witness(account, installation.clock.now())
    except PlatformError as error:
        return error
    return found


def _unanswered(record: Record, row: LookRow, error: PlatformError) -> None:
    """The longer a platform does not answer, the more seldom it is asked."""
    waited = record.now - row.created_at
    if waited > GIVE_UP:
        record.looks.over(row)
        return
    if is_there(error):
        row.absent = False
        ask_unreadable(record, row.account, row.ref, error.message)
    wait = min(max(waited / 4, SHORTEST), LONGEST)
    if isinstance(error, PlatformBusyError):
        wait = SHORTEST
    log.warning("looking again failed", look=row.id, error=error.message)
    _put_off(record, row, max(wait, timedelta(seconds=error.retry_after or 0.0)))


@dataclass(frozen=True, slots=True)
class _Finding:
    """What a look found is taken in."""

    installation: Installation
    record: Record
    account: Account
    row: LookRow

    def take(self, found: PlatformBooking | Gone, look: Look) -> None:
        if isinstance(found, Gone):
            self._absent(found)
            return
        row, now = self.row, self.record.now
        again = contradicts(row.event, found, now) and row.tries <= len(WAITS)
        seen = observe(
            self.installation,
            self.record,
            self.account,
            found,
            Look(looked_at=look.looked_at, to_read=again),
            f"look:{row.event}",
        )
        close_unread(self.record, row.account, row.ref)
        if again and seen.booking_id is not None:
            row.absent = False
            _put_off(self.record, row, WAITS[row.tries - 1])
        else:
            self.record.looks.over(row)

    def _absent(self, found: Gone) -> None:
        """Twice in a row, with a witness, is believed; it is looked for all the same."""
        record, row = self.record, self.row
        if not row.absent:
            row.absent = True
            _put_off(record, row, ABSENT_AGAIN)
            return
        called_off, known = row.event in CALLED_OFF, record.bookings.by_ref(row.account, found.ref)
        if known is not None and known.platform_status in LIVE:
            _end(self.installation, record, self.account, row)
        if known is None and row.tries > len(WAITS):
            ask(record, TaskKind.UNREADABLE_DELIVERY, f"{row.account}:{row.ref}", why=NEVER_SHOWN)
        elif not called_off and (known is None or _may_come_back(record, known)):
            _put_off(record, row, WAITS[row.tries - 1] if row.tries <= len(WAITS) else SELDOM)
            return
        record.looks.over(row)


def _may_come_back(record: Record, row: BookingRow) -> bool:
    return row.platform_status in ENDED and row.start_at > record.now


def _end(installation: Installation, record: Record, account: Account, row: LookRow) -> None:
    """A booking that was on record, and that two looks did not find, stands no longer."""
    ended = as_gone(record, account, row.ref, None)
    assert ended is not None, "it is on record"
    look = Look(looked_at=installation.clock.now())
    seen = observe(installation, record, account, ended, look, "look:absent")
    assert seen.booking_id is not None, "it is on record"
    tell_gone(record, seen.booking_id, stood=True, called_off=row.event in CALLED_OFF)


def _put_off(record: Record, row: LookRow, wait: timedelta) -> None:
    row.due_at = record.now + wait
    _start(record, row)


def _start(record: Record, row: LookRow) -> None:
    record.work.append(work_of(record, row))


NEVER_SHOWN = (
    "A delivery spoke of a booking that the platform has not shown since. Look on the platform for "
    "new or changed bookings of that time, and check the account's key."
)
