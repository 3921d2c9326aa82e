"""A backup is whole though writing goes on, opens again, and never costs the data of today."""

import os
import stat
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from tests.databases import settings_of
from tests.store.conftest import a_client

from massage_ins_bridge.settings import Settings, StartError
from massage_ins_bridge.store import dumps
from massage_ins_bridge.store.archive import Manifest
from massage_ins_bridge.store.backup import make_backup
from massage_ins_bridge.store.copies import shape
from massage_ins_bridge.store.database import Store, open_store
from massage_ins_bridge.store.key_check import refuse_other_key
from massage_ins_bridge.store.lock import DataFileLock
from massage_ins_bridge.store.migrate import upgrade
from massage_ins_bridge.store.restore import restore_backup
from massage_ins_bridge.store.vault import new_key


def quiet(_what: str, _done: int, _whole: int) -> None:
    pass


def settings_over(store: Store, folder: Path) -> Settings:
    url = None if store.sqlite else store.engine.url.render_as_string(hide_password=False)
    return settings_of(folder, url)


@contextmanager
def writing(store: Store, now: datetime) -> Iterator[None]:
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            a_client(store, now)

    thread = threading.Thread(target=write)
    thread.start()
    yield
    stop.set()
    thread.join()


def rows(settings: Settings) -> dict[str, int]:
    store = open_store(settings)
    refuse_other_key(store.engine, store.vault)
    with store.engine.connect() as connection:
        found = shape(connection).rows
    store.close()
    return found


@pytest.fixture
def made(store: Store, now: datetime, tmp_path: Path) -> Manifest:
    """A backup made while a writer was writing; the writer went on for a while."""
    for _ in range(15):  # on SQLite these stand in the -wal file alone
        a_client(store, now)
    with writing(store, now):
        manifest = make_backup(
            settings_over(store, tmp_path), tmp_path / "b.zip", with_key=False, tell=quiet
        )
    a_client(store, now)
    return manifest


def test_what_was_written_before_comes_back(store: Store, made: Manifest, tmp_path: Path) -> None:
    if not store.sqlite:
        with store.engine.begin() as connection:
            connection.execute(text("CREATE SCHEMA dbos CREATE TABLE runs (id int)"))
    store.close()
    settings, file = settings_over(store, tmp_path), tmp_path / "b.zip"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "secret.key" not in zipfile.ZipFile(file).namelist()
    assert made.rows["patients"] == made.rows["facts"] >= 15
    before = rows(settings)
    assert before["patients"] > made.rows["patients"]
    with pytest.raises(StartError, match="holds data; --force"):
        restore_backup(settings, file, force=False, tell=quiet)
    assert rows(settings) == before
    (tmp_path / "runs.sqlite3").write_bytes(b"of the data that go")
    done = restore_backup(settings, file, force=True, tell=quiet)
    assert rows(settings) == made.rows
    assert kept(store, settings, done.aside) == before["patients"]
    assert (tmp_path / "runs.sqlite3").exists() is not store.sqlite
    again = open_store(settings)
    assert upgrade(again)[0] == made.revision  # nothing is left for it to stumble over
    assert "dbos" not in inspect(again.engine).get_schema_names()
    a_client(again, datetime.fromisoformat(made.made_at))
    again.close()


def kept(store: Store, settings: Settings, aside: str) -> int:
    """How many clients are among what was put aside."""
    again = open_store(settings)
    with again.engine.connect() as connection:
        if store.sqlite:
            connection.execute(text("ATTACH :file AS kept"), {"file": aside})
        where = "kept" if store.sqlite else aside.split()[2]
        count = text(f"SELECT count(*) FROM {where}.patients")  # noqa: S608 - a name of our own
        found = int(connection.execute(count).scalar_one())
    again.close()
    return found


def test_a_fresh_folder_takes_it_with_its_key(store: Store, now: datetime, tmp_path: Path) -> None:
    a_client(store, now)
    settings = settings_over(store, tmp_path)
    for name in ("with", "without"):
        make_backup(settings, tmp_path / name, with_key=name == "with", tell=quiet)
    fresh = settings_over(store, tmp_path / "fresh")
    store.close()
    with pytest.raises(StartError, match="made without its key"):
        restore_backup(fresh, tmp_path / "without", force=True, tell=quiet)
    key = fresh.data_dir / "secret.key"
    key.write_text(new_key(), encoding="ascii")
    with pytest.raises(StartError, match="is not the key that the backup was made with"):
        restore_backup(fresh, tmp_path / "with", force=True, tell=quiet)
    key.unlink()
    done = restore_backup(fresh, tmp_path / "with", force=True, tell=quiet)
    assert done.key_file == key
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert rows(fresh)["patients"] == 1


