"""Every store test runs on SQLite and, where a server can be started, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from massage_ins_bridge.settings import Settings
from massage_ins_bridge.store.database import Store, open_store
from massage_ins_bridge.store.migrate import upgrade
from massage_ins_bridge.store.record import Record


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 22, 18, tzinfo=UTC)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else None
    made = open_store(Settings(data_dir=tmp_path, database_url=url))
    upgrade(made)
    yield made
    made.close()


@contextmanager
def opened(store: Store, now: datetime, clinic: str = "default") -> Iterator[Record]:
    """The record, for writing, at ``now``."""
    with store.write() as session:
        yield Record(session, store.vault, clinic, now, "America/Los_Angeles")
