"""A server that is frozen holds nobody for ever, and the service goes on saying how it is."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from tests.databases import own_postgres, settings_of
from tests.web.sockets import serving, until

from massage_ins_bridge.store import database, postgres
from massage_ins_bridge.store.database import make_engine, open_store, ping, real_write
from massage_ins_bridge.store.migrate import upgrade

pytestmark = pytest.mark.postgres


@contextmanager
def frozen(first: int) -> Iterator[None]:
    """All processes of a server stopped where they are; its connections stay open."""
    children = Path(f"/proc/{first}/task/{first}/children").read_text("ascii").split()
    pids = [first, *map(int, children)]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, int]]:
    with own_postgres() as (made, first):
        yield made.address("postgres").replace("postgresql:", "postgresql+psycopg:", 1), first


def test_what_waits_for_a_frozen_server_is_let_go(
    server: tuple[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, first = server
    monkeypatch.setattr(postgres.LimitedConnection, "patience", 1.0)
    monkeypatch.setattr(postgres, "CONNECT_SECONDS", 1)
    monkeypatch.setattr(database, "PROBE_SECONDS", 600.0)
    store = open_store(settings_of(tmp_path, url))
    upgrade(store)
    ping(store.engine, 1)
    real_write(store.engine)
    with store.engine.connect() as connection:
        with frozen(first):
            begun = time.monotonic()
            with pytest.raises(OperationalError, match="no answer within 1 seconds"):
                connection.execute(text("SELECT 1"))
            with pytest.raises(OperationalError):
                ping(store.engine, 1)
            real_write(store.engine)  # what was found a moment ago counts
            assert time.monotonic() - begun < 5
        assert connection.invalidated
    with store.engine.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1
    store.close()


def test_the_server_keeps_limits_of_its_own(server: tuple[str, int]) -> None:
    assert postgres.LimitedConnection.patience == postgres.ANSWER_SECONDS == 25
    engine = make_engine(server[0] + "&options=-c%20lock_timeout%3D7s&connect_timeout=3")
    with engine.connect() as connection:
        names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
        found = [connection.execute(text(f"SHOW {name}")).scalar() for name in names]
        assert found == ["20s", "7s", "1min"]
        with postgres.unhurried(connection):
            assert connection.execute(text("SHOW statement_timeout")).scalar() == "0"
        assert connection.execute(text("SHOW lock_timeout")).scalar() == "7s"
    engine.dispose()


@pytest.mark.slow
def test_a_frozen_server_freezes_no_page(server: tuple[str, int], tmp_path: Path) -> None:
    url, first = server
    with serving(tmp_path, f'database_url = "{url}"\n') as service:
        until(lambda: service.ask("/readyz").status == 200)
        ask = partial(service.ask, "/v1/tasks", authorization="Bearer mib_none")
        asking = [threading.Thread(target=ask, daemon=True) for _ in range(60)]
        with frozen(first):
            for one in asking:  # more than the service has threads for
                one.start()
            time.sleep(0.5)
            begun = time.monotonic()
            answer = service.ask("/healthz")
            assert (answer.status, '"does not answer"' in answer.text) == (200, True)  # type: ignore[attr-defined]
            assert service.ask("/static/desk.js").status == 200
            assert service.ask("/readyz").status == 503
            assert time.monotonic() - begun < 6
        until(lambda: service.ask("/readyz").status == 200, 15)
        for one in asking:  # while there is who answers them
            one.join()
