"""Keys of the HTTP API: shown once, kept as hashes, each good for one clinic."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from .database import Store
from .models import ApiKeyRow
from .types import new_id


class KeyNameError(ValueError):
    """The name is taken or cannot be used, or there is no such key."""


#: How many characters a key's name may have.
MAX_NAME = 200


def add_key(store: Store, clinic: str, name: str, now: datetime) -> str:
    """A new key, returned this once. Raises ``KeyNameError`` where the name is in use, or
    cannot be listed in one line."""
    if not name.strip() or len(name) > MAX_NAME or not name.isprintable():
        raise KeyNameError(
            f"NAME: must be one line of 1 to {MAX_NAME} characters, such as 'front-desk'"
        )
    secret = f"mib_{secrets.token_urlsafe(32)}"
    with store.write() as session:
        known = session.scalar(
            select(ApiKeyRow).where(ApiKeyRow.clinic == clinic, ApiKeyRow.name == name)
        )
        if known is not None:
            raise KeyNameError(f"a key named {name!r} exists; take another name")
        session.add(
            ApiKeyRow(
                id=new_id("key"),
                clinic=clinic,
                name=name,
                key_hash=_hash(secret),
                created_at=now,
            )
        )
    return secret


def list_keys(store: Store, clinic: str) -> list[ApiKeyRow]:
    with store.read() as session:
        query = select(ApiKeyRow).where(ApiKeyRow.clinic == clinic).order_by(ApiKeyRow.name)
        return list(session.scalars(query))


def revoke_key(store: Store, clinic: str, name: str, now: datetime) -> None:
    """The key stops working at once. Raises ``KeyNameError``."""
    with store.write() as session:
        row = session.scalar(
            select(ApiKeyRow).where(ApiKeyRow.clinic == clinic, ApiKeyRow.name == name)
        )
        if row is None:
            raise KeyNameError(f"there is no key named {name!r}; see `mib key list`")
        row.revoked_at = row.revoked_at or now


@dataclass(frozen=True, slots=True)
class Key:
    """A key that is good: the clinic whose it is, and the name that it was given."""

    id: str
    clinic: str
    name: str


def key_of(store: Store, secret: str) -> Key | None:
    """The key with that secret; ``None`` for an unknown or revoked one."""
    with store.read() as session:
        row = session.scalar(select(ApiKeyRow).where(ApiKeyRow.key_hash == _hash(secret)))
        if row is None or row.revoked_at is not None:
            return None
        return Key(row.id, row.clinic, row.name)


def _hash(secret: str) -> str:
    """Plain SHA-256 suffices: the key holds 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()
