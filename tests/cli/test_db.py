"""``db upgrade``; and what every command says of a database that cannot be used."""

from pathlib import Path

import pytest
from tests.cli.conftest import Run
from tests.databases import fresh_sqlite

from massage_ins_bridge.store import database
from massage_ins_bridge.store.migrate import head

COMMANDS = (["doctor", "--offline"], ["key", "add", "x"], ["key", "list"], ["db", "upgrade"])


def test_the_database_is_brought_to_the_newest_shape_once(run: Run) -> None:
    assert run("db", "upgrade", MIB_DATA_DIR="data").out == f"empty -> {head()}\n"
    assert run("db", "upgrade", MIB_DATA_DIR="data").out == f"already at {head()}\n"


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_an_unusable_database_is_told_by_every_command(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    done = run(*command, MIB_DATABASE_URL="sqlite:foo")
    assert done.code in (1, 2)
    assert "database_url: " in done.out + done.err
    fresh_sqlite(tmp_path)
    pragmas = (*database.sqlite_pragmas(), "PRAGMA query_only=ON")
    monkeypatch.setattr(database, "sqlite_pragmas", lambda: pragmas)
    done = run(*command, MIB_DATA_DIR=str(tmp_path))
    assert done.code in (1, 2)
    assert "attempt to write a readonly database" in done.out + done.err
