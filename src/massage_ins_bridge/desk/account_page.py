"""How each account is, in words, with what it would write where it only watches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from ..store.models import BookingRow, DeliveryRow
from ..store.record import Record
from .connecting import Refused, refused_deliveries
from .going_live import number_waiting
from .installation import Installation
from .sync import AccountView, list_accounts
from .trouble import in_plain, trouble_of

#: Of how many days a watching account says what it would have done.
WATCHED_DAYS = 7


@dataclass(frozen=True, slots=True)
class AccountCard:
    """One account. ``heard_at``: when its last delivery came. ``would``: of the bookings that came
    within a week, how many would be confirmed, held and refused. ``waiting``: how many bookings
    that stood before wait to be let through; ``refused``: deliveries whose secret does not fit.
    ``hears``: deliveries come to it, else it is asked. ``silent``: why its platform does not
    answer; ``passing``: why it did not, for so short a while that it may be nothing."""

    account: AccountView
    platform: str
    address: str
    services: tuple[tuple[str, str], ...]
    hosts: tuple[tuple[str, str], ...]
    heard_at: datetime | None
    would: tuple[tuple[str, int], ...]
    waiting: int
    refused: Refused | None = None
    hears: bool = True
    silent: str = ""
    passing: str = ""


_WOULD = {"allow": "would be confirmed", "hold": "would be held", "block": "would be refused"}


def account_cards(installation: Installation, record: Record) -> tuple[AccountCard, ...]:
    """All accounts, in the order of the settings."""
    return tuple(
        _card(installation, record, view) for view in list_accounts(installation, record).accounts
    )


def _card(installation: Installation, record: Record, view: AccountView) -> AccountCard:
    account = installation.accounts[view.name]
    settings = account.settings
    trouble = trouble_of(record, view.name)
    said = in_plain(trouble.said) if trouble is not None else ""
    lasts = trouble is not None and trouble.matters(record.now)
    base = installation.settings.public_url.rstrip("/")
    return AccountCard(
        account=view,
        platform=account.platform,
        address=f"{base}/webhooks/{view.name}" if base else f"/webhooks/{view.name}",
        services=tuple((ref, one.service) for ref, one in settings.services.items()),
        hosts=tuple(settings.practitioners.items()),
        heard_at=_heard_at(record, view.name),
        would=_would(record, view.name) if view.observes else (),
        waiting=number_waiting(installation, record, view.name),
        refused=refused_deliveries(installation, view.name),
        hears=bool(settings.webhook_secret.get_secret_value()),
        silent=said if lasts else "",
        passing="" if lasts else said,
    )


def _heard_at(record: Record, account: str) -> datetime | None:
    query = select(func.max(DeliveryRow.received_at)).where(
        DeliveryRow.clinic == record.clinic, DeliveryRow.account == account
    )
    return record.session.scalar(query)


def _would(record: Record, account: str) -> tuple[tuple[str, int], ...]:
    since = record.now - timedelta(days=WATCHED_DAYS)
    query = (
        select(BookingRow.outcome, func.count())
        .where(
            BookingRow.clinic == record.clinic,
            BookingRow.account == account,
            BookingRow.created_at >= since,
            BookingRow.outcome.is_not(None),
        )
        .group_by(BookingRow.outcome)
    )
    found = {str(row[0]): int(row[1]) for row in record.session.execute(query).all()}
    return tuple((words, found.get(outcome, 0)) for outcome, words in _WOULD.items())
