"""Whose a booking is: the clinic's, or something that is no business of the bridge.

A platform shows more than a clinic's bookings: the owner's other services, their colleagues' and
what they booked themselves. Only the services and hosts that the settings name are judged. Anything
else is not stored, never written to, and asked about once.
"""

from __future__ import annotations

from ..api.connectors import PlatformBooking
from ..settings import AccountSettings
from ..store.bookings import Details
from ..store.models import MetaRow
from ..store.record import Record
from .accounts import Account
from .tasks import TaskKind, ask


def judged(account: Account, booking: PlatformBooking) -> bool:
    """Whether a booking is the clinic's: of a service that the account's settings name, and given
    by a host that they name; where they name none, by the account's own user, as far as the
    platform tells."""
    settings = account.settings
    return _serves(settings, booking.service_ref) and _hosts(settings, booking)


def still_judged(account: Account, details: Details) -> bool:
    """The same of a booking on record: the settings may name fewer services and hosts by now."""
    settings = account.settings
    named = settings.practitioners
    hosted = not named or any(host in named for host in details.host_refs)
    return _serves(settings, details.service_ref) and hosted


def ask_whose(record: Record, account: Account, booking: PlatformBooking) -> None:
    """Ask about a booking that is not judged: one task for each service, and for each host, that
    nobody named, without a word about who booked."""
    settings, name = account.settings, account.name
    if not _serves(settings, booking.service_ref):
        _ask(record, TaskKind.UNKNOWN_SERVICE, name, booking.service_ref)
    elif not _hosts(settings, booking):
        _ask(record, TaskKind.UNKNOWN_HOST, name, next(iter(booking.host_refs), None))


def _serves(settings: AccountSettings, service_ref: str | None) -> bool:
    return service_ref is not None and service_ref in settings.services


def _hosts(settings: AccountSettings, booking: PlatformBooking) -> bool:
    if settings.practitioners:
        return any(host in settings.practitioners for host in booking.host_refs)
    return booking.own is not False


def close_answered(record: Record, account: Account) -> None:
    """What the settings name by now is no longer asked about."""
    named = ((TaskKind.UNKNOWN_SERVICE, ref) for ref in account.settings.services)
    hosts = ((TaskKind.UNKNOWN_HOST, ref) for ref in account.settings.practitioners)
    for kind, ref in (*named, *hosts):
        record.tasks.close((kind, f"{account.name}:{ref}"))


def close_about_hosts(record: Record, account: Account, booking: PlatformBooking) -> None:
    """A host whose booking is judged is no longer asked about: where the settings name no host, it
    is the account's own user."""
    if not account.settings.practitioners:
        about = ((TaskKind.UNKNOWN_HOST, f"{account.name}:{ref}") for ref in booking.host_refs)
        record.tasks.close(*about)


def _ask(record: Record, kind: TaskKind, account: str, ref: str | None) -> None:
    """Once, even where staff is through with the task: that nothing was named is an answer too."""
    topic = f"{account}:{ref}"
    name = f"asked:{record.tasks.key(kind, topic)}"
    if record.session.get(MetaRow, (record.clinic, name)) is None:
        record.session.add(MetaRow(clinic=record.clinic, name=name, value=record.now.isoformat()))
        ask(record, kind, topic, ref=repr(ref) if ref else "that has no id", account=account)
