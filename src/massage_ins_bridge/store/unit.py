"""A writing transaction's rows, each read from the database once, and rows by their ids."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Select, bindparam, event, select
from sqlalchemy.orm import Session

from .look_rows import LookRow
from .models import DeliveryRow, MetaRow, WriteRow
from .task_models import WakeupRow

R = TypeVar("R", DeliveryRow, LookRow, WakeupRow, WriteRow)
_KEPT = "mib_kept"


class Unit(Session):
    """A writing transaction that is alone, as on SQLite: nobody else changes anything meanwhile. So
    it keeps every row that it has read or made, and one that is asked for again by its id is not
    read again. By itself a session forgets a row as soon as nobody holds it."""


@event.listens_for(Unit, "loaded_as_persistent")
@event.listens_for(Unit, "pending_to_persistent")
def _keep(session: Session, row: object) -> None:
    session.info.setdefault(_KEPT, []).append(row)


def by_id(session: Session, kind: type[R], row_id: str, *, lock: bool = False) -> R | None:
    """The row as it is on record. ``lock`` keeps it from every other transaction."""
    found: R | None = session.scalar(_by_id(kind, lock), {"id": row_id})
    return found


def noted(session: Session, clinic: str, name: str) -> str | None:
    """What is noted for a clinic under a name."""
    return session.scalar(_NOTED, {"clinic": clinic, "name": name})


# made once: making a statement costs more than running it
@cache
def _by_id(kind: type[R], lock: bool) -> Select[Any]:  # noqa: FBT001 - a key of the cache
    query = select(kind).where(kind.id == bindparam("id"))
    return query.with_for_update() if lock else query


_NOTED = select(MetaRow.value).where(
    MetaRow.clinic == bindparam("clinic"), MetaRow.name == bindparam("name")
)