def test_a_restore_that_fails_leaves_what_was_there(
    store: Store, made: Manifest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.close()
    settings = settings_over(store, tmp_path)
    before = rows(settings)
    with zipfile.ZipFile(tmp_path / "b.zip") as good, zipfile.ZipFile(tmp_path / "x", "w") as bad:
        for name in good.namelist():
            content = good.read(name)
            bad.writestr(name, content if name == "manifest.json" else content[:-1] + b"?")
    with pytest.raises(StartError, match="is damaged"):
        restore_backup(settings, tmp_path / "x", force=True, tell=quiet)
    (tmp_path / "y").write_bytes((tmp_path / "b.zip").read_bytes()[:-100])
    with pytest.raises(StartError, match="is no backup, or a damaged one"):
        restore_backup(settings, tmp_path / "y", force=True, tell=quiet)
    with monkeypatch.context() as patched:
        patched.setattr(os, "link", fail)
        patched.setattr(dumps, "restore", fail)
        with pytest.raises(StartError):
            restore_backup(settings, tmp_path / "b.zip", force=True, tell=quiet)
    assert rows(settings) == before
    with monkeypatch.context() as patched:
        patched.setattr("massage_ins_bridge.store.migrate.known", lambda: {"0001"})
        with pytest.raises(StartError, match="made by a newer release"):
            restore_backup(settings, tmp_path / "b.zip", force=True, tell=quiet)


def fail(*_: object) -> None:
    raise StartError("it does not do")


def test_a_running_service_is_not_robbed(store: Store, made: Manifest, tmp_path: Path) -> None:
    settings = settings_over(store, tmp_path)
    lock = DataFileLock(store.file) if store.file else None
    if lock is not None:
        lock.take()
    connection = store.engine.connect()
    with pytest.raises(StartError, match=r"another process serves|the database is in use"):
        restore_backup(settings, tmp_path / "b.zip", force=True, tell=quiet)
    connection.close()
    if lock is not None:
        lock.give_back()


@pytest.mark.postgres
def test_who_is_just_ending_is_waited_for(postgres_url: str, tmp_path: Path) -> None:
    store = open_store(settings_of(tmp_path, postgres_url))
    upgrade(store)
    settings = settings_over(store, tmp_path)
    make_backup(settings, tmp_path / "b.zip", with_key=False, tell=quiet)
    store.engine.dispose()
    connection = store.engine.connect()
    ending = threading.Timer(1, connection.invalidate)
    ending.start()
    restore_backup(settings, tmp_path / "b.zip", force=True, tell=quiet)
    ending.join()
    store.close()


@pytest.mark.postgres
def test_a_password_stands_in_no_command(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = tmp_path / "pg_dump"
    tool.write_text(
        '#!/bin/sh\n[ "$1" = --version ] && echo "pg_dump (PostgreSQL) 99" && exit\n'
        f'echo "$@" "$PGPASSWORD" > {tmp_path}/said\necho "no room: $*" >&2\nexit 1\n'
    )
    tool.chmod(0o700)
    url = postgres_url.replace("postgres@", "postgres:secret@")
    settings = settings_of(tmp_path, url)
    open_store(settings).close()
    with monkeypatch.context() as patched:
        patched.setenv("PATH", str(tmp_path), prepend=os.pathsep)
        with pytest.raises(StartError, match="no room"):
            make_backup(settings, tmp_path / "b", with_key=False, tell=quiet)
    *words, password = (tmp_path / "said").read_text().split()
    assert password == "secret"
    assert not any("secret" in word for word in words)
    monkeypatch.setattr(dumps, "server_version", lambda _: 99)
    with pytest.raises(StartError, match="install PostgreSQL's client programs of version 99"):
        make_backup(settings, tmp_path / "b", with_key=False, tell=quiet)
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith((".", "b"))] == []
