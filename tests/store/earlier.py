"""Databases of earlier releases, laid down as they left them."""

import base64
import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import MetaData, Table, insert, select, text
from tests.databases import PostgresServer

from massage_ins_bridge.settings import Settings
from massage_ins_bridge.store.database import Store, open_store
from massage_ins_bridge.store.migrate import config

FOLDER = Path(__file__).parent / "data"
DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
COUNT_ON = (
    "SELECT setval(pg_get_serial_sequence('patient_identities', 'id'), max(id)) "
    "FROM patient_identities"
)
READERS: dict[str, Callable[[str], Any]] = {
    "b": base64.b64decode,
    "t": datetime.fromisoformat,
    "d": date.fromisoformat,
}


def value(found: Any) -> Any:
    if not isinstance(found, dict):
        return found
    ((kind, said),) = found.items()
    return READERS[kind](said)


def read_out(file: Path) -> dict[str, Any]:
    """An installation of an earlier release, with every table's rows."""
    found: dict[str, Any] = json.loads(gzip.decompress(file.read_bytes()))
    tables = found["tables"]
    found["tables"] = {
        name: [{k: value(v) for k, v in row.items()} for row in rows]
        for name, rows in tables.items()
    }
    return found


def lay_down(settings: Settings, before: dict[str, Any]) -> None:
    """Make the database as the earlier release left it."""
    store = open_store(settings)
    with store.engine.execution_options(mib_write=True).connect() as connection:
        command.upgrade(config(connection), before["revision"])
        for name, rows in before["tables"].items():
            table = Table(name, MetaData(), autoload_with=connection)
            if rows:
                connection.execute(insert(table), rows)
        if not store.sqlite:  # the ids were given, so that the counter knows of none
            connection.execute(text(COUNT_ON))
        connection.commit()
    store.close()


@contextmanager
def database(request: pytest.FixtureRequest) -> Iterator[str | None]:
    if request.param == "sqlite":
        yield None
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.database() as name:
        yield server.address(name)


def rows_of(store: Store, name: str) -> list[dict[str, Any]]:
    with store.engine.connect() as connection:
        table = Table(name, MetaData(), autoload_with=connection)
        return [dict(row) for row in connection.execute(select(table)).mappings()]
