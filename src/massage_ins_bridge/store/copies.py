"""Copies of an SQLite file: made of one that is written to meanwhile, and looked over."""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, inspect, text

from ..settings import StartError
from .archive import Tell
from .database import BUSY_SECONDS
from .migrate import current

#: SQLite's own steps between two looks at how far a copy has come.
_STEPS = 200_000


@dataclass(frozen=True, slots=True)
class Shape:
    """What a database holds: its revision (``None``: nothing) and how many rows in each table."""

    revision: str | None
    rows: dict[str, int]


def shape(connection: Connection) -> Shape:
    """Count everything."""
    names = sorted(inspect(connection).get_table_names())
    quote = connection.dialect.identifier_preparer.quote
    rows = {
        name: int(connection.execute(text(f"SELECT count(*) FROM {quote(name)}")).scalar_one())  # noqa: S608 - names of tables, quoted
        for name in names
        if name != "alembic_version"
    }
    return Shape(current(connection), rows)


def copy_sqlite(file: Path, copy: Path, tell: Tell) -> None:
    """A whole and consistent copy, with what still stands in the ``-wal`` file. Writers go on
    meanwhile. Raises ``sqlite3.Error``."""
    with contextlib.closing(sqlite3.connect(file, timeout=BUSY_SECONDS)) as source:
        pages = source.execute("PRAGMA page_count").fetchone()[0]
        size = pages * source.execute("PRAGMA page_size").fetchone()[0]

        def look() -> int:
            with contextlib.suppress(OSError):
                tell("copying the database", copy.stat().st_size, size)
            return 0

        source.set_progress_handler(look, _STEPS)
        source.execute("VACUUM INTO ?", (str(copy),))


def reading(copy: Path) -> Engine:
    """A copy, to be looked at and not changed by that."""
    return create_engine(f"sqlite:///file:{copy}?mode=ro&uri=true", hide_parameters=True)


def look_over(copy: Path, tell: Tell) -> Shape:
    """What a copy holds. Raises ``StartError`` where it is damaged."""
    engine = reading(copy)
    try:
        with engine.connect() as connection:
            tell("looking the copy over", 0, 0)
            said = str(connection.execute(text("PRAGMA integrity_check(1)")).scalar())
            if said != "ok":
                raise StartError(f"database: its copy is damaged ({said[:200]}); look at the disk")
            if connection.execute(text("PRAGMA foreign_key_check")).first() is not None:
                raise StartError("database: its copy has rows that refer to missing ones")
            return shape(connection)
    finally:
        engine.dispose()
