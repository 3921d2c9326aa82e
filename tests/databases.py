"""Databases for tests: each brought to its newest shape once, and then copied for whoever needs
one of their own."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from massage_ins_bridge.settings import Settings, StartError
from massage_ins_bridge.store.database import DATA_FILE, open_store
from massage_ins_bridge.store.migrate import upgrade

#: What must be free on a memory disk that is used, in bytes.
ROOM_IN_MEMORY = 1 << 30
#: The server that is used where one answers; otherwise the tests start one of their own.
LOCAL_POSTGRES = "postgresql://postgres@127.0.0.1:5432/{}"


def settings_of(folder: Path, url: str | None = None, **more: object) -> Settings:
    """Settings over a data folder, and over a database where one is named."""
    return Settings.model_validate({"data_dir": folder, "database_url": url, **more})


def refusal(act: Callable[[], Any]) -> str:
    """The one line in which it is refused to start."""
    with pytest.raises(StartError) as caught:
        act()
    assert "\n" not in str(caught.value)
    return str(caught.value)


@cache
def migrated_sqlite() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        _migrate(settings_of(Path(folder)))
        return (Path(folder) / DATA_FILE).read_bytes()


def fresh_sqlite(folder: Path) -> None:
    """A migrated database without rows, where the folder has none yet."""
    file = folder / DATA_FILE
    if not file.exists():
        file.touch(0o600)
        file.write_bytes(migrated_sqlite())


@contextmanager
def memory_folder() -> Iterator[Path]:
    """A folder for data that need not outlive a loss of power: on a memory disk nothing waits for
    a real one, which makes a life half as long. A small one is left alone: SQLite maps a file of
    the database into memory, and a process that writes to such a file on a full disk is ended."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
    large = memory.is_dir() and shutil.disk_usage(memory).free > ROOM_IN_MEMORY
    with tempfile.TemporaryDirectory(dir=memory if large else None) as folder:
        yield Path(folder)


def _migrate(settings: Settings) -> None:
    store = open_store(settings)
    upgrade(store)
    store.close()


@dataclass(frozen=True)
class PostgresServer:
    """A server to make databases on: ``pattern`` is an address with the database's name open."""

    pattern: str

    def address(self, database: str) -> str:
        """As SQLAlchemy writes it."""
        return self.pattern.format(database).replace("postgresql:", "postgresql+psycopg:", 1)

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """A database made like ``template``, by its name; dropped in the end."""
        name = f"t{uuid4().hex}"
        made, copied = Identifier(name), Identifier(template)
        with psycopg.connect(self.pattern.format("postgres"), autocommit=True) as connection:
            connection.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(made, copied))
            try:
                yield name
            finally:
                connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(made))

    @contextmanager
    def migrated(self) -> Iterator[str]:
        """A migrated database without rows, by its name."""
        with self.database() as name, tempfile.TemporaryDirectory() as folder:
            _migrate(settings_of(Path(folder), self.address(name)))
            yield name


def postgres_bin() -> Path | None:
    """Where ``initdb`` and ``pg_ctl`` are; Debian keeps them off the path."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(versions, key=lambda p: int(p.parts[-3]), default=None)
    return newest.parent if newest else None


@cache
def postgres_answers() -> bool:
    """Whether a server lets the user ``postgres`` in on this machine's usual port."""
    try:
        psycopg.connect(LOCAL_POSTGRES.format("postgres"), connect_timeout=3).close()
    except psycopg.Error:
        return False
    return True


@contextmanager
def own_postgres() -> Iterator[tuple[PostgresServer, int]]:
    """A server of the tests' own, and the id of its first process; mark the test ``postgres``."""
    bin_folder = postgres_bin()
    assert bin_folder is not None, "mark the test `postgres`"
    # The server refuses to run as root; Debian's package brings a user for it.
    user = "postgres" if os.getuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="mib-pg-"))
    if user:
        shutil.chown(folder, user)

    def run(*command: str) -> None:
        program, *rest = command
        given = [str(bin_folder / program), "-D", str(folder / "data"), *rest]
        with folder.with_suffix(".log").open("ab") as log:
            subprocess.run(given, check=True, user=user, cwd=folder, stdout=log, stderr=log)

    run("initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=200"
    run("pg_ctl", "-w", "-o", options, "start")
    try:
        first = int((folder / "data" / "postmaster.pid").read_text("utf-8").split()[0])
        yield PostgresServer("postgresql://postgres@/{}?host=" + str(folder)), first
    finally:
        run("pg_ctl", "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder)
        folder.with_suffix(".log").unlink()
