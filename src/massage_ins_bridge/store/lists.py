"""Long lists, a piece at a time: each piece goes on behind the last row of the one before it, so
that nothing is left out or shown twice while rows come and go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_

from ..domain.answers import Outcome
from .bookings import LIVE
from .models import BookingRow, PatientRow
from .scope import Scope
from .task_models import TaskRow

State = Literal[
    "allowed",
    "on hold",
    "blocked",
    "not decided",
    "moved",
    "cancelled",
    "rejected",
    "completed",
    "not shown up",
]
#: By outcome, how a booking stands that is live on its platform.
STANDS: dict[str, State] = {"allow": "allowed", "hold": "on hold"}
#: By the platform's state, what became of one that is not.
ENDED: dict[str, State] = {
    "replaced": "moved",
    "cancelled": "cancelled",
    "rejected": "rejected",
    "completed": "completed",
    "no-show": "not shown up",
}
#: What has no day on which it is due comes after everything that has one.
_NO_DAY = date(9999, 12, 31)
_BY_DAY = (func.coalesce(TaskRow.due, _NO_DAY), TaskRow.created_at, TaskRow.id)


@dataclass(frozen=True, slots=True)
class BookingsWanted:
    """Filters of the list of bookings; ``None`` does not filter."""

    outcome: Outcome | None = None
    state: State | None = None
    patient: str | None = None
    account: str | None = None
    ref: str | None = None
    starts_from: datetime | None = None
    starts_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class TasksWanted:
    """Filters of the list of tasks. ``due_from``: due on that day or later;
    ``due_before``: due earlier than that day; ``awake_on``: not put off beyond that day."""

    state: Literal["open", "done", "all"] = "open"
    kind: str | None = None
    booking: str | None = None
    patient: str | None = None
    due_from: date | None = None
    due_before: date | None = None
    awake_on: date | None = None


class TaskBrief(NamedTuple):
    """Whose a task is and when it is due, without what it says."""

    id: str
    matter: str | None
    patient_id: str | None
    given_to: str | None
    due: date | None
    snoozed_until: date | None


def state_of(outcome: str | None, platform_status: str) -> State:
    """What a booking's outcome and its state on the platform come to, in plain words."""
    if outcome == "block" and platform_status != "replaced":
        return "blocked"
    if platform_status in LIVE:
        return STANDS.get(outcome or "", "not decided")
    return ENDED[platform_status]


def in_state(state: State) -> ColumnElement[bool]:
    """The bookings of which ``state_of`` says so."""
    outcome, status = BookingRow.outcome, BookingRow.platform_status
    if state == "blocked":
        return and_(outcome == "block", status != "replaced")
    if state == "not decided":
        return and_(outcome.is_(None), status.in_(LIVE))
    stands = [key for key, word in STANDS.items() if word == state]
    if stands:
        return and_(outcome.in_(stands), status.in_(LIVE))
    ended = [key for key, word in ENDED.items() if word == state]
    if ended == ["replaced"]:
        return status == "replaced"
    return and_(status.in_(ended), or_(outcome != "block", outcome.is_(None)))


def bookings(
    scope: Scope, wanted: BookingsWanted, after: tuple[datetime, str] | None, limit: int
) -> list[BookingRow]:
    """By start, then by id."""
    query = select(BookingRow).where(BookingRow.clinic == scope.clinic)
    for column, value in (
        (BookingRow.outcome, wanted.outcome),
        (BookingRow.patient_id, wanted.patient),
        (BookingRow.account, wanted.account),
        (BookingRow.ref, wanted.ref),
    ):
        query = query if value is None else query.where(column == value)
    if wanted.state is not None:
        query = query.where(in_state(wanted.state))
    if wanted.starts_from is not None:
        query = query.where(BookingRow.start_at >= wanted.starts_from)
    if wanted.starts_before is not None:
        query = query.where(BookingRow.start_at < wanted.starts_before)
    order = (BookingRow.start_at, BookingRow.id)
    if after is not None:
        query = query.where(tuple_(*order) > after)
    return list(scope.session.scalars(query.order_by(*order).limit(limit)))


def tasks(
    scope: Scope,
    wanted: TasksWanted,
    after: tuple[date, datetime, str] | None,
    limit: int,
    offset: int = 0,
) -> list[TaskRow]:
    """What is due first comes first, then what has no day, the oldest before the others."""
    query = _tasks(scope, wanted)
    if after is not None:
        query = query.where(tuple_(*_BY_DAY) > after)
    return list(scope.session.scalars(query.order_by(*_BY_DAY).limit(limit).offset(offset)))


def open_in_brief(scope: Scope) -> Iterator[TaskBrief]:
    """All that are open, in the order of ``tasks``."""
    query = _tasks(scope, TasksWanted()).order_by(*_BY_DAY)
    yield from _briefs(scope, query)


def done_in_brief(scope: Scope) -> Iterator[TaskBrief]:
    """All that are done, the latest first; read as far as they are asked for."""
    query = _tasks(scope, TasksWanted(state="done"))
    yield from _briefs(scope, query.order_by(TaskRow.done_at.desc(), TaskRow.id.desc()))


def _briefs(scope: Scope, query: Select[TaskRow]) -> Iterator[TaskBrief]:
    columns = [getattr(TaskRow, name) for name in TaskBrief._fields]
    found = scope.session.execute(
        query.with_only_columns(*columns).execution_options(yield_per=500)
    )
    with found:
        yield from map(TaskBrief._make, found)


def place_of_task(row: TaskRow) -> tuple[date, datetime, str]:
    """Where a task stands in the list, for the piece that comes after it."""
    return (row.due or _NO_DAY, row.created_at, row.id)


def count_tasks(scope: Scope, wanted: TasksWanted) -> int:
    """How many there are."""
    counted = _tasks(scope, wanted).with_only_columns(func.count())
    return scope.session.scalar(counted) or 0


def _tasks(scope: Scope, wanted: TasksWanted) -> Select[TaskRow]:
    query = select(TaskRow).where(TaskRow.clinic == scope.clinic)
    if wanted.state != "all":
        done = wanted.state == "done"
        query = query.where(TaskRow.done_at.is_not(None) if done else TaskRow.done_at.is_(None))
    for column, value in (
        (TaskRow.kind, wanted.kind),
        (TaskRow.booking_id, wanted.booking),
        (TaskRow.patient_id, wanted.patient),
    ):
        query = query if value is None else query.where(column == value)
    if wanted.due_from is not None:
        query = query.where(TaskRow.due >= wanted.due_from)
    if wanted.due_before is not None:
        query = query.where(TaskRow.due < wanted.due_before)
    if wanted.awake_on is not None:
        until = TaskRow.snoozed_until
        query = query.where(or_(until.is_(None), until <= wanted.awake_on))
    return query


def clients(scope: Scope, after: str, limit: int) -> list[PatientRow]:
    """By id, without those who were merged into another."""
    query = select(PatientRow).where(
        PatientRow.clinic == scope.clinic,
        PatientRow.id > after,
        PatientRow.merged_into.is_(None),
    )
    return list(scope.session.scalars(query.order_by(PatientRow.id).limit(limit)))


def clients_of(scope: Scope, patient_ids: Sequence[str]) -> dict[str, PatientRow]:
    """By id, those of this clinic."""
    query = select(PatientRow).where(
        PatientRow.clinic == scope.clinic, PatientRow.id.in_(patient_ids)
    )
    return {row.id: row for row in scope.session.scalars(query)}
