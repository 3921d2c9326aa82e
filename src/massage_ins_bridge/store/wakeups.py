"""Clients whose standing bookings are to be decided again."""

from __future__ import annotations

from sqlalchemy import select

from .scope import Scope
from .task_models import WakeupRow
from .types import new_id


class Wakeups:
    """The wakeups of one clinic, within one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, patient_id: str, cause: str) -> str:
        """A new wakeup; its id. Written in the transaction of what gave the occasion."""
        row = WakeupRow(
            id=new_id("wak"),
            clinic=self._scope.clinic,
            patient_id=patient_id,
            cause=cause,
            created_at=self._scope.now,
        )
        self._scope.session.add(row)
        return row.id

    def waiting(self) -> set[str]:
        """The clients for whom one waits."""
        undone = select(WakeupRow.patient_id).where(
            WakeupRow.clinic == self._scope.clinic, WakeupRow.done_at.is_(None)
        )
        return set(self._scope.session.scalars(undone))
