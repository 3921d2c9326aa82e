"""Taking out a client who came by mistake, as if they had never been entered: only while nothing
but their own facts is on record of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, delete, exists, or_, select

from .acts import FROM_FILE, SAW, Act
from .models import FactRow, IdentityRow, PatientRow
from .record import Record
from .tables import all_tables
from .task_models import TaskRow, WakeupRow
from .user_models import ActRow

_PATIENTS = PatientRow.__table__
#: What goes with a client: their facts, how they are found, that they were to be looked at, and
#: what the bridge asked of staff about them.
_THEIRS: tuple[Any, ...] = (
    FactRow.__table__,
    IdentityRow.__table__,
    WakeupRow.__table__,
    TaskRow.__table__,
)
#: Acts that say no more than that somebody saw them, or took them in with a file.
_LOOK = or_(ActRow.kind.startswith(SAW, autoescape=True), ActRow.kind == FROM_FILE)
_SAW = "Saw the chart of a client who was taken out again."
_DID = "Did something for a client who was deleted since."
_TOOK_IN = "Took in, from a file, a client who was taken out again."


def forget_client(record: Record, row: PatientRow) -> bool:
    """Take a client out; whether that could be done. It cannot where anything else is on record of
    them: a booking, a visit, a link, what somebody did. That somebody saw them stays on record."""
    session = record.session
    session.flush()
    if _referred_to(record, row):
        return False
    others = select(exists().where(ActRow.patient_id == row.id, ~_LOOK))
    given = or_(TaskRow.given_to.is_not(None), TaskRow.closed_by == "staff")
    handled = select(exists().where(TaskRow.patient_id == row.id, given))
    if session.scalar(others) or session.scalar(handled):
        return False
    _take_out(record, row)
    return True


def keeps_client(record: Record, row: PatientRow) -> bool:
    """Whether something is on record of a client that must be kept: a booking, a visit, a paper, a
    link, what they accepted, another who was joined into them."""
    record.session.flush()
    accepted = (FactRow.patient_id == row.id, FactRow.kind == "acknowledgement")
    return _referred_to(record, row) or bool(
        record.session.scalar(select(exists().where(*accepted)))
    )


def delete_client(record: Record, row: PatientRow) -> None:
    """Take a client out of whom nothing must be kept. What staff did for them, and what was asked
    of staff, goes with them; that somebody did or saw something stays on record."""
    _take_out(record, row)


def _take_out(record: Record, row: PatientRow) -> None:
    session = record.session
    for act in session.scalars(select(ActRow).where(ActRow.patient_id == row.id)):
        said = _TOOK_IN if act.kind == FROM_FILE else _SAW if act.kind.startswith(SAW) else _DID
        record.acts.put(act, Act(record.acts.act(act).who, said))
        act.patient_id = None
    session.flush()
    for table in _THEIRS:
        session.execute(delete(table).where(table.c.patient_id == row.id))
    session.delete(row)
    session.flush()


def _referred_to(record: Record, row: PatientRow) -> bool:
    for table in all_tables():
        if table.name == ActRow.__tablename__ or table in _THEIRS:
            continue
        for where in _referring(table):
            if record.session.scalar(select(exists().where(where == row.id))):
                return True
    return False


def _referring(table: Table) -> list[Any]:
    return [key.parent for key in table.foreign_keys if key.column.table is _PATIENTS]
