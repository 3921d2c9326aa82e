"""A booking that its platform does not show: when that is believed, and how the booking comes back.

A single look may meet a proxy, a route that is away, or a copy of the platform's data that lags
behind. So it takes two looks, and a platform that shows something else meanwhile.
"""

from __future__ import annotations

from datetime import datetime

from ..api.connectors import (
    Gone,
    Hint,
    PlatformBooking,
    PlatformBusyError,
    PlatformError,
    PlatformPerson,
)
from ..store.bookings import LIVE
from ..store.record import Record
from .accounts import Account
from .installation import Installation
from .observe import Look, observe
from .tasks import TaskKind, ask

#: How many of the bookings that were not shown are looked for at one time.
MAX_LOOKS = 50


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


def as_gone(record: Record, account: Account, hint: Hint) -> PlatformBooking | None:
    """A booking that the platform no longer knows is a cancelled one, if we knew it. Where the
    signed delivery alone knows it, it is filed by its word, for staff to look into."""
    row = record.bookings.by_ref(account.name, hint.booking_ref)
    if row is None:
        told = hint.booking
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


def look_for_gone(installation: Installation, account: Account) -> None:
    """Look again for what was not shown, as long as staff has not seen to it: the list of changes
    need not name a booking that was there all the time. Raises ``PlatformError``."""
    if not account.can("fetch"):
        return
    with installation.read() as record:
        refs = record.bookings.with_task(account.name, TaskKind.GONE_ON_PLATFORM, MAX_LOOKS)
    for ref in refs:
        looked_at = installation.clock.now()
        found = account.connector.fetch(ref)
        if not isinstance(found, Gone):
            with installation.write() as record:
                observe(
                    installation, record, account, found, Look(looked_at=looked_at), "reconcile"
                )
