"""A client gives their visit back: the booking is cancelled on its platform, on their own word.

It is no refusal: nothing waits, and no rule is asked. What cannot be cancelled from here, and what
an account that only observes would have to write, staff cancels.
"""

from __future__ import annotations

from ..api.connectors import WriteResult
from ..store.bookings import LIVE
from ..store.models import BookingRow, WriteRow
from ..store.record import Record, Work
from ..store.writes import Wanted, first_run
from .accounts import Account
from .by_hand import by_hand
from .errors import ConflictError
from .installation import Installation
from .open_days import soon
from .tasks import TaskKind, ask
from .visits import close_booking, locked_booking

GIVE_BACK = "give-back"
#: What the platform shows as its reason, and may pass on to the clinic.
REASON = "The client cannot come and gave the time back."


def give_back(installation: Installation, record: Record, booking_id: str) -> BookingRow:
    """Cancel a booking for its client; doing so twice is doing it once. Raises ``NotFoundError``,
    and ``ConflictError`` where it does not stand any more, or has begun."""
    row = locked_booking(record, booking_id)
    if row.platform_status == "cancelled":
        return row
    if row.platform_status not in LIVE or row.start_at <= record.now:
        raise ConflictError("This booking does not stand any more, or has begun.")
    if by_hand(row):
        return close_booking(installation, record, booking_id, "cancelled")
    account = installation.accounts.get(row.account)
    known = record.writes.of_bookings([row.id]).get(row.id, [])
    if account is None or not account.enforces or not _able(account, row):
        record.writes.want(row, known, Wanted(GIVE_BACK, "done", REASON, "manual"))
        due = soon(installation, record.now)
        ask(record, TaskKind.GIVEN_BACK, row.id, about=row, due=due)
        return row
    write = record.writes.want(row, known, Wanted(GIVE_BACK, "queued", REASON))
    if write is not None:
        record.work.append(Work("write", write.id, first_run(write), write.account))
    return row


def given_back(writes: list[WriteRow], row: BookingRow) -> WriteRow | None:
    """The client's wish to cancel the booking as it now is, if they have said it."""
    of_now = (w for w in writes if (w.kind, w.revision) == (GIVE_BACK, row.revision))
    return next((w for w in of_now if w.state in ("queued", "done")), None)


def give_back_now(account: Account, write: WriteRow, row: BookingRow, status: str) -> WriteResult:
    """Tell the platform. Raises ``PlatformError``."""
    if account.can("cancel"):
        return account.connector.cancel(row.ref, write.reason, write.id)
    if status == "pending" and account.can("reject") and not row.recurring:
        return account.connector.reject(row.ref, write.reason, write.id)
    return WriteResult("unsupported", "the platform cannot be told to cancel")


def _able(account: Account, row: BookingRow) -> bool:
    """Platforms cancel one booking of a series, and decline the whole of it. What a platform is
    told that acts by itself are decisions: this is none."""
    if account.can("tell"):
        return False
    alone = row.platform_status == "pending" and not row.recurring
    return account.can("cancel") or (alone and account.can("reject"))
