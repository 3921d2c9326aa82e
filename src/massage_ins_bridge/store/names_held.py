"""Names that one holder has at a time: of a process, or of a write that is being carried out.

On SQLite one process serves from a data file, so its memory suffices. On PostgreSQL the server
keeps the name for as long as the connection lives, whatever the holder dies of.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

_SPACE = 724_113_011
_TAKE = text("SELECT pg_try_advisory_lock(:space, hashtext(:name))")
_GIVE = text("SELECT pg_advisory_unlock(:space, hashtext(:name))")


class Exclusive:
    """Lets one holder at a time have a name, over all processes on one database. On PostgreSQL all
    names of a process are held by one connection: a platform that hangs must use up no more."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._sqlite = engine.dialect.name == "sqlite"
        self._lock = threading.Lock()
        self._held: set[str] = set()
        self._connection: Connection | None = None

    @contextlib.contextmanager
    def holding(self, name: str) -> Iterator[bool]:
        """Whether the name is ours until the end of the block; it does not wait for it."""
        mine = self._take(name)
        try:
            yield mine
        finally:
            if mine:
                self._give_back(name)

    def close(self) -> None:
        """Let go of everything."""
        with self._lock:
            self._drop()

    def _take(self, name: str) -> bool:
        with self._lock:
            if name in self._held:
                return False
            if not self._sqlite and not self._asked(take, name):
                return False
            self._held.add(name)
            return True

    def _give_back(self, name: str) -> None:
        with self._lock:
            self._held.discard(name)
            if self._connection is not None:  # else the server let go of it with the connection
                with contextlib.suppress(SQLAlchemyError):
                    self._asked(give_back, name)

    def _asked(self, ask: Callable[[Connection, str], bool], name: str) -> bool:
        if self._connection is None:
            made = self._engine.connect()
            self._connection = made.execution_options(isolation_level="AUTOCOMMIT")
        try:
            return ask(self._connection, name)
        except BaseException:
            self._drop()
            raise

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()  # not back into the pool with names on it
            connection.close()


def take(connection: Connection, name: str) -> bool:
    """Take a name on PostgreSQL for as long as the connection lives; whether it was free."""
    return bool(connection.execute(_TAKE, {"space": _SPACE, "name": name}).scalar())


def give_back(connection: Connection, name: str) -> bool:
    """Let go of a name; whether it was held."""
    return bool(connection.execute(_GIVE, {"space": _SPACE, "name": name}).scalar())
