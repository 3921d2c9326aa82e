"""A booking that its platform does not show: when that is believed, and how the booking comes back.

A single look may meet a proxy, a route that is away, or a copy of the platform's data that lags
behind. So it is looked for again once a copy has caught up, and once more when a fault has passed;
that last look is believed where the platform shows something else. It is looked for all the same
until its time has come (``desk.look_again``). Between two looks nothing waits: each is a run.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from ..api.connectors import (
    Gone,
    PlatformBooking,
    PlatformBusyError,
    PlatformError,
    PlatformGoneError,
    PlatformPerson,
    PlatformRefusedError,
)
from ..store.bookings import LIVE
from ..store.record import Record
from .accounts import Account
from .tasks import TaskKind, ask

#: After how long a copy that lags has caught up with what a platform told or was told.
CAUGHT_UP = timedelta(seconds=1)


def fetched(account: Account, ref: str) -> PlatformBooking | Gone:
    """A booking as its platform shows it now. Raises ``PlatformError``."""
    try:
        return shown(account, ref)
    except PlatformGoneError:
        return Gone(ref)


def shown(account: Account, ref: str) -> PlatformBooking:
    """The booking now. Raises ``PlatformError``, and where the platform does not show it
    ``PlatformGoneError``. That a look is refused says nothing of a change that is wanted, so it is
    no ``PlatformRefusedError`` here."""
    try:
        found = account.connector.fetch(ref)
    except PlatformRefusedError as error:
        raise PlatformError(error.message, True, error.status, error.retry_after) from None
    if isinstance(found, Gone):
        raise PlatformGoneError("the platform no longer knows the booking", True)
    return found


def is_there(error: PlatformError) -> bool:
    """Whether the platform shows the booking, in a way that cannot be understood."""
    return error.permanent and error.status is None and not isinstance(error, PlatformGoneError)


def hear_witness(account: Account, now: datetime) -> None:
    """Raises ``PlatformError``, which may pass, where the platform shows nothing else either: it
    then says nothing of the one booking."""
    look = account.connector.changes if account.can("changes") else account.connector.upcoming
    if not (account.can("changes") or account.can("upcoming")):
        return
    try:
        look(None, now)
    except PlatformBusyError:
        raise
    except PlatformError as error:
        raise PlatformError(
            f"it shows neither the booking nor its lists: {error.message}"
        ) from None


def as_gone(
    record: Record, account: Account, ref: str, told: PlatformBooking | None
) -> PlatformBooking | None:
    """A booking that the platform no longer knows is a cancelled one, if we knew it. Where the
    signed delivery alone knows it (``told``), it is filed by its word, for staff to look into."""
    row = record.bookings.by_ref(account.name, ref)
    if row is None:
        return told if told is not None and told.status in LIVE else None
    row.version = None  # whatever version is seen next is another one: it may come back
    return PlatformBooking(
        ref=row.ref,
        status="cancelled",
        start=row.start_at,
        end=row.end_at,
        service_ref=None,
        person=PlatformPerson(),
    )


def tell_gone(record: Record, booking_id: str, *, stood: bool, called_off: bool) -> None:
    """Staff hears of a booking that the platform does not show: of one that is filed by its
    delivery's word, and of one that stood (``stood``) and that nobody ``called_off``."""
    row = record.bookings.get(booking_id)
    assert row is not None, "it was just observed"
    if row.platform_status in LIVE:
        ask(record, TaskKind.UNKNOWN_ON_PLATFORM, row.id, about=row)
    elif stood and not called_off:
        ask(record, TaskKind.GONE_ON_PLATFORM, row.id, about=row)
