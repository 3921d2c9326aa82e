"""The engine and its transactions: writing ones are serialised on SQLite, reading ones are not."""

from __future__ import annotations

import contextlib
import fcntl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from ..settings import Settings, StartError
from .seals import refuse_lost_key
from .vault import Vault, load_vault

DATA_FILE = "bridge.sqlite3"
BUSY_SECONDS = 30
_WRITE = "mib_write"


class WriteLock:
    """Lets one writer of this process in at a time, the urgent ones first: a platform that waits
    for its answer must not queue behind decisions."""

    def __init__(self) -> None:
        self._free = threading.Condition()
        self._held = False
        self._urgent = 0

    @contextlib.contextmanager
    def hold(self, *, urgent: bool = False) -> Iterator[None]:
        with self._free:
            self._urgent += urgent
            self._free.wait_for(lambda: not self._held and (urgent or not self._urgent))
            self._urgent -= urgent
            self._held = True
        try:
            yield
        finally:
            with self._free:
                self._held = False
                self._free.notify_all()


class Store:
    """A database, the vault over it and the two kinds of transaction."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self.engine = engine
        self.vault = vault
        self.sqlite = engine.dialect.name == "sqlite"
        #: Writers of this process queue here, so that none starves in SQLite's own waiting.
        self.write_lock = WriteLock()
        self._writing = engine.execution_options(**{_WRITE: True})

    @contextlib.contextmanager
    def write(self) -> Iterator[Session]:
        """One writing transaction: committed at the end, rolled back by any exception."""
        guard = self.write_lock.hold() if self.sqlite else contextlib.nullcontext()
        with guard, Session(self._writing, expire_on_commit=False) as session, session.begin():
            yield session

    @contextlib.contextmanager
    def read(self) -> Iterator[Session]:
        """One reading transaction over a single snapshot; it changes nothing."""
        with Session(self.engine, expire_on_commit=False, autoflush=False) as session:
            yield session

    @property
    def file(self) -> Path | None:
        name = self.engine.url.database
        return Path(name) if self.sqlite and name else None

    def close(self) -> None:
        self.engine.dispose()


def database_url(settings: Settings) -> str:
    if settings.database_url is not None:
        return settings.database_url.get_secret_value()
    return f"sqlite:///{settings.data_dir.resolve() / DATA_FILE}"


def prepare_data_dir(settings: Settings) -> None:
    """Make the data folder and see that it can be written; raises ``StartError``."""
    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = folder / ".writable"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise StartError(
            f"data_dir: {folder} cannot be written ({error.strerror}); "
            "mend its rights or name another folder"
        ) from None


class Occupied:
    """Says, for as long as it is held, that a process serves from a data folder. The system lets
    go of it whatever the process dies of."""

    def __init__(self, settings: Settings) -> None:
        self._path = settings.data_dir / "serving.lock"
        self._file: IO[bytes] | None = None

    def take(self) -> None:
        """Raises ``StartError`` where another process serves from the folder."""
        try:
            file = self._path.open("ab")
        except OSError as error:
            raise StartError(
                f"data_dir: {self._path} cannot be written ({error.strerror}); mend its rights, "
                "or remove it"
            ) from None
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            raise StartError(
                f"data_dir: another process serves from {self._path.parent}; stop it, or name "
                "another folder"
            ) from None
        self._file = file

    def give_back(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def open_store(settings: Settings) -> Store:
    """The store that the settings name, not yet migrated. Raises ``StartError``."""
    prepare_data_dir(settings)
    url = checked_url(settings)
    engine = make_engine(url)
    try:
        try_writing(engine)
        if settings.secret_key is None:
            refuse_lost_key(engine, settings.data_dir)
        secret = settings.secret_key.get_secret_value() if settings.secret_key else None
        return Store(engine, load_vault(settings.data_dir, secret))
    except SQLAlchemyError as error:
        engine.dispose()
        where = "database_url" if settings.database_url else "data_dir"
        raise database_trouble(error, where, sqlite=url.startswith("sqlite")) from None
    except StartError:
        engine.dispose()
        raise


def checked_url(settings: Settings) -> str:
    """The database's address; ``StartError`` says how to write it, and never what was written:
    it may hold a password."""
    url = database_url(settings)
    try:
        parts = make_url(url)
    except (SQLAlchemyError, ValueError):
        raise StartError(f"database_url: is no address of a database; {_WRITE_IT}") from None
    if parts.drivername != "sqlite":
        return url
    name = parts.database or ""
    if not name or name == ":memory:" or name.startswith("file:") or parts.host:
        raise StartError(
            f"database_url: SQLite needs a file that stays, named plainly; {_WRITE_IT}"
        )
    return url


_WRITE_IT = (
    "write postgresql+psycopg://USER@HOST:5432/NAME or sqlite:////FULL/PATH, or leave it out to "
    "keep the data in data_dir"
)


_GOOD_COPY = "put a good copy in its place"


def database_trouble(error: SQLAlchemyError, where: str, *, sqlite: bool) -> StartError:
    """What the database said, as one line with the setting (``where``) and the cure."""
    said = str(error.orig).strip() if isinstance(error, DBAPIError) else ""
    first = said.splitlines()[0][:200] if said else "no answer"
    if any(sign in first for sign in ("is full", "No space left", "I/O error")):
        cure = "make room on the disk, or mend it"
    elif sqlite:
        cure = f"mend its file's rights, or {_GOOD_COPY}"
    else:
        cure = "see that the server runs, and that address, password and rights are right"
    return StartError(f"{where}: the database cannot be opened or written ({first}); {cure}")


def try_writing(engine: Engine) -> None:
    """Raises ``SQLAlchemyError`` where the database does not answer or takes no writing."""
    with engine.execution_options(**{_WRITE: True}).connect() as connection:
        if engine.dialect.name == "sqlite":
            version = connection.execute(text("PRAGMA user_version")).scalar_one()
            connection.execute(text(f"PRAGMA user_version = {int(version)}"))
        elif connection.execute(text("SHOW transaction_read_only")).scalar() == "on":
            raise OperationalError("SHOW", None, ReadOnlyError("it takes no writing"))
        connection.rollback()


def try_file(path: Path) -> None:
    """Raises ``StartError`` where an SQLite file that may be made anew cannot be used."""
    engine = make_engine(f"sqlite:///{path}")
    try:
        try_writing(engine)
    except SQLAlchemyError as error:
        trouble = database_trouble(error, str(path), sqlite=True)
        raise StartError(
            str(trouble).replace(_GOOD_COPY, "move it away: it is made anew")
        ) from None
    finally:
        engine.dispose()


class ReadOnlyError(Exception):
    """The server only answers questions."""


def make_engine(url: str) -> Engine:
    """An engine with the settings that durability asks for."""
    if not url.startswith("sqlite"):
        return create_engine(
            url, pool_size=10, max_overflow=20, pool_pre_ping=True, hide_parameters=True
        )
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        pool_size=20,
        max_overflow=40,
        hide_parameters=True,  # they may be a client's facts, and errors are shown
    )
    event.listen(engine, "connect", _connect_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _connect_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver
    for pragma in sqlite_pragmas():
        connection.execute(pragma)


def sqlite_pragmas() -> tuple[str, ...]:
    return (
        f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}",
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=FULL",
        "PRAGMA foreign_keys=ON",
    )


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get(_WRITE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
