"""What staff is asked to do, and what a client's facts set in motion."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from .models import TaskRow, WakeupRow
from .types import new_id
from .vault import Vault


class Tasks:
    """Staff tasks of one clinic, within one transaction."""

    def __init__(self, session: Session, vault: Vault, clinic: str) -> None:
        self._session = session
        self._vault = vault
        self._clinic = clinic

    def open(
        self,
        kind: str,
        topic: str,
        message: str,
        now: datetime,
        *,
        patient_id: str | None = None,
        booking_id: str | None = None,
        due: date | None = None,
    ) -> TaskRow:
        """Raise a matter, or bring the open task on the same topic up to date."""
        topic = f"{kind}:{topic}"[:160]
        row = self._open_on(topic)
        sealed = self._vault.seal(message[:4000], self._place())
        if row is not None:
            row.message_sealed, row.due = sealed, due
            return row
        row = TaskRow(
            id=new_id("tsk"),
            clinic=self._clinic,
            kind=kind,
            topic=topic,
            patient_id=patient_id,
            booking_id=booking_id,
            message_sealed=sealed,
            due=due,
            created_at=now,
        )
        self._session.add(row)
        self._session.flush()
        return row

    def close(self, kind: str, topic: str, now: datetime) -> None:
        """The matter has settled itself."""
        row = self._open_on(f"{kind}:{topic}"[:160])
        if row is not None:
            self.done(row, now)

    def done(self, row: TaskRow, now: datetime) -> None:
        if row.done_at is None:
            row.done_at = now
            row.topic = f"{row.topic[:130]}#{row.id}"  # the topic may be raised anew
            self._session.flush()

    def get(self, task_id: str) -> TaskRow | None:
        row = self._session.get(TaskRow, task_id)
        return row if row is not None and row.clinic == self._clinic else None

    def list(
        self, *, only_open: bool = True, limit: int = 200, booking_id: str | None = None
    ) -> list[TaskRow]:
        query = select(TaskRow).where(TaskRow.clinic == self._clinic)
        if booking_id is not None:
            query = query.where(TaskRow.booking_id == booking_id)
        if only_open:
            query = query.where(TaskRow.done_at.is_(None))
        return list(self._session.scalars(query.order_by(TaskRow.created_at.desc()).limit(limit)))

    def due_first(self, limit: int) -> Sequence[TaskRow]:
        """The open tasks by the day on which they are due, those without one last, newest first."""
        order = (TaskRow.due.is_(None), TaskRow.due, TaskRow.created_at.desc(), TaskRow.id)
        return self._session.scalars(self._all_open().order_by(*order).limit(limit)).all()

    def count_open(self) -> int:
        counted = select(func.count()).select_from(self._all_open().subquery())
        return self._session.scalar(counted) or 0

    def _all_open(self) -> Select[TaskRow]:
        return select(TaskRow).where(TaskRow.clinic == self._clinic, TaskRow.done_at.is_(None))

    def message(self, row: TaskRow) -> str:
        return self._vault.open(row.message_sealed, self._place())

    def _open_on(self, topic: str) -> TaskRow | None:
        return self._session.scalar(
            select(TaskRow).where(TaskRow.clinic == self._clinic, TaskRow.topic == topic)
        )

    def _place(self) -> str:
        return f"tasks.message:{self._clinic}"


def wake(session: Session, clinic: str, patient_id: str, cause: str, now: datetime) -> str:
    """Note, in the transaction of a new fact, that the client's bookings are to be decided
    again; returns the id of the run that will do it."""
    row = WakeupRow(
        id=new_id("wak"), clinic=clinic, patient_id=patient_id, cause=cause, created_at=now
    )
    session.add(row)
    session.flush()
    return row.id
