"""Whether the engine's record of runs can be read, for who looks from outside."""

from __future__ import annotations

import contextlib
import sqlite3

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from ..store.database import Store
from ..store.lock import is_served
from ..store.restore import RUNS_FILE

_TABLE = "workflow_status"


def record_trouble(store: Store) -> str:
    """What is wrong with the record, and the cure; empty where it is good, or not made yet.
    Nothing is changed."""
    file = store.file.with_name(RUNS_FILE) if store.file is not None else None
    if file is not None and not file.exists():
        assert store.file is not None
        gone = f"{file} was removed while the service runs; start the service anew"
        return gone if is_served(store.file) else ""
    try:
        if file is None:
            with store.engine.connect() as connection:
                there = connection.execute(text(f"SELECT to_regclass('dbos.{_TABLE}')")).scalar()
                if there is not None:
                    connection.execute(text(f"SELECT count(*) FROM dbos.{_TABLE}"))  # noqa: S608
            return ""
        address = f"{file.resolve().as_uri()}?mode=ro"
        with contextlib.closing(sqlite3.connect(address, uri=True, timeout=5)) as made:
            made.execute(f"SELECT count(*) FROM {_TABLE}").fetchone()  # noqa: S608
    except (SQLAlchemyError, sqlite3.Error) as error:
        said = str(getattr(error, "orig", error)).strip().partition("\n")[0]
        where = str(file) if file is not None else "the schema dbos"
        cure = f"stop the service and move {where} away" if file is not None else "mend its rights"
        return f"{where} cannot be read ({said}); {cure}: what is undone is started anew"
    return ""
