"""PostgreSQL's connections, each with time limits: neither a server that is frozen nor a network
that swallows what is sent may hold our threads for ever."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import psycopg
from psycopg.abc import PQGen
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import OperationalError

APPLICATION = "massage-ins-bridge"
CONNECT_SECONDS = 5
STATEMENT_SECONDS = 20
LOCK_SECONDS = 15
#: Deciding calls plugins within a transaction, and these have time limits of their own.
IDLE_SECONDS = 60
#: A server that is frozen keeps none of its own limits, so we count as well.
ANSWER_SECONDS = 25
POOL_SECONDS = 10
_SERVER = {
    "statement_timeout": STATEMENT_SECONDS,
    "lock_timeout": LOCK_SECONDS,
    "idle_in_transaction_session_timeout": IDLE_SECONDS,
}
#: Notices within half a minute that the server, or the way to it, is gone.
NETWORK: dict[str, Any] = {
    "application_name": APPLICATION,
    "connect_timeout": CONNECT_SECONDS,
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}


class NoAnswerError(psycopg.OperationalError):
    """The server did not answer in time; the connection was given up."""


class LimitedConnection(psycopg.Connection[Any]):
    """Waits for ``patience`` seconds for an answer, then closes itself and raises
    ``NoAnswerError``. ``None`` waits for ever."""

    patience: float | None = ANSWER_SECONDS

    def wait(self, gen: PQGen[Any], interval: float = 0.1, timeout: float | None = None) -> Any:
        limit = self.patience if timeout is None else timeout
        try:
            return super().wait(gen, interval, limit)
        except psycopg.errors._WaitTimeout:  # noqa: SLF001 - to be turned into a public one
            self.close()
            raise NoAnswerError(f"no answer within {limit:g} seconds") from None


def postgres_engine(url: str, options: dict[str, Any]) -> Engine:
    """An engine whose connections have the limits above, unless the address names others."""
    engine = create_engine(
        url,
        connect_args=_limits(make_url(url)),
        pool_size=10,
        max_overflow=20,
        pool_timeout=POOL_SECONDS,
        pool_pre_ping=True,
        hide_parameters=True,
        execution_options=options,
    )
    event.listen(engine, "do_connect", _connect)
    return engine


def _limits(url: URL) -> dict[str, Any]:
    ours = " ".join(f"-c {name}={seconds}s" for name, seconds in _SERVER.items())
    theirs = url.query.get("options", "")
    limits: dict[str, Any] = {k: v for k, v in NETWORK.items() if k not in url.query}
    return limits | {"options": f"{ours} {theirs}".strip()}


def _connect(_dialect: Any, _record: Any, arguments: Any, more: Any) -> LimitedConnection:
    return LimitedConnection.connect(*arguments, **more)


def ping_postgres(engine: Engine, seconds: float) -> None:
    """Ask on a connection of its own: those of the pool may all be waiting. Raises
    ``OperationalError`` where no answer came."""
    arguments, more = engine.dialect.create_connect_args(engine.url)
    limits: dict[str, Any] = _limits(engine.url) | {"connect_timeout": max(1, round(seconds))}
    try:
        with contextlib.closing(
            LimitedConnection.connect(*arguments, **{**more, **limits})
        ) as made:
            made.patience = seconds
            made.execute("SELECT 1")
    except psycopg.Error as error:
        raise OperationalError("SELECT 1", None, error) from None


@contextlib.contextmanager
def unhurried(connection: Connection) -> Iterator[None]:
    """No time limits until the end of this: a migration or a copy may take long, and so may
    waiting for another process to be done with it."""
    bare = connection.connection.driver_connection
    assert isinstance(bare, LimitedConnection)
    bare.patience = None
    bare.execute("; ".join(f"SET {name} = 0" for name in _SERVER))
    bare.commit()
    try:
        yield
    finally:
        connection.rollback()
        bare.execute("; ".join(f"RESET {name}" for name in _SERVER))
        bare.commit()
        del bare.patience  # that of the class holds again
