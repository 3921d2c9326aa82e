"""Whether the keys at hand are those that the database was sealed with.

A second key made over sealed rows would go unnoticed until someone asks for an old one, and
whatever was found by keyed hash would no longer be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Engine, inspect, text
from sqlalchemy.orm import Session

from ..settings import StartError
from .models import SEALED_IN
from .tables import all_tables
from .vault import KEY_FILE, KEY_ID, MissingKeyError, SealError, Vault

_SEALED = "_sealed"


def refuse_lost_key(engine: Engine, data_dir: Path) -> None:
    """Raises ``StartError`` where the key file is gone that the database was sealed with: a new
    one would open nothing."""
    path = data_dir / KEY_FILE
    if path.exists():
        return
    with Session(engine) as session:
        if any(True for _ in _samples(session)):
            raise StartError(
                f"{path}: is not there, and the database holds values sealed with a key; put the "
                "former key file back, or give its key as secret_key"
            )


def refuse_other_key(engine: Engine, vault: Vault) -> None:
    """Raises ``StartError`` where a value was sealed with a key that is not at hand. One that was
    altered is no reason to receive nothing any more: ``doctor`` tells of it."""
    try:
        try_keys(engine, vault)
    except MissingKeyError as error:
        raise StartError(f"secret_key: {error}") from None
    except SealError:
        return


def try_keys(engine: Engine, vault: Vault) -> None:
    """See that the key of every sealed value is at hand, and open some. Raises ``SealError``."""
    with Session(engine) as session:
        for key in _keys(session):
            vault.need_key(key)
        for box, place in _samples(session):
            vault.open_bytes(box, place)


def other_finder(connection: Connection, vault: Vault) -> str:
    """What is wrong where the last key is another than the one by which clients are found, and the
    cure; else empty. Everybody who books would be a new client."""
    known = connection.execute(_FINDER).scalar()
    if known in (None, vault.finder.hex()) or connection.execute(_ANYBODY).first() is None:
        return ""
    return (
        "secret_key: the last key is another than the one by which clients are found; put a new "
        "key before the former ones, and leave the last one last"
    )


def keep_finder(engine: Engine, vault: Vault) -> None:
    """Note by which key clients are found. Raises ``StartError`` where it was another."""
    with engine.connect() as connection:
        if trouble := other_finder(connection, vault):
            raise StartError(trouble)
        if connection.execute(_FINDER).scalar() == vault.finder.hex():
            return
    with engine.begin() as connection:
        connection.execute(_NOTE_FINDER, {"finder": vault.finder.hex()})


def keys_in_use(bind: Engine | Connection) -> set[bytes]:
    """The ids of all keys with which something in the database is sealed."""
    with Session(bind) as session:
        return set(_keys(session))


def _keys(session: Session) -> list[bytes]:
    """A sealed value begins with its key's id."""
    found = _of_each(session, f"SELECT DISTINCT substr({{column}}, 1, {KEY_ID}) {_FROM}", "UNION")
    return sorted(bytes(key) for (key,) in found)


def _samples(session: Session) -> Iterator[tuple[bytes, str]]:
    """Two sealed values of each column, with their places. Ids are drawn by chance, so those of
    the first and the last are as good as any."""
    inner = f"SELECT {{place}}, {{column}}, clinic {_FROM} ORDER BY id{{order}} LIMIT 1"
    for order in ("", " DESC"):
        one = f"SELECT * FROM ({inner.replace('{order}', order)}) AS s"  # noqa: S608 - our own names
        for place, box, clinic in _of_each(session, one, "UNION ALL"):
            yield bytes(box), f"{place}:{clinic}"


_FINDER = text("SELECT value FROM meta WHERE clinic = 'default' AND name = 'finder'")
_ANYBODY = text("SELECT 1 FROM patient_identities LIMIT 1")
_NOTE_FINDER = text(
    "INSERT INTO meta (clinic, name, value) VALUES ('default', 'finder', :finder) "
    "ON CONFLICT (clinic, name) DO UPDATE SET value = excluded.value"
)
_FROM = "FROM {table} WHERE {column} IS NOT NULL"


def _of_each(session: Session, query: str, joined: str) -> Sequence[Any]:
    """What a query finds in all sealed columns: one statement, for there are many of them, and a
    start asks. ``{table}``, ``{column}`` and ``{place}`` stand for a column's own."""
    quote = session.connection().dialect.identifier_preparer.quote
    parts = [
        query.format(
            table=quote(column.table.name), column=quote(column.name), place=f"'{_place(column)}'"
        )
        for column in _columns(session)
    ]
    return session.execute(text(f" {joined} ".join(parts))).all() if parts else []


def _place(column: Column[bytes]) -> str:
    own = f"{column.table.name}.{column.name.removesuffix(_SEALED)}"
    return str(column.info.get(SEALED_IN, own)).replace(":", "\\:")


def _columns(session: Session) -> Iterator[Column[bytes]]:
    there = set(inspect(session.connection()).get_table_names())
    for table in all_tables():
        if table.name in there:
            yield from (column for column in table.columns if column.name.endswith(_SEALED))
