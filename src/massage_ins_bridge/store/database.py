"""The engine and its transactions: writing ones are serialised on SQLite, reading ones are not."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from ..settings import Settings, StartError
from .key_check import refuse_lost_key
from .postgres import ping_postgres, postgres_engine
from .same_file import SameFile
from .unit import Unit
from .vault import Vault, load_vault
from .write_lock import WriteLock

DATA_FILE = "bridge.sqlite3"
BUSY_SECONDS = 30
#: For how many seconds a probe of the disk counts.
PROBE_SECONDS = 5.0
#: What is wrong with a data file that is not the one that was opened, and the cure.
GONE = (
    "was removed or replaced while the service runs; stop the service, put the file back or "
    "restore a backup, and start it anew"
)
_WRITE = "mib_write"
_LOCK = "mib_lock"
_PROBE = text(
    "INSERT INTO meta (clinic, name, value) VALUES ('default', 'probe', :now) "
    "ON CONFLICT (clinic, name) DO UPDATE SET value = excluded.value"
)


class Store:
    """A database, the vault over it and the two kinds of transaction."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self.engine = engine
        self.vault = vault
        self.sqlite = engine.dialect.name == "sqlite"
        #: Writers of this process queue here, so that none starves in SQLite's own waiting.
        self.write_lock: WriteLock = engine.get_execution_options()[_LOCK]
        self._writing = engine.execution_options(**{_WRITE: True})
        self._unit = Unit if self.sqlite else Session
        self._opened = SameFile(self.file)

    @contextlib.contextmanager
    def write(self, *, urgent: bool = False) -> Iterator[Session]:
        """One writing transaction: committed at the end, rolled back by any exception. ``urgent``:
        somebody waits for the answer, so that it goes before those for which nobody does."""
        guard = self.write_lock.hold(urgent=urgent) if self.sqlite else contextlib.nullcontext()
        with guard, self._unit(self._writing, expire_on_commit=False) as session, session.begin():
            yield session
        self.need_file()

    @contextlib.contextmanager
    def read(self) -> Iterator[Session]:
        """One reading transaction over a single snapshot; it changes nothing."""
        with Session(self.engine, expire_on_commit=False, autoflush=False) as session:
            yield session

    @property
    def file(self) -> Path | None:
        name = self.engine.url.database
        return Path(name) if self.sqlite and name else None

    @property
    def file_gone(self) -> bool:
        """Whether the data file was removed or replaced since it was opened."""
        return self._opened.gone

    def need_file(self) -> None:
        """Raises ``SQLAlchemyError`` where ``file_gone``. It is asked once something is written:
        nobody will find it."""
        if self.file_gone:
            raise OperationalError("BEGIN", None, FileGoneError(f"{self.file} {GONE}"))

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


def open_store(settings: Settings) -> Store:
    """The store that the settings name, not yet migrated. Raises ``StartError``."""
    prepare_data_dir(settings)
    url = checked_url(settings)
    engine = make_engine(url)
    try:
        _make_private(engine)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "do_connect", _open_what_is_there)
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


def _make_private(engine: Engine) -> None:
    """What is written for the first time is for our eyes alone; SQLite would make its files, and
    those beside them, with the rights that are usual."""
    name = engine.url.database if engine.dialect.name == "sqlite" else None
    if name and not Path(name).exists():
        with contextlib.suppress(OSError):  # opening it tells why not
            os.close(os.open(name, os.O_WRONLY | os.O_CREAT, 0o600))


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
    if parts.query:
        raise StartError(f"database_url: SQLite takes nothing after a '?' here; {_WRITE_IT}")
    if not name or name == ":memory:" or name.startswith("file:") or parts.host:
        raise StartError(
            f"database_url: SQLite needs a file that stays, named plainly; {_WRITE_IT}"
        )
    return url


_WRITE_IT = (
    "write postgresql+psycopg://USER@HOST:5432/NAME or sqlite:////FULL/PATH, or leave it out to "
    "keep the data in data_dir"
)


def database_trouble(
    error: SQLAlchemyError, where: str, *, sqlite: bool, made_anew: bool = False
) -> StartError:
    """What the database said, as one line with the setting (``where``) and the cure. ``made_anew``:
    its file is made anew where there is none, and nothing is lost."""
    said = str(error.orig).strip() if isinstance(error, DBAPIError) else ""
    first = said.splitlines()[0][:200] if said else "no answer"
    other = "move the file away: it is made anew" if made_anew else "put a good copy in its place"
    if any(sign in first for sign in ("is full", "No space left")):
        cure = "make room on the disk, or mend it"
    elif sqlite and "I/O error" in first:  # of a disk, or of a file that is not what its log says
        cure = f"make room on the disk, mend it, or {other}"
    elif sqlite:
        cure = f"mend its file's rights, or {other}"
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
        _make_private(engine)
        try_writing(engine)
    except SQLAlchemyError as error:
        raise database_trouble(error, str(path), sqlite=True, made_anew=True) from None
    finally:
        engine.dispose()


class FileGoneError(Exception):
    """The data file is not the one that was opened."""


class ReadOnlyError(Exception):
    """The server only answers questions."""


def make_engine(url: str) -> Engine:
    """An engine with the settings that durability asks for."""
    if not url.startswith("sqlite"):
        return postgres_engine(url, {_LOCK: WriteLock()})
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        pool_size=20,
        max_overflow=40,
        hide_parameters=True,  # they may be a client's facts, and errors are shown
        execution_options={_LOCK: WriteLock()},
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


def _open_what_is_there(_dialect: Any, _record: Any, arguments: list[Any], _named: Any) -> None:
    """SQLite would make an empty file where there is none."""
    if not Path(arguments[0]).exists():
        raise sqlite3.OperationalError("unable to open database file: it is gone")


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get(_WRITE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def ping(engine: Engine, seconds: float) -> None:
    """Ask the database something, on a connection of its own. Raises ``SQLAlchemyError`` where no
    answer comes within ``seconds``, or where an SQLite file is gone."""
    if engine.dialect.name != "sqlite":
        ping_postgres(engine, seconds)
        return
    address = f"{Path(engine.url.database or '').resolve().as_uri()}?mode=rw"
    try:
        with contextlib.closing(sqlite3.connect(address, timeout=seconds, uri=True)) as made:
            made.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error as error:
        raise OperationalError("SELECT", None, error) from None


def real_write(engine: Engine) -> None:
    """Write something small to the disk; what came of it counts for ``PROBE_SECONDS``. Raises
    ``SQLAlchemyError``, as for a disk that is full. It may take as long as any statement."""
    last = _LAST.get(engine)
    if last is None or time.monotonic() - last[0] > PROBE_SECONDS:
        last = _LAST[engine] = (time.monotonic(), _write_probe(engine))
    if last[1] is not None:
        raise last[1].with_traceback(None)


def _write_probe(engine: Engine) -> SQLAlchemyError | None:
    options = engine.get_execution_options()
    sqlite = engine.dialect.name == "sqlite"
    guard = options[_LOCK].hold(urgent=True) if sqlite else contextlib.nullcontext()
    try:
        with guard, engine.execution_options(**{_WRITE: True}).begin() as connection:
            connection.execute(_PROBE, {"now": f"{time.time():.0f}"})
    except SQLAlchemyError as error:
        return error
    return None


_LAST: WeakKeyDictionary[Engine, tuple[float, SQLAlchemyError | None]] = WeakKeyDictionary()
