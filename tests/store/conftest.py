"""Every store test runs on SQLite and, where a server can be started, on PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.databases import fresh_sqlite, settings_of

from massage_ins_bridge.store.clients import Contact
from massage_ins_bridge.store.database import Store, open_store
from massage_ins_bridge.store.record import Record


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 22, 18, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path, database_url: str | None) -> Iterator[Store]:
    fresh_sqlite(tmp_path)
    made = open_store(settings_of(tmp_path, database_url))
    yield made
    made.close()


@contextmanager
def opened(store: Store, now: datetime, clinic: str = "default") -> Iterator[Record]:
    """The record, for writing, at ``now``."""
    with store.write() as session:
        yield Record(session, store.vault, clinic, now, "America/Los_Angeles")


def a_client(store: Store, now: datetime) -> None:
    """A client and their coverage, in one transaction."""
    with opened(store, now) as record:
        row = record.clients.create({"name": "Ann"}, Contact())
        record.facts.add(row.id, "coverage", {"payer": "regence"})
