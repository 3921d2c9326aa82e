"""Services and hosts that the settings did not name before: their bookings were left alone, so that
none of them is known. They are taken in before anything is acted upon."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from sqlalchemy import delete, select

from ..settings import AccountSettings
from ..store.models import MetaRow
from ..store.record import Record
from .accounts import Account
from .installation import Installation
from .looked import platform_of

_PREFIX = "named:"


def look_where_more_is_named(installation: Installation) -> None:
    """Have every account looked at whole whose settings name a service or host that they did not
    name at the last start. Settings change only with a start."""
    accounts = installation.accounts.values()
    with installation.write() as record:
        record.lock()
        before = set(_names(record))
        now = {account.name: set(_named(account)) for account in accounts}
        for account in accounts:
            if _mark(account, "account", account.name) in before and now[account.name] - before:
                _look(record, account)
        _keep(record, before, set().union(*now.values()))


def _look(record: Record, account: Account) -> None:
    if record.looks.first(account.name) is not None:
        record.looks.begin_first(account.name, platform_of(account))


def _named(account: Account) -> Iterator[str]:
    """A mark for the account and for each service and host whose bookings are judged."""
    settings: AccountSettings = account.settings
    yield _mark(account, "account", account.name)
    for ref in settings.services:
        yield _mark(account, "service", ref)
    for ref in settings.practitioners or ("the account's own user",):
        yield _mark(account, "host", ref)


def _mark(account: Account, kind: str, ref: str) -> str:
    said = f"{account.name}\0{kind}\0{ref}"
    return _PREFIX + hashlib.sha256(said.encode()).hexdigest()


def _names(record: Record) -> list[str]:
    named = MetaRow.name.startswith(_PREFIX)
    return list(
        record.session.scalars(select(MetaRow.name).where(MetaRow.clinic == record.clinic, named))
    )


def _keep(record: Record, before: set[str], now: set[str]) -> None:
    gone = MetaRow.name.in_(before - now)
    record.session.execute(delete(MetaRow).where(MetaRow.clinic == record.clinic, gone))
    for name in sorted(now - before):
        record.session.add(MetaRow(clinic=record.clinic, name=name, value=record.now.isoformat()))
