"""Bringing a database to the shape that this release needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from ..domain.clinic import DEFAULT_ZONE
from ..settings import StartError
from .database import Store, database_trouble
from .fill_in import fill_in
from .postgres import unhurried

#: Held on PostgreSQL by whoever changes the tables.
LOCK = 724_113_009


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration for the migrations that are part of this package."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    made.attributes["connection"] = connection
    return made


@cache
def head() -> str:
    """The newest revision."""
    return str(ScriptDirectory.from_config(config()).get_current_head())


@cache
def known() -> frozenset[str]:
    """The revisions that this release can bring on."""
    scripts = ScriptDirectory.from_config(config())
    return frozenset(s.revision for s in scripts.walk_revisions())


def current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(store: Store, zone: str = DEFAULT_ZONE) -> tuple[str | None, str]:
    """Migrate to the newest shape; returns the revisions before and after. ``zone`` decides on
    which day a completed booking was a visit.

    Raises ``StartError`` where the database was made by a newer release, or cannot be written.
    """
    try:
        with (
            store.engine.execution_options(mib_write=True).connect() as connection,
            nullcontext() if store.sqlite else unhurried(connection),
        ):
            before = _upgrade(connection, sqlite=store.sqlite)
        fill_in(store, zone)
    except SQLAlchemyError as error:
        raise database_trouble(error, "database", sqlite=store.sqlite) from None
    return before, head()


def _upgrade(connection: Connection, *, sqlite: bool) -> str | None:
    if not sqlite:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    before = current(connection)
    refuse_newer(before)
    if before == head():
        return before
    connection.rollback()
    with _tables_replaceable(connection) if sqlite else nullcontext():
        if not sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        command.upgrade(config(connection), "head")
        connection.commit()
    return before


@contextmanager
def _tables_replaceable(connection: Connection) -> Iterator[None]:
    """SQLite changes a column by making the table anew, which rows that refer to it forbid; and
    it stops looking at references only outside of a transaction, hence on the bare connection."""
    bare = connection.connection.driver_connection
    assert bare is not None
    bare.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        connection.rollback()
        bare.execute("PRAGMA foreign_keys=ON")


def refuse_newer(revision: str | None) -> None:
    """Raises ``StartError`` for a revision that this release does not know."""
    if revision is not None and revision not in known():
        raise StartError(
            f"database: it was made by a newer release (revision {revision}); "
            "install that release, or restore the backup made before the upgrade"
        )
