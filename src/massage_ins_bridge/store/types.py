"""Column types, ids, and what indexes are called."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import BigInteger, Date, DateTime, Integer, LargeBinary, String
from sqlalchemy.types import TypeDecorator


class UtcTime(TypeDecorator[datetime]):
    """An aware time, kept as UTC without a zone so that SQLite and PostgreSQL agree."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


def new_id(kind: str) -> str:
    """A fresh id that says what it names, such as ``pat_1f0c…``."""
    return f"{kind}_{secrets.token_hex(12)}"


#: A platform's own name of a booking: some use up to 255 characters.
PlatformRef = String(255)
Serial = BigInteger().with_variant(Integer, "sqlite")
#: How columns of these types are kept, unless they say otherwise.
KINDS: dict[Any, Any] = {datetime: UtcTime, date: Date, bytes: LargeBinary, str: String(200)}
#: What indexes and constraints are called.
NAMES: Mapping[str, str] = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
