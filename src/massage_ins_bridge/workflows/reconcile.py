"""Looking for what a missed delivery would have said: the platform's own list of changes."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from ..api.connectors import PlatformBooking, PlatformError
from ..store.models import MetaRow
from ..store.tasks import Tasks
from .effects import Planned
from .faults import describe
from .intake import Taken
from .observing import observe
from .service import Service

log = structlog.get_logger(__name__)
#: How far back the first look goes, and by how much later ones overlap.
FIRST_LOOK, OVERLAP = timedelta(days=2), timedelta(minutes=15)


def reconcile(service: Service, account_name: str) -> Taken:
    """Take in every booking that changed since the newest change seen, by the platform's own
    clock. A platform that does not answer is asked again at the next look."""
    account = service.accounts.get(account_name)
    if account is None or not account.can("changes"):
        return Taken()
    began = service.clock.now()
    since = _since(service, account_name, began)
    try:
        found = account.connector.changes(since)
    except PlatformError as error:
        log.warning("reconciling failed", account=account_name, error=error.message)
        _tell(service, account_name, error, began)
        return Taken()
    planned: list[Planned] = []
    for booking in found:
        planned += _take(service, account_name, booking)
    with service.store.write() as session:
        name = f"reconciled:{account_name}"
        reached = max((b.version for b in found if b.version), default=since + OVERLAP)
        session.merge(MetaRow(clinic=service.clinic, name=name, value=reached.isoformat()))
        Tasks(session, service.store.vault, service.clinic).close(
            "platform-silent", account_name, began
        )
    return Taken(tuple(planned))


def _take(service: Service, account_name: str, booking: PlatformBooking) -> list[Planned]:
    account = service.accounts[account_name]
    try:
        with service.store.write() as session:
            now = service.clock.now()
            return observe(session, service, account, booking, "reconcile", now).planned
    except (ValueError, OverflowError, TypeError) as error:
        log.error("a booking could not be taken in", error=describe(error))
        with service.store.write() as session:
            Tasks(session, service.store.vault, service.clinic).open(
                "unreadable-booking",
                f"{account_name}:{booking.ref}"[:120],
                "A booking on the platform could not be understood; look at it there.",
                service.clock.now(),
            )
        return []


def _since(service: Service, account_name: str, now: datetime) -> datetime:
    with service.store.read() as session:
        row = session.get(MetaRow, (service.clinic, f"reconciled:{account_name}"))
    if row is None:
        return now - FIRST_LOOK
    return datetime.fromisoformat(row.value) - OVERLAP


def _tell(service: Service, account_name: str, error: PlatformError, now: datetime) -> None:
    if not error.permanent:
        return
    with service.store.write() as session:
        Tasks(session, service.store.vault, service.clinic).open(
            "platform-silent",
            account_name,
            f"The platform of the account {account_name!r} refuses to list bookings: "
            f"{error.message}. Check the account's key and address.",
            now,
        )
