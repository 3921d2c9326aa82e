"""What every test of this repository may rely on: no network beyond this machine, no settings of
whoever runs it, a real PostgreSQL server and a real browser where the test asks for one.

A machine without PostgreSQL or Chromium skips the tests marked ``postgres`` and ``browser``;
with ``TEST_REQUIRE_ALL=1``, as in continuous integration, they fail instead.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from hypothesis import settings

# Timing belongs to the benchmarks: a busy machine must not fail a property.
settings.register_profile("house", deadline=None, print_blob=True)
settings.load_profile("house")


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """``core_only`` is about a host without plugins; with plugins installed it has no subject."""
    if collection_path.name != "core_only":
        return None
    names = {point.name for point in entry_points(group="massage_ins_bridge")}
    return True if names - {"core"} else None


def pytest_runtest_setup(item: pytest.Item) -> None:
    refuse = pytest.fail if os.environ.get("TEST_REQUIRE_ALL") else pytest.skip
    if item.get_closest_marker("browser") and chromium_path() is None:
        refuse("no chromium on this machine")
    if item.get_closest_marker("postgres") and not postgres_answers() and postgres_bin() is None:
        refuse("no PostgreSQL server on this machine")


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of whoever runs the tests stay out of them."""
    for name in [name for name in os.environ if name.startswith("MIB_")]:
        monkeypatch.delenv(name)


def chromium_path() -> str | None:
    """The system's Chromium, the one that Playwright is to drive."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def chromium() -> str:
    """For ``playwright.chromium.launch(executable_path=…)``; mark the test ``browser``."""
    found = chromium_path()
    assert found is not None, "mark the test `browser`"
    return found


def postgres_bin() -> Path | None:
    """Where ``initdb`` and ``pg_ctl`` are; Debian keeps them off the path."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(versions, key=lambda p: int(p.parts[-3]), default=None)
    return newest.parent if newest else None


#: The server that is used where one answers; otherwise the tests start one of their own.
LOCAL_POSTGRES = "postgresql://postgres@127.0.0.1:5432/{}"


@cache
def postgres_answers() -> bool:
    """Whether a server lets the user ``postgres`` in on this machine's usual port."""
    try:
        psycopg.connect(LOCAL_POSTGRES.format("postgres"), connect_timeout=3).close()
    except psycopg.Error:
        return False
    return True


@dataclass(frozen=True)
class PostgresServer:
    """A server to make databases on: ``pattern`` is an address with the database's name open."""

    pattern: str

    def address(self, database: str) -> str:
        return self.pattern.format(database)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    if postgres_answers():
        yield PostgresServer(LOCAL_POSTGRES)
        return
    with own_postgres() as (server, _):
        yield server


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
        out = folder.with_suffix(".log")
        with out.open("ab") as log:
            subprocess.run(
                [bin_folder / program, "-D", folder / "data", *rest],
                check=True,
                user=user,
                cwd=folder,
                stdout=log,
                stderr=log,
            )

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


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """A fresh database, as a SQLAlchemy address; mark the test ``postgres``."""
    name = f"t{uuid4().hex}"
    with psycopg.connect(postgres_server.address("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
        yield postgres_server.address(name).replace("postgresql:", "postgresql+psycopg:", 1)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[arg-type]
