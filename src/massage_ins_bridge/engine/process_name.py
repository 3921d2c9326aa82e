"""The name of a process, under which the engine records what it has begun.

Every process has a name of its own, made by itself unless the settings give one, and holds it for
as long as it lives. A name that nobody holds belongs to a process that is dead: what it had begun
is carried on by those that live.
"""

from __future__ import annotations

import os
import re
import secrets
import socket
import threading

import structlog
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from ..domain.describe import describe
from ..settings import StartError
from ..store.database import Store
from ..store.names_held import give_back, take

log = structlog.get_logger(__name__)
#: Within half a minute the server notices that the machine at the other end is gone.
_NOTICE = (
    "SET tcp_keepalives_idle = 10",
    "SET tcp_keepalives_interval = 5",
    "SET tcp_keepalives_count = 3",
)
#: Seconds between two looks at whether the name is still held.
EVERY = 5.0


def made_name() -> str:
    """A name that no other process has: where it runs, and something drawn by chance."""
    host = re.sub(r"[^A-Za-z0-9._-]", "-", socket.gethostname())[:30]
    return f"{host}-{os.getpid()}-{secrets.token_hex(4)}"


class ProcessName:
    """Holds the name of this process. On SQLite the lock on the data file already says that no
    other process is alive."""

    def __init__(self, store: Store, given: str | None) -> None:
        self.name = given or made_name()
        self._sqlite = store.sqlite
        self._engine = None if store.sqlite else store.engine
        self._connection: Connection | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="mib-process-name", daemon=True)

    def hold(self) -> None:
        """Take the name. Raises ``StartError`` where another process has it."""
        if self._engine is None:
            return
        if not self._take():
            raise StartError(
                f"worker_name: a process named {self.name!r} is alive on this database; give this "
                "one another name, or none: it then makes one itself"
            )
        self._thread.start()

    @property
    def held(self) -> bool:
        """Whether others can see that this process lives."""
        return self._sqlite or self._connection is not None

    def dead(self, names: set[str]) -> set[str]:
        """Those of the names whose process lives no longer."""
        others = names - {self.name}
        if self._engine is None or not others:
            return others
        found = set()
        with self._engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            for name in others:
                if take(connection, _key(name)):
                    give_back(connection, _key(name))
                    found.add(name)
        return found

    def let_go(self) -> None:
        """The process ends: others may carry on what it leaves."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=EVERY)
        self._drop()

    def _keep(self) -> None:
        """See that the connection lives; the server lets go of the name with it."""
        while not self._stopping.wait(EVERY):
            try:
                if self._connection is not None:
                    self._connection.execute(text("SELECT 1"))
                elif not self._take():
                    log.error("the process's name is held by another", name=self.name)
            except SQLAlchemyError as error:
                log.warning("the process's name is to be taken again", error=describe(error))
                self._drop()

    def _take(self) -> bool:
        assert self._engine is not None
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            for setting in _NOTICE:
                connection.execute(text(setting))
            taken = take(connection, _key(self.name))
        except BaseException:
            connection.close()
            raise
        if taken:
            self._connection = connection
        else:
            connection.close()
        return taken

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.invalidate()  # not back into the pool: it may hold the name
                connection.close()
            except SQLAlchemyError as error:
                log.debug("a lost connection was closed", error=describe(error))


def _key(name: str) -> str:
    return f"process:{name}"
