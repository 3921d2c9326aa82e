"""A database that is opened, and one that cannot be: one line names the setting and the cure."""

from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Identifier
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from tests.databases import fresh_sqlite, refusal, settings_of

from massage_ins_bridge.store import database
from massage_ins_bridge.store.database import Store, make_engine, open_store, ping, real_write


def test_a_good_one_answers_and_takes_writing(store: Store) -> None:
    ping(store.engine, 2)
    with store.write_lock.hold() if not store.sqlite else store.read():
        real_write(store.engine)


def test_one_without_writing_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh_sqlite(tmp_path)
    file = tmp_path / "bridge.sqlite3"
    engine = make_engine(f"sqlite:///{file}")
    only: list[str] = ["ON"]
    monkeypatch.setattr(database, "PROBE_SECONDS", 600.0)
    event.listen(engine, "checkout", lambda c, *_: c.execute(f"PRAGMA query_only={only[0]}"))
    for _ in range(2):
        ping(engine, 2)
        with pytest.raises(SQLAlchemyError, match="readonly"):
            real_write(engine)
        only[0] = "OFF"  # what was found counts for a while
    monkeypatch.setattr(database, "PROBE_SECONDS", 0.0)
    real_write(engine)
    engine.dispose()
    file.unlink()
    with pytest.raises(OperationalError, match="unable to open"):
        ping(engine, 2)
    assert not file.exists()


def test_sqlite_is_durable(tmp_path: Path) -> None:
    made = open_store(settings_of(tmp_path))
    with made.engine.connect() as connection:
        found = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    made.close()


def test_a_folder_or_a_file_of_another_kind(tmp_path: Path) -> None:
    (tmp_path / "bridge.sqlite3").write_bytes(b"no database at all" * 100)
    assert "cannot be opened" in refusal(lambda: open_store(settings_of(tmp_path)))
    blocked = settings_of(tmp_path / "bridge.sqlite3" / "data")
    assert "cannot be written" in refusal(lambda: open_store(blocked))


@pytest.mark.parametrize(
    "address",
    [
        *("sqlite:foo", "sqlite://", "sqlite:///:memory:", "sqlite:///file:x?mode=ro&uri=true"),
        *("sqlite:///x?mode=rwc", "sqlite:///x?timeout=1"),
        "postgresql+psycopg://user:hidden@host:abc/name",
    ],
)
def test_an_address_that_names_no_database(tmp_path: Path, address: str) -> None:
    line = refusal(lambda: open_store(settings_of(tmp_path, address)))
    assert line.startswith("database_url: ")
    assert "sqlite:////FULL/PATH" in line
    assert "hidden" not in line
    assert not (tmp_path / "secret.key").exists()


def test_a_file_that_takes_no_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh_sqlite(tmp_path)
    pragmas = (*database.sqlite_pragmas(), "PRAGMA query_only=ON")
    monkeypatch.setattr(database, "sqlite_pragmas", lambda: pragmas)
    line = refusal(lambda: open_store(settings_of(tmp_path)))
    assert line.startswith("data_dir: the database cannot be opened or written (attempt to write")
    assert "mend its file's rights" in line


@pytest.mark.postgres
def test_a_server_that_takes_no_writing(tmp_path: Path, postgres_url: str) -> None:
    with psycopg.connect(postgres_url.replace("+psycopg", "", 1), autocommit=True) as connection:
        name = Identifier(connection.info.dbname)
        connection.execute(
            SQL("ALTER DATABASE {} SET default_transaction_read_only = on").format(name)
        )
    line = refusal(lambda: open_store(settings_of(tmp_path, postgres_url)))
    assert line.startswith("database_url: ")
    assert "takes no writing" in line


def test_no_empty_file_is_made_where_the_data_were(tmp_path: Path) -> None:
    store = open_store(settings_of(tmp_path))
    assert store.file is not None
    store.file.rename(tmp_path / "away")
    store.engine.dispose()
    with pytest.raises(OperationalError, match="it is gone"), store.read() as session:
        session.execute(text("SELECT 1"))
    assert not store.file.exists()
    store.close()
