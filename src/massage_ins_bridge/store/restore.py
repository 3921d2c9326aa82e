"""Putting a backup in the place of an installation's data, which is kept aside."""

from __future__ import annotations

import contextlib
import itertools
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from ..settings import Settings, StartError
from . import dumps
from .archive import COPIES, KEY, Manifest, Tell, extract, opened, sync_folder
from .copies import Shape, look_over, shape
from .database import checked_url, database_trouble, make_engine, prepare_data_dir
from .lock import DataFileLock
from .migrate import LOCK, refuse_newer
from .postgres import unhurried
from .vault import KEY_FILE, load_vault

#: The durable runs' own record: beside an SQLite file, and as a schema of PostgreSQL. It is part of
#: no backup, and is made anew: what was left undone has no receipt, and is begun again.
RUNS_FILE, RUNS_SCHEMA = "runs.sqlite3", "dbos"
#: How long others who work on the database may take to end.
ENDING_SECONDS = 5.0
_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() AND usesysid IS NOT NULL"
)
_FORCE = "--force puts the backup in its place, and keeps it aside"
_BESIDE = ("", "-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put in place, and where the data are that were there before (empty: none)."""

    manifest: Manifest
    aside: str
    key_file: Path | None


def restore_backup(settings: Settings, file: Path, *, force: bool, tell: Tell) -> Restored:
    """Make the installation's data those of a backup. Raises ``StartError``, and has then changed
    nothing."""
    url = checked_url(settings)
    kind = "sqlite" if url.startswith("sqlite") else "postgresql"
    prepare_data_dir(settings)
    try:
        with opened(file) as (archive, manifest):
            _refuse_other(file, manifest, kind)
            key = _key(settings, archive, manifest)
            engine = make_engine(url)
            try:
                put = _sqlite if kind == "sqlite" else _postgres
                aside = put(engine, archive, manifest, force=force, tell=tell)
            finally:
                engine.dispose()
            return Restored(manifest, aside, _put_key(settings, key))
    except OSError as error:
        raise StartError(
            f"{error.filename or file}: cannot be written ({error.strerror or error}); mend its "
            "rights, or make room"
        ) from None
    except SQLAlchemyError as error:
        raise database_trouble(error, "database", sqlite=kind == "sqlite") from None


def _refuse_other(file: Path, manifest: Manifest, kind: str) -> None:
    refuse_newer(manifest.revision)
    if manifest.database != kind:
        raise StartError(
            f"{file}: is a copy of a {manifest.database} database, and the settings name "
            f"{kind}; name the former in database_url, or leave that out for SQLite"
        )


def _key(settings: Settings, archive: ZipFile, manifest: Manifest) -> bytes | None:
    """The key to be put in place, where there is none yet and the backup brings it. Raises
    ``StartError`` where the keys at hand are not those of the backup."""
    path = settings.data_dir / KEY_FILE
    if settings.secret_key is None and not path.exists():
        if KEY in manifest.members:
            return archive.read(KEY)
        if not manifest.keys:
            return None
        raise StartError(
            f"{path}: is not there, and the backup was made without its key; put the key file "
            "there first, or give its key as secret_key"
        )
    secret = settings.secret_key.get_secret_value() if settings.secret_key else None
    vault = load_vault(settings.data_dir, secret)
    if set(manifest.keys) - vault.ids or manifest.finder != vault.finder.hex():
        where = "secret_key" if secret else str(path)
        raise StartError(
            f"{where}: is not the key that the backup was made with (several keys need the order "
            "of then); put that key in its place"
        )
    return None


def _put_key(settings: Settings, key: bytes | None) -> Path | None:
    if key is None:
        return None
    path = settings.data_dir / KEY_FILE
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(key)
        out.flush()
        os.fsync(out.fileno())
    return path


def _check(manifest: Manifest, found: Shape) -> None:
    if (found.revision, found.rows) != (manifest.revision, manifest.rows):
        raise StartError("database: what the backup holds is not what it says; take another")


def _stamp() -> str:
    return f"{datetime.now(UTC):%Y%m%dt%H%M%S}"


def _sqlite(
    engine: Engine, archive: ZipFile, manifest: Manifest, *, force: bool, tell: Tell
) -> str:
    named = Path(engine.url.database or "")
    file, lock = named.resolve(), DataFileLock(named)
    lock.take()
    try:
        there = _filled(file)
        if there and not force:
            raise StartError(f"database: {file} holds data; {_FORCE}")
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=".restore-") as folder:
            copy = Path(folder) / file.name
            extract(archive, manifest, COPIES["sqlite"], copy, tell)
            _check(manifest, look_over(copy, tell))
            aside = _put_aside(file) if there else None
            _forget(file, {file.parent, named.parent.resolve()})
            copy.replace(file)
            sync_folder(file.parent)
        return str(aside or "")
    finally:
        lock.give_back()


