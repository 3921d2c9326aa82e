"""Making a backup of an installation's data while it is being served, as one file."""

from __future__ import annotations

import sqlite3
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from .. import __version__
from ..settings import Settings, StartError
from . import archive, dumps
from .archive import COPIES, KEY, Manifest, Tell
from .copies import Shape, copy_sqlite, look_over, reading, shape
from .database import Store, checked_url, database_trouble, open_store
from .key_check import keys_in_use
from .postgres import unhurried
from .vault import KEY_FILE, key_text


def make_backup(settings: Settings, target: Path, *, with_key: bool, tell: Tell) -> Manifest:
    """Write a backup to ``target``, which may be an older one. It has been read back, and its
    database looked over, when this comes back. Raises ``StartError``."""
    _refuse_target(target)
    _refuse_nothing(settings)
    store = open_store(settings)
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as folder:
            return _make(settings, store, target, Path(folder), with_key=with_key, tell=tell)
    except OSError as error:
        raise StartError(
            f"{error.filename or target}: cannot be written ({error.strerror or error}); mend its "
            "rights, make room, or name another place"
        ) from None
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise _trouble(error, sqlite=store.sqlite) from None
    finally:
        store.close()


def _make(
    settings: Settings, store: Store, target: Path, folder: Path, *, with_key: bool, tell: Tell
) -> Manifest:
    kind = store.engine.dialect.name
    copy = folder / COPIES[kind]
    found, keys, schema = (_sqlite if store.sqlite else _postgres)(store, copy, tell)
    if found.revision is None:
        raise StartError("database: is empty; there is nothing to keep")
    members = {copy.name: copy}
    if with_key:
        members[KEY] = folder / KEY
        members[KEY].write_text(_keys(settings), encoding="ascii")

    def manifest(hashes: dict[str, str]) -> Manifest:
        return Manifest(
            version=__version__,
            revision=str(found.revision),
            database=kind,
            schema=schema,
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            rows=found.rows,
            keys=sorted(key.hex() for key in keys),
            finder=store.vault.finder.hex(),
            members=hashes,
        )

    return archive.write(target, manifest, members, tell)


def _sqlite(store: Store, copy: Path, tell: Tell) -> tuple[Shape, set[bytes], str]:
    assert store.file is not None
    copy_sqlite(store.file, copy, tell)
    found = look_over(copy, tell)
    engine: Engine = reading(copy)
    try:
        return found, keys_in_use(engine), ""
    finally:
        engine.dispose()


def _postgres(store: Store, copy: Path, tell: Tell) -> tuple[Shape, set[bytes], str]:
    """What the dump holds is held against what its own snapshot shows."""
    options = {"isolation_level": "REPEATABLE READ"}
    with store.engine.connect() as connection, unhurried(connection):
        connection.execution_options(**options)
        schema = dumps.schema_of(connection)
        tool = dumps.find_tool("pg_restore", dumps.server_version(connection))
        dumps.dump(connection, store.engine.url, copy, tell)
        tell("looking the copy over", 0, 0)
        there, found = shape(connection), dumps.read_dump(tool, copy)
        if there != found:
            raise StartError("database: its copy is not whole; look at the server's log, try again")
        return found, keys_in_use(connection), schema


def _keys(settings: Settings) -> str:
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value()
    return key_text(settings.data_dir / KEY_FILE)


def _refuse_nothing(settings: Settings) -> None:
    """Opening a database that is not there would make one."""
    url = checked_url(settings)
    file = Path(url.removeprefix("sqlite:///"))
    if url.startswith("sqlite") and not file.exists():
        raise StartError(f"database: {file} is not there; name the settings with --config")


def _refuse_target(target: Path) -> None:
    """A backup may take an older one's place, and nothing else's."""
    if not target.parent.is_dir():
        raise StartError(f"{target}: there is no folder {target.parent}; make it first")
    if target.is_dir():
        raise StartError(f"{target}: is a folder; name a file in it")
    if target.exists() and target.stat().st_size:
        try:
            with archive.opened(target):
                return
        except StartError:
            raise StartError(
                f"{target}: is there, and is no backup; remove it, or name another file"
            ) from None


def _trouble(error: SQLAlchemyError | sqlite3.Error, *, sqlite: bool) -> StartError:
    if isinstance(error, sqlite3.Error):
        return StartError(f"database: it cannot be copied ({error}); make room, or mend the disk")
    return database_trouble(error, "database", sqlite=sqlite)
