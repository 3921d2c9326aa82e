"""What keeps a database from being opened is one line that names the setting and the cure."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
import typer
from sqlalchemy.exc import OperationalError
from tests.web.conftest import TestClient
from typer.testing import CliRunner

from massage_ins_bridge.cli.db import app as db
from massage_ins_bridge.cli.doctor import doctor
from massage_ins_bridge.cli.keys import app as keys
from massage_ins_bridge.settings import Settings, StartError
from massage_ins_bridge.store import database, migrate
from massage_ins_bridge.store.database import open_store
from massage_ins_bridge.store.migrate import upgrade
from massage_ins_bridge.web.app import create_app
from massage_ins_bridge.web.door.logs import _discreet

ADDRESSES = [
    "sqlite:foo",
    "sqlite://",
    "sqlite:///:memory:",
    "sqlite:///file:x?mode=ro&uri=true",
    "postgresql+psycopg://user:hidden@host:abc/name",
]


def said(open_it: Callable[[], Any]) -> str:
    with pytest.raises(StartError) as caught:
        open_it()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def commands() -> list[tuple[typer.Typer, list[str]]]:
    alone = typer.Typer()
    alone.command()(doctor)
    return [(alone, ["--offline"]), (keys, ["add", "x"]), (keys, ["list"]), (db, ["upgrade"])]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_that_names_no_database(tmp_path: Path, address: str) -> None:
    line = said(lambda: open_store(Settings(data_dir=tmp_path, database_url=address)))  # type: ignore[arg-type]
    assert line.startswith("database_url: ")
    assert "sqlite:////FULL/PATH" in line
    assert "hidden" not in line
    assert not (tmp_path / "secret.key").exists()


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_command_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MIB_DATABASE_URL", address)
    for app, arguments in commands():
        done = CliRunner().invoke(app, arguments)
        assert isinstance(done.exception, SystemExit)
        assert done.exit_code in (1, 2)
        assert "database_url: " in done.output


def test_a_database_that_takes_no_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(Settings(data_dir=tmp_path))
    upgrade(store)
    store.close()
    pragmas = (*database.sqlite_pragmas(), "PRAGMA query_only=ON")
    monkeypatch.setattr(database, "sqlite_pragmas", lambda: pragmas)
    line = said(lambda: open_store(Settings(data_dir=tmp_path)))
    assert line.startswith("data_dir: the database cannot be opened or written (attempt to write")
    assert "mend its file's rights" in line
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MIB_DATA_DIR", str(tmp_path))
    for app, arguments in commands():
        done = CliRunner().invoke(app, arguments)
        assert done.exit_code in (1, 2)
        assert "attempt to write a readonly database" in done.output


@pytest.mark.postgres
def test_a_server_that_takes_no_writing(tmp_path: Path, postgres_url: str) -> None:
    name = postgres_url.rsplit("/", 1)[1].split("?", maxsplit=1)[0]
    with psycopg.connect(postgres_url.replace("+psycopg", "", 1), autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")  # type: ignore[arg-type]
    line = said(lambda: open_store(Settings(data_dir=tmp_path, database_url=postgres_url)))  # type: ignore[arg-type]
    assert line.startswith("database_url: ")
    assert "takes no writing" in line


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OperationalError("CREATE", {}, sqlite3.OperationalError("database or disk is full"))

    monkeypatch.setattr(migrate.command, "upgrade", full)
    store = open_store(Settings(data_dir=tmp_path))
    assert said(lambda: upgrade(store)).endswith(
        "(database or disk is full); make room on the disk, or mend it"
    )
    store.close()


@pytest.mark.parametrize("kind", ["folder", "garbage"])
def test_a_file_of_durable_runs_that_cannot_be_used(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "runs.sqlite3"
    if kind == "folder":
        file.mkdir()
    else:
        file.write_bytes(b"nothing of the kind" * 100)
    line = said(lambda: create_app(Settings(data_dir=tmp_path)))
    assert line.startswith(f"{file}: ")
    assert line.endswith("or move it away: it is made anew")
    assert said(lambda: create_app(Settings(data_dir=tmp_path))) == line  # nothing is held back


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (
            OperationalError("CREATE", {}, sqlite3.OperationalError("database or disk is full")),
            "durable runs: the database cannot be opened or written (database or disk is full); ",
        ),
        (ValueError("Ann"), "durable runs: they cannot be started (ValueError in "),
    ],
)
def test_durable_runs_that_cannot_be_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, line: str
) -> None:
    def fail(_: Any) -> None:
        raise error

    monkeypatch.setattr("massage_ins_bridge.engine.engine.Engine.start", fail)
    app = create_app(Settings(data_dir=tmp_path))
    assert said(TestClient(app).__enter__).startswith(line)
    assert str(app.state.trouble).startswith(line)
    app.state.worker.installation.close()


def test_a_librarys_traceback_is_not_logged() -> None:
    text = "Traceback (most recent call last)\n  File x\nValueError: Ann Lee\n"
    record = _discreet("uvicorn.error", 40, "x.py", 1, text, (), None)
    assert record.getMessage() == "it failed (ValueError)"
