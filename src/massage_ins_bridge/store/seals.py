"""Whether the keys at hand are those that the database was sealed with.

A second key made over sealed rows would go unnoticed until someone asks for an old one, and
whatever was found by keyed hash would no longer be.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Column, Connection, Engine, func, inspect, select
from sqlalchemy.orm import Session

from ..settings import StartError
from .models import SEALED_IN, Base
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
        for column in _columns(session):
            for key in key_ids(session, column):
                vault.need_key(key)
        for box, place in _samples(session):
            vault.open_bytes(box, place)


def keys_in_use(bind: Engine | Connection) -> set[bytes]:
    """The ids of all keys with which something in the database is sealed."""
    with Session(bind) as session:
        return {key for column in _columns(session) for key in key_ids(session, column)}


def key_ids(session: Session, column: Column[bytes]) -> set[bytes]:
    """A sealed value begins with its key's id."""
    start = func.substr(column, 1, KEY_ID)
    return {
        bytes(key) for key in session.scalars(select(start).where(column.is_not(None)).distinct())
    }


def _columns(session: Session) -> Iterator[Column[bytes]]:
    there = set(inspect(session.connection()).get_table_names())
    for table in Base.metadata.sorted_tables:
        if table.name in there:
            yield from (column for column in table.columns if column.name.endswith(_SEALED))


def _samples(session: Session) -> Iterator[tuple[bytes, str]]:
    """Two sealed values of each column, with their places. Ids are drawn by chance, so those of
    the first and the last are as good as any."""
    for column in _columns(session):
        row = column.table.columns
        own = f"{column.table.name}.{column.name.removesuffix(_SEALED)}"
        place = column.info.get(SEALED_IN, own)
        for order in (row.id, row.id.desc()):
            query = select(column, row.clinic).where(column.is_not(None))
            found = session.execute(query.order_by(order).limit(1)).first()
            if found is not None:
                yield found[0], f"{place}:{found[1]}"
