from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from massage_ins_bridge.settings import Settings, StartError
from massage_ins_bridge.store.database import Store, open_store
from massage_ins_bridge.store.migrate import current, head, upgrade
from massage_ins_bridge.store.models import Base


def test_migrations_lead_to_the_models(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert current(connection) == head()


def test_upgrading_twice_changes_nothing(store: Store) -> None:
    assert upgrade(store) == (head(), head())


def test_a_newer_database_is_refused_in_one_line(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StartError, match=r"made by a newer release \(revision 9999\)"):
        upgrade(store)


def test_an_unwritable_data_folder(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("", encoding="utf-8")
    with pytest.raises(StartError, match=r"data_dir: .* cannot be written"):
        open_store(Settings(data_dir=blocker / "data"))


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "bridge.sqlite3").write_bytes(b"no database at all" * 100)
    with pytest.raises(StartError, match="cannot be opened"):
        open_store(Settings(data_dir=tmp_path))


def test_sqlite_is_durable(tmp_path: Path) -> None:
    made = open_store(Settings(data_dir=tmp_path))
    with made.engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
    made.close()
