"""Whether the bridge knows every booking of an account: it acts upon nothing before."""

from __future__ import annotations

from ..store.record import Record
from .accounts import Account


def complete(record: Record, account: Account) -> bool:
    """Whether all bookings of the account were taken in since it was connected, or since staff
    asked for that again. Until then nothing may be written to its platform."""
    row = record.looks.first(account.name)
    return row is not None and row.done_at is not None and row.platform == platform_of(account)


def platform_of(account: Account) -> str:
    """What the account is connected to: under the same name it may be another platform."""
    return f"{account.settings.connector} {account.settings.base_url or ''}"[:300]
