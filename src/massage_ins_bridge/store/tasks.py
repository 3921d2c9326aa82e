"""What staff is asked to do."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Select, bindparam, func, select

from .models import TaskRow
from .scope import Scope
from .types import new_id

_MESSAGE, _TOPIC = "tasks.message", "tasks.topic"
MAX_MESSAGE = 4000
_OF_BOOKINGS = (
    select(TaskRow)
    .where(
        TaskRow.clinic == bindparam("clinic"),
        TaskRow.booking_id.in_(bindparam("ids", expanding=True)),
    )
    .order_by(TaskRow.created_at, TaskRow.id)
)
_ON_TOPICS = select(TaskRow).where(
    TaskRow.clinic == bindparam("clinic"), TaskRow.topic.in_(bindparam("topics", expanding=True))
)


class Tasks:
    """Staff tasks of one clinic, within one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._session = scope.session

    def open(
        self,
        kind: str,
        topic: str,
        message: str,
        *,
        patient_id: str | None = None,
        booking_id: str | None = None,
        due: date | None = None,
        known: list[TaskRow] | None = None,
    ) -> TaskRow:
        """Raise a matter, or bring the open task on the same topic up to date. ``known``: all tasks
        among which that would be, where they are at hand; a new one is added."""
        key = self.key(kind, topic)
        row = self._open_on(key) if known is None else _among(known, key)
        if row is not None:
            if (row.due, self.message(row)) != (due, message[:MAX_MESSAGE]):
                row.message_sealed, row.due = self._seal(message), due
            return row
        row = TaskRow(
            id=new_id("tsk"),
            clinic=self._scope.clinic,
            kind=kind,
            topic=key,
            patient_id=patient_id,
            booking_id=booking_id,
            message_sealed=self._seal(message),
            due=due,
            created_at=self._scope.now,
        )
        self._session.add(row)
        if known is not None:
            known.append(row)
        return row

    def close(self, *matters: tuple[str, str]) -> None:
        """The matters, each a kind and a topic, have settled themselves."""
        keys = [self.key(kind, topic) for kind, topic in matters]
        wanted = {"clinic": self._scope.clinic, "topics": keys}
        for row in list(self._session.scalars(_ON_TOPICS, wanted)):
            self.done(row)

    def done(self, row: TaskRow) -> None:
        """The task is done; its topic may be raised anew."""
        if row.done_at is None:
            row.done_at = self._scope.now
            row.topic = row.id
            self._session.flush()

    def get(self, task_id: str) -> TaskRow | None:
        row = self._session.get(TaskRow, task_id)
        return row if row is not None and row.clinic == self._scope.clinic else None

    def of_bookings(self, booking_ids: Iterable[str]) -> dict[str, list[TaskRow]]:
        """By booking, the tasks about it, open and done, oldest first."""
        wanted = {"clinic": self._scope.clinic, "ids": list(booking_ids)}
        found: dict[str, list[TaskRow]] = {}
        for row in self._session.scalars(_OF_BOOKINGS, wanted):
            found.setdefault(row.booking_id or "", []).append(row)
        return found

    def due_first(self, limit: int) -> list[TaskRow]:
        """The open tasks by the day on which they are due, those without one last, newest first."""
        order = (TaskRow.due.is_(None), TaskRow.due, TaskRow.created_at.desc(), TaskRow.id)
        return list(self._session.scalars(self._all_open().order_by(*order).limit(limit)))

    def count_open(self) -> int:
        counted = select(func.count()).select_from(self._all_open().subquery())
        return self._session.scalar(counted) or 0

    def message(self, row: TaskRow) -> str:
        return self._scope.vault.open(row.message_sealed, self._scope.place(_MESSAGE))

    def key(self, kind: str, topic: str) -> str:
        """A matter as a keyed hash: it names payers' rules, and stands beside a client's id."""
        return self._scope.vault.fingerprint(f"{kind}:{topic}", self._scope.place(_TOPIC))

    def _seal(self, message: str) -> bytes:
        return self._scope.vault.seal(message[:MAX_MESSAGE], self._scope.place(_MESSAGE))

    def _all_open(self) -> Select[TaskRow]:
        return select(TaskRow).where(
            TaskRow.clinic == self._scope.clinic, TaskRow.done_at.is_(None)
        )

    def _open_on(self, key: str) -> TaskRow | None:
        wanted = {"clinic": self._scope.clinic, "topics": [key]}
        return self._session.scalar(_ON_TOPICS, wanted)


def _among(tasks: list[TaskRow], key: str) -> TaskRow | None:
    return next((row for row in tasks if row.topic == key), None)
