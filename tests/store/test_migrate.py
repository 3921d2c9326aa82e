"""A database is brought to the newest shape, or refused in one line."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from tests.databases import refusal, settings_of

from massage_ins_bridge.store.database import Store, open_store
from massage_ins_bridge.store.migrate import current, head, upgrade
from massage_ins_bridge.store.models import Base


def test_migrations_lead_to_the_models(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert current(connection) == head()
    assert upgrade(store) == (head(), head())


def test_a_newer_database_is_refused(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert "made by a newer release (revision 9999)" in refusal(lambda: upgrade(store))


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OperationalError("CREATE", {}, sqlite3.OperationalError("database or disk is full"))

    monkeypatch.setattr(command, "upgrade", full)
    store = open_store(settings_of(tmp_path))
    line = refusal(lambda: upgrade(store))
    assert line.endswith("(database or disk is full); make room on the disk, or mend it")
    store.close()
