"""Accounts as staff sees them, and having their platforms looked at out of turn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete

from ..store.models import MetaRow
from ..store.record import Record, Work, WorkKind
from .accounts import Account
from .errors import ConflictError
from .first_look import account_of, entered_by_hand, look_anew, progress
from .installation import Installation
from .looked import complete
from .trouble import trouble_of


@dataclass(frozen=True, slots=True)
class AccountView:
    """One account. ``enforcement`` as set; ``observes``: nothing is written for now, because it is
    set so or because not all bookings were taken in. ``taken`` and ``taken_at``: how many bookings
    the look at all of them has brought, and when it was complete; ``waits``: why it does not go
    on. ``trouble``: why its platform cannot be asked, since ``trouble_since``; empty where it can.
    """

    name: str
    connector: str
    enforcement: str
    observes: bool
    taken: int
    taken_at: datetime | None
    waits: str
    trouble: str
    trouble_since: datetime | None


@dataclass(frozen=True, slots=True)
class AccountList:
    """The accounts, in the order of the settings."""

    accounts: tuple[AccountView, ...]


def list_accounts(installation: Installation, record: Record) -> AccountList:
    """All of them."""
    accounts = installation.accounts.values()
    return AccountList(tuple(account_view(record, account) for account in accounts))


def account_view(record: Record, account: Account) -> AccountView:
    """One account as it is now."""
    found, amiss = progress(record, account), trouble_of(record, account.name)
    return AccountView(
        name=account.name,
        connector=account.settings.connector,
        enforcement=account.settings.enforcement,
        observes=not (account.enforces and complete(record, account)),
        taken=found.taken,
        taken_at=found.done_at,
        waits=found.waits,
        trouble=amiss.said if amiss is not None else "",
        trouble_since=amiss.since if amiss is not None else None,
    )


def sync(
    installation: Installation,
    record: Record,
    name: str,
    *,
    full: bool = False,
    by_hand: bool = False,
) -> AccountView:
    """Have an account's platform asked for its changes, or for all of its bookings (``full``);
    ``by_hand``: staff has entered them. Raises ``NotFoundError`` and ``ConflictError``."""
    account = account_of(installation, name)
    if by_hand:
        entered_by_hand(record, account)
    elif full:
        look_anew(record, account)
    elif not account.can("changes"):
        raise ConflictError("This platform does not list what changed.")
    else:
        polled = MetaRow.name == f"polled:{name}"
        record.session.execute(delete(MetaRow).where(MetaRow.clinic == record.clinic, polled))
    if not by_hand:
        kind: WorkKind = "first-look" if full else "reconcile"
        record.work.append(Work(kind, name, f"{kind}:{name}:{record.now:%Y%m%dT%H%M%S%f}", name))
    return account_view(record, account)
