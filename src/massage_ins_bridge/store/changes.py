"""A mark for each clinic that is another one after every change of what its pages show.

It is written in the transaction of the change itself, so that all processes on a database agree;
whoever reads it before the rest knows that what they show is no older than the mark.
"""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.orm import Session

from .look_rows import FirstLookRow
from .models import BookingRow, DecisionRow, PatientRow, WordRow, WriteRow
from .scope import Scope
from .task_models import TaskRow
from .unit import noted

_NAME = "changed"
_SHOWN = (BookingRow, DecisionRow, FirstLookRow, PatientRow, TaskRow, WordRow, WriteRow)
_MARK = text(
    "INSERT INTO meta (clinic, name, value) VALUES (:clinic, :name, :value) "
    "ON CONFLICT (clinic, name) DO UPDATE SET value = excluded.value"
)


def mark_changes(scope: Scope) -> None:
    """Call it last in a writing transaction: whoever writes the mark keeps others from it until
    the commit."""
    scope.session.flush()
    if scope.session.info.get(_NAME):
        values = {"clinic": scope.clinic, "name": _NAME, "value": secrets.token_hex(8)}
        scope.session.execute(_MARK, values)


def mark_of(session: Session, clinic: str) -> str:
    """The clinic's mark now."""
    return noted(session, clinic, _NAME) or "0"


@event.listens_for(Session, "after_flush")
def _see(session: Session, _context: Any) -> None:
    if not session.info.get(_NAME):
        made = any(isinstance(row, _SHOWN) for row in (*session.new, *session.deleted))
        session.info[_NAME] = made or any(
            isinstance(row, _SHOWN) and session.is_modified(row) for row in session.dirty
        )
