"""Names that one holder has at a time: of a process, or of a write that is being carried out.

On SQLite one process serves from a data file, so its memory suffices. On PostgreSQL the server
keeps the name for as long as the connection lives, whatever the holder dies of.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

from sqlalchemy import Connection, Engine, text

_SPACE = 724_113_011
_TAKE = text("SELECT pg_try_advisory_lock(:space, hashtext(:name))")
_GIVE = text("SELECT pg_advisory_unlock(:space, hashtext(:name))")


class Exclusive:
    """Lets one holder at a time have a name, over all processes on one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._sqlite = engine.dialect.name == "sqlite"
        self._lock = threading.Lock()
        self._held: set[str] = set()

    @contextlib.contextmanager
    def holding(self, name: str) -> Iterator[bool]:
        """Whether the name is ours until the end of the block; it does not wait for it."""
        with self._lock:
            mine = name not in self._held
            if mine:
                self._held.add(name)
        if not mine:
            yield False
            return
        try:
            if self._sqlite:
                yield True
            else:
                with self._engine.connect() as connection:
                    connection.execution_options(isolation_level="AUTOCOMMIT")
                    taken = take(connection, name)
                    try:
                        yield taken
                    finally:
                        if taken:
                            give_back(connection, name)
        finally:
            with self._lock:
                self._held.discard(name)


def take(connection: Connection, name: str) -> bool:
    """Take a name on PostgreSQL for as long as the connection lives; whether it was free."""
    return bool(connection.execute(_TAKE, {"space": _SPACE, "name": name}).scalar())


def give_back(connection: Connection, name: str) -> None:
    connection.execute(_GIVE, {"space": _SPACE, "name": name})
