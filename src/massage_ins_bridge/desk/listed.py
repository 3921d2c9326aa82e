"""Bookings that stand in a platform's list, taken in one by one: one that cannot be taken in keeps
none of the others."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from sqlalchemy.exc import DataError, SQLAlchemyError

from ..api.connectors import PlatformBooking
from ..domain.describe import describe
from ..store.record import Record
from .accounts import Account
from .installation import Installation
from .observe import Look, observe
from .tasks import TaskKind, ask

log = structlog.get_logger(__name__)


def take_listed(
    installation: Installation,
    account: Account,
    bookings: Sequence[PlatformBooking],
    look: Look,
    cause: str,
) -> list[PlatformBooking]:
    """Take in what a list shows; those that are on record by now. Raises ``SQLAlchemyError`` where
    the database does not take anything: the same piece of the list is to be asked for again."""
    return [b for b in bookings if _taken(installation, account, b, look, cause)]


def _taken(
    installation: Installation,
    account: Account,
    booking: PlatformBooking,
    look: Look,
    cause: str,
) -> bool:
    try:
        with installation.write() as record:
            seen = observe(installation, record, account, booking, look, cause)
            close_unread(record, account.name, booking.ref)
    except Exception as error:
        if isinstance(error, SQLAlchemyError) and not isinstance(error, DataError):
            raise
        log.error("a booking could not be taken in", error=describe(error))
        tell_unreadable(installation, account, booking.ref)
        return False
    return seen.booking_id is not None


def tell_unreadable(
    installation: Installation, account: Account, ref: str, why: str | None = None
) -> None:
    """Staff is asked to look at a booking that the bridge cannot read, and why."""
    with installation.write() as record:
        ask_unreadable(record, account.name, ref, why)


def close_unread(record: Record, account: str, ref: str) -> None:
    """A booking was read: what staff was asked because it could not be is over."""
    matter = f"{account}:{ref}"
    kinds = (TaskKind.UNREADABLE_BOOKING, TaskKind.UNREADABLE_DELIVERY)
    record.tasks.close(*((kind, matter) for kind in kinds))


def ask_unreadable(record: Record, account: str, ref: str, why: str | None = None) -> None:
    """The same within a transaction."""
    said = f": {why}" if why else ""
    topic = f"{account}:{ref}"
    ask(record, TaskKind.UNREADABLE_BOOKING, topic, account=account, ref=ref, why=said)
