"""What every test of this repository may rely on: no network beyond this machine, no settings of
whoever runs it, a real PostgreSQL server and a real browser where the test asks for one.

A machine without PostgreSQL or Chromium skips the tests marked ``postgres`` and ``browser``;
with ``TEST_REQUIRE_ALL=1``, as in continuous integration, they fail instead.
"""

import faulthandler
import os
import shutil
import socket
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path
from typing import cast

import pytest
from _pytest.faulthandler import fault_handler_stderr_fd_key
from hypothesis import settings
from tests.database_pool import Pool
from tests.databases import (
    LOCAL_POSTGRES,
    PostgresServer,
    own_postgres,
    postgres_answers,
    postgres_bin,
)
from tests.statements import share_statements

#: How long what a test has opened may take to be closed, on a machine that is busy.
CLOSING_SECONDS = 180

# Timing belongs to the benchmarks: a busy machine must not fail a property.
settings.register_profile("house", deadline=None, print_blob=True)
settings.load_profile("house")
share_statements()


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """``core_only`` is about a host without plugins; with plugins installed it has no subject."""
    if collection_path.name != "core_only":
        return None
    names = {point.name for point in entry_points(group="massage_ins_bridge")}
    return True if names - {"core"} else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests come first: several workers then end at about the same time."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


def pytest_runtest_setup(item: pytest.Item) -> None:
    refuse = pytest.fail if os.environ.get("TEST_REQUIRE_ALL") else pytest.skip
    if item.get_closest_marker("browser") and chromium_path() is None:
        refuse("no chromium on this machine")
    if item.get_closest_marker("postgres") and not postgres_answers() and postgres_bin() is None:
        refuse("no PostgreSQL server on this machine")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """The time limit of a test raises once. Where a fixture then waits for what does not come (a
    thread, a process, a browser), nothing raises again: the process tells where it stands, and
    ends. With several workers the others go on, and the test is named as the one that failed."""
    told = item.config.stash.get(fault_handler_stderr_fd_key, 2)
    faulthandler.dump_traceback_later(CLOSING_SECONDS, file=told, exit=True)
    try:
        return (yield)
    finally:
        faulthandler.cancel_dump_traceback_later()


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of whoever runs the tests stay out of them."""
    for name in [name for name in os.environ if name.startswith("MIB_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def dead_port() -> Iterator[int]:
    """A port on which nobody listens, nor comes to listen before the test is over."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def chromium_path() -> str | None:
    """The system's Chromium, the one that Playwright is to drive."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def chromium() -> str:
    """For ``playwright.chromium.launch(executable_path=…)``; mark the test ``browser``."""
    found = chromium_path()
    assert found is not None, "mark the test `browser`"
    return found


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    if postgres_answers():
        yield PostgresServer(LOCAL_POSTGRES)
        return
    with own_postgres() as (server, _):
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer) -> Iterator[str]:
    with postgres_server.migrated() as name:
        yield name


@pytest.fixture(scope="session")
def postgres_pool(postgres_server: PostgresServer, postgres_template: str) -> Iterator[Pool]:
    made = Pool(postgres_server.pattern, postgres_template)
    yield made
    made.close()


@pytest.fixture
def postgres_url(postgres_server: PostgresServer, postgres_pool: Pool) -> Iterator[str]:
    """A migrated database without rows, as a SQLAlchemy address; mark the test ``postgres``."""
    with postgres_pool.database() as name:
        yield postgres_server.address(name)


@pytest.fixture
def bare_postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """A database without any table; mark the test ``postgres``."""
    with postgres_server.database() as name:
        yield postgres_server.address(name)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str | None:
    """Each test runs on SQLite (``None``, in the data folder) and on PostgreSQL, migrated."""
    if request.param == "sqlite":
        return None
    return cast(str, request.getfixturevalue("postgres_url"))