def _filled(file: Path) -> bool:
    """Whether there is anything in it. What stands in the ``-wal`` file is brought home first; one
    that cannot be read may hold whatever it likes."""
    if not file.exists():
        return False
    try:
        with contextlib.closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return bool(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
    except sqlite3.Error:
        return True


def _put_aside(file: Path) -> Path:
    """The file keeps its place until the copy takes it, so that there always is one."""
    aside = file.with_name(f"{file.name}.replaced-{_stamp()}")
    os.link(file, aside)
    for end in _BESIDE[1:]:
        with contextlib.suppress(FileNotFoundError):
            file.with_name(file.name + end).rename(aside.with_name(aside.name + end))
    return aside


def _forget(file: Path, folders: set[Path]) -> None:
    """What belongs to the file that goes would be taken for the copy's."""
    for end in _BESIDE[1:]:
        file.with_name(file.name + end).unlink(missing_ok=True)
    kept = f"{RUNS_FILE}.replaced-{_stamp()}"
    for folder, end in itertools.product(folders, _BESIDE):
        with contextlib.suppress(FileNotFoundError):
            (folder / (RUNS_FILE + end)).rename(folder / (kept + end))


def _postgres(
    engine: Engine, archive: ZipFile, manifest: Manifest, *, force: bool, tell: Tell
) -> str:
    with engine.connect() as connection, unhurried(connection):
        tables = _alone(connection, manifest, force=force)
        tool = dumps.find_tool("pg_restore", dumps.server_version(connection))
        with tempfile.TemporaryDirectory(prefix="mib-restore-") as folder:
            dumped = Path(folder) / COPIES["postgresql"]
            extract(archive, manifest, dumped.name, dumped, tell)
            _check(manifest, dumps.read_dump(tool, dumped))
            with _moved_aside(connection, manifest.schema, tables) as aside:
                dumps.restore(engine.url, tool, manifest.schema, dumped, tell)
                _check(manifest, shape(connection))
        return f"the schema {aside} of the database" if tables else ""


def _alone(connection: Connection, manifest: Manifest, *, force: bool) -> list[str]:
    """The tables that are there now; services that start wait from here on. Raises ``StartError``
    where one is running, and where the tables are not to be replaced."""
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LOCK})
    others = _others(connection)
    if others:
        raise StartError(
            f"database_url: the database is in use ({others} connections); stop the service, and "
            "whatever else works on it"
        )
    schema = dumps.schema_of(connection)
    if schema != manifest.schema:
        raise StartError(
            f"database_url: the backup belongs into the schema {manifest.schema}, and {schema} is "
            "in use; name a database of its own"
        )
    tables = inspect(connection).get_table_names()
    if tables and "alembic_version" not in tables:
        raise StartError("database_url: the database holds other data; name one of its own")
    if tables and not force:
        raise StartError(f"database_url: the database holds data; {_FORCE}")
    connection.commit()
    return tables


def _others(connection: Connection) -> int:
    """How many work on the database besides. The server takes a moment to see that one has ended,
    such as those of a service that was stopped just now."""
    until = time.monotonic() + ENDING_SECONDS
    while True:
        connection.execute(text("SELECT pg_stat_clear_snapshot()"))
        others: int = connection.execute(text(_OTHERS)).scalar_one()
        if not others or time.monotonic() > until:
            return others
        time.sleep(0.1)


@contextlib.contextmanager
def _moved_aside(connection: Connection, schema: str, tables: list[str]) -> Iterator[str]:
    """The tables stand in another schema, the engine's own record too. What is raised inside puts
    them back."""
    aside = f"replaced_{_stamp()}"
    runs = RUNS_SCHEMA in inspect(connection).get_schema_names()
    quote = connection.dialect.identifier_preparer.quote

    def move(names: list[str], out: str, to: str) -> None:
        for name in names:
            connection.execute(
                text(f"ALTER TABLE {quote(out)}.{quote(name)} SET SCHEMA {quote(to)}")
            )

    connection.execute(text(f"CREATE SCHEMA {aside}"))
    move(tables, schema, aside)
    if runs:
        connection.execute(text(f"ALTER SCHEMA {RUNS_SCHEMA} RENAME TO {aside}_runs"))
    connection.commit()
    try:
        yield aside
    except BaseException:
        connection.rollback()
        for name in inspect(connection).get_table_names():
            connection.execute(text(f"DROP TABLE {quote(schema)}.{quote(name)} CASCADE"))
        move(tables, aside, schema)
        if runs:
            connection.execute(text(f"ALTER SCHEMA {aside}_runs RENAME TO {RUNS_SCHEMA}"))
        connection.execute(text(f"DROP SCHEMA {aside}"))
        connection.commit()
        raise
    if not tables:
        connection.execute(text(f"DROP SCHEMA {aside}"))
    connection.commit()
