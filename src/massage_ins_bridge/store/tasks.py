"""What staff is asked to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import Select, bindparam, func, select

from .scope import Scope, of_clients
from .task_models import TaskRow
from .types import new_id

ClosedBy = Literal["staff", "fact"]
_MESSAGE, _TOPIC = "tasks.message", "tasks.topic"
MAX_MESSAGE = 4000
_OF_CLINIC = select(TaskRow).where(TaskRow.clinic == bindparam("clinic"))
_IN_ORDER = (TaskRow.created_at, TaskRow.id)
_OF_IDS = _OF_CLINIC.where(TaskRow.id.in_(bindparam("ids", expanding=True)))
_OF_BOOKINGS = _OF_CLINIC.where(TaskRow.booking_id.in_(bindparam("ids", expanding=True))).order_by(
    *_IN_ORDER
)
_OF_CLIENTS = of_clients(TaskRow).where(TaskRow.topic == TaskRow.matter).order_by(*_IN_ORDER)
_ON_TOPICS = _OF_CLINIC.where(TaskRow.topic.in_(bindparam("topics", expanding=True)))


@dataclass(frozen=True, slots=True)
class About:
    """Whom and which booking a task is about, and when it is due: ``due`` for staff, ``last_day``
    by the rule."""

    patient_id: str | None = None
    booking_id: str | None = None
    due: date | None = None
    last_day: date | None = None


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
        """Raise a matter, or bring the task on it up to date. ``known``: all tasks among which that
        would be, where they are at hand; a new one is added."""
        about = About(patient_id, booking_id, due)
        return self.raise_matter(self.key(kind, topic), kind, message, about, known=known)

    def raise_matter(
        self,
        key: str,
        kind: str,
        message: str,
        about: About,
        *,
        known: list[TaskRow] | None = None,
    ) -> TaskRow:
        """As ``open``, for a matter that has a key already. A task on it that staff did, and that
        nothing has settled since, stays done."""
        row = None if known is None else _among(known, key)
        row = row or self._on(key)  # it may stand in another client's name, since a merge or a move
        if row is None:
            row = TaskRow(
                id=new_id("tsk"),
                clinic=self._scope.clinic,
                kind=kind,
                topic=key,
                matter=key,
                message_sealed=self._seal(message),
                created_at=self._scope.now,
            )
            self._session.add(row)
            if known is not None:
                known.append(row)
        elif row.done_at is not None:
            return row
        elif self.message(row) != message[:MAX_MESSAGE]:
            row.message_sealed = self._seal(message)
        row.kind, row.patient_id, row.booking_id = kind, about.patient_id, about.booking_id
        row.due, row.last_day = about.due, about.last_day
        return row

    def close(self, *matters: tuple[str, str]) -> None:
        """The matters, each a kind and a topic, have settled themselves."""
        keys = [self.key(kind, topic) for kind, topic in matters]
        wanted = {"clinic": self._scope.clinic, "topics": keys}
        for row in list(self._session.scalars(_ON_TOPICS, wanted)):
            self.done(row)

    def is_open(self, kind: str, topic: str) -> bool:
        """Whether a task on that matter is to be done."""
        row = self._on(self.key(kind, topic))
        return row is not None and row.done_at is None

    def is_finished(self, kind: str, topic: str) -> bool:
        """Whether staff did the task on that matter for good, and nothing has settled it since."""
        row = self._on(self.key(kind, topic))
        return row is not None and row.done_at is not None

    def done(self, row: TaskRow) -> None:
        """What is on file settles the task; its matter may be raised anew."""
        if row.done_at is None:
            row.done_at, row.closed_by = self._scope.now, "fact"
        row.topic = row.id
        self._session.flush()

    def finish(self, row: TaskRow, *, for_good: bool) -> None:
        """Staff did it. ``for_good``: its matter is not raised anew until something settles it."""
        if row.done_at is not None:
            return
        row.done_at, row.closed_by = self._scope.now, "staff"
        if not for_good:
            row.topic = row.id
        self._session.flush()

    def reopen(self, row: TaskRow) -> bool:
        """Take back that it is done. ``False`` where another task has its matter by now."""
        key = row.matter or row.id
        other = self._on(key)
        if other is not None and other.id != row.id:
            return False
        row.topic, row.done_at, row.closed_by = key, None, None
        self._session.flush()
        return True

    def get(self, task_id: str, *, lock: bool = False) -> TaskRow | None:
        row = self._session.get(TaskRow, task_id, with_for_update=lock or None)
        return row if row is not None and row.clinic == self._scope.clinic else None

    def of_client(self, patient_id: str) -> list[TaskRow]:
        """The client's tasks whose matter nobody else may raise: those that are open, and those
        that staff did for good. Oldest first."""
        return self.of_clients([patient_id])[patient_id]

    def of_clients(self, patient_ids: Sequence[str]) -> dict[str, list[TaskRow]]:
        """The same of several clients."""
        return self._scope.by_client(_OF_CLIENTS, patient_ids)

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

    def some(self, task_ids: Sequence[str]) -> list[TaskRow]:
        """The tasks of these ids that there are, in their order."""
        wanted = {"clinic": self._scope.clinic, "ids": task_ids}
        found = {row.id: row for row in self._session.scalars(_OF_IDS, wanted)}
        return [found[one] for one in task_ids if one in found]

    def count_open(self) -> int:
        counted = select(func.count()).select_from(self._all_open().subquery())
        return self._session.scalar(counted) or 0

    def message(self, row: TaskRow) -> str:
        return self._scope.vault.open(row.message_sealed, self._scope.place(_MESSAGE))

    def key(self, kind: str, topic: str) -> str:
        """A matter as a keyed hash."""
        return self._scope.vault.fingerprint(f"{kind}:{topic}", self._scope.place(_TOPIC))

    def _seal(self, message: str) -> bytes:
        return self._scope.vault.seal(message[:MAX_MESSAGE], self._scope.place(_MESSAGE))

    def _all_open(self) -> Select[TaskRow]:
        return select(TaskRow).where(
            TaskRow.clinic == self._scope.clinic, TaskRow.done_at.is_(None)
        )

    def _on(self, key: str) -> TaskRow | None:
        wanted = {"clinic": self._scope.clinic, "topics": [key]}
        return self._session.scalar(_ON_TOPICS, wanted)


def _among(tasks: list[TaskRow], key: str) -> TaskRow | None:
    return next((row for row in tasks if row.topic == key), None)
