"""What is done with tasks: added, given to somebody, put off, done, and not done after all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..domain.days import add_days
from ..domain.reading import Problem, UnusableInputError, read
from ..store.acts import About
from ..store.lists import TaskBrief
from ..store.record import Record
from ..store.task_models import TaskRow
from ..store.types import new_id
from . import chart
from .acts import Done
from .errors import NotFoundError
from .odd_characters import refuse_odd_characters
from .own import own_client
from .roles import Person, must_be_allowed
from .say import day_in_words
from .tasks import TaskKind, as_to_do, ask, finish, reopen, task_row
from .users import can_work

#: How much a task of the desk's own may say, and how far off its day may be.
MOST_LETTERS = 500
MOST_DAYS = 731
_ADDED = "task-added"
_SHORT = 80


@dataclass(frozen=True, slots=True)
class TaskSent:
    """A task of the desk's own. ``what`` is to be done; ``patient``: of which client; ``due``: by
    which day, from today to within two years; ``given_to``: the user who sees to it."""

    what: str
    patient: str | None = None
    due: date | None = None
    given_to: str | None = None


@dataclass(frozen=True, slots=True)
class TaskChange:
    """What staff may change of a task: whether it is done, the user who sees to it (``null``:
    nobody), and the day after today until which it is put off (``null``: it is shown again)."""

    done: bool | None = None
    given_to: str | None = None
    snoozed_until: date | None = None


def add(record: Record, data: Any) -> TaskRow:
    """A task of the desk's own. Raises ``NotFoundError`` for a client whom there is not, and
    ``UnusableInputError``."""
    return _added(record, data)[0]


def _added(record: Record, data: Any) -> tuple[TaskRow, str]:
    """The task, and the topic by which it is found again."""
    refuse_odd_characters(data)
    sent = read(TaskSent, data)
    what = (sent.what or "").strip()
    problems = [*_of_words(what), *_of_day(record, "due", sent.due, record.today)]
    if sent.given_to is not None:
        problems += _of_worker(record, sent.given_to)
    if problems:
        raise UnusableInputError(problems)
    if sent.patient is not None:
        chart.client_row(record, sent.patient)
    topic = new_id("own")
    row = ask(record, TaskKind.OWN, topic, patient_id=sent.patient, due=sent.due, what=what)
    row.given_to = sent.given_to
    return row, topic


def change_task(record: Record, task_id: str, data: Any) -> TaskRow:
    """Say that a task is done or not, who sees to it, or until when it is put off; what is not
    given is left. Raises ``NotFoundError``, ``UnusableInputError``, and ``ConflictError`` as
    ``reopen``."""
    change = read(TaskChange, data)
    row = task_row(record, task_id, lock=True)
    if "given_to" in data:
        give(record, row, change.given_to)
    if "snoozed_until" in data:
        put_off(record, row, change.snoozed_until)
    if change.done is not None:
        return finish(record, task_id) if change.done else reopen(record, task_id)
    return row


def give(record: Record, row: TaskRow, user_id: str | None) -> None:
    """Have somebody see to a task, or nobody. Raises ``UnusableInputError`` for somebody who cannot
    sign in, or may not."""
    if user_id is not None and (problems := _of_worker(record, user_id)):
        raise UnusableInputError(problems)
    row.given_to = user_id


def put_off(record: Record, row: TaskRow, until: date | None) -> None:
    """Show a task again from a day on, or at once. Raises ``UnusableInputError`` for a day that is
    not after today, or too far off."""
    first = add_days(record.today, 1)
    if problems := _of_day(record, "snoozed_until", until, first):
        raise UnusableInputError(problems)
    row.snoozed_until = until


def _of_words(what: str) -> list[Problem]:
    if not what:
        return [Problem("what", "is empty; say what is to be done")]
    if len(what) > MOST_LETTERS:
        said = f"is longer than {MOST_LETTERS} characters: these are {len(what)}"
        return [Problem("what", said)]
    return []


def _of_day(record: Record, path: str, day: date | None, first: date) -> list[Problem]:
    last = add_days(record.today, MOST_DAYS)
    if day is None or first <= day <= last:
        return []
    wrong = "is more than two years ahead"
    if day < first:
        wrong = "lies in the past" if first == record.today else "is not after today"
    return [Problem(path, f"{wrong}; choose a day from {first} to {last}")]


def _of_worker(record: Record, user_id: str) -> list[Problem]:
    user = record.users.get(user_id)
    if user is not None and can_work(record, user):
        return []
    return [Problem("given_to", "is nobody who can sign in and may change tasks")]


class OwnTasks:
    """Which tasks are somebody's to see: a therapist's are those of their own clients, and those
    that they added or were given; everybody else's are all. A client is looked for once."""

    def __init__(self, record: Record, person: Person) -> None:
        self._record, self.person = record, person
        self._added = _added_by(record, person) if person.own_only else frozenset()
        self._sees: dict[str, bool] = {}

    def __contains__(self, row: TaskRow | TaskBrief) -> bool:
        person = self.person
        if not person.own_only or row.matter in self._added:
            return True
        given = person.user_id is not None and row.given_to == person.user_id
        return given or (row.patient_id is not None and self.sees(row.patient_id))

    def sees(self, patient_id: str | None) -> bool:
        """Whether they may open the chart that a task is about, where it is about one."""
        if patient_id is None or not self.person.own_only:
            return True
        if patient_id not in self._sees:
            try:
                own_client(self._record, self.person, patient_id)
                self._sees[patient_id] = True
            except NotFoundError:
                self._sees[patient_id] = False
        return self._sees[patient_id]


def _added_by(record: Record, person: Person) -> frozenset[str]:
    """The matters of the tasks that a therapist added themselves."""
    if person.user_id is None:
        return frozenset()
    acts = record.acts.of_user(person.user_id, _ADDED)
    topics = (record.acts.act(row).needs.get("topic", "") for row in acts)
    return frozenset(record.tasks.key(TaskKind.OWN, topic) for topic in topics)


def press_task(
    record: Record, person: Person, task_id: str, what: str, given: Mapping[str, str]
) -> Done | None:
    """Do, put off or give away a task, or say that it is not done.

    Raises ``NotFoundError``, ``ForbiddenError``, ``UnusableInputError``, and ``ConflictError`` as
    ``reopen``.
    """
    must_be_allowed(person, "work")
    row = task_row(record, task_id, lock=True)
    pressed = _PRESSED.get(what)
    if pressed is None or row not in OwnTasks(record, person):
        raise NotFoundError("task" if pressed else "button")
    return pressed(record, row, given)


def _short(record: Record, row: TaskRow) -> str:
    return as_to_do(row.kind, record.tasks.message(row))[:_SHORT]


def _about(row: TaskRow) -> About:
    return About(row.patient_id, row.booking_id)


def _do(record: Record, row: TaskRow, _: Mapping[str, str]) -> Done | None:
    if row.done_at is not None:
        return None
    finish(record, row.id)
    said = f"Done: {_short(record, row)}"
    return Done("task-done", said, _about(row), "task", {"task": row.id})


def _not_done(record: Record, row: TaskRow, _: Mapping[str, str]) -> Done | None:
    if row.done_at is None:
        return None
    reopen(record, row.id)
    said = f"Not done: {_short(record, row)}"
    return Done("task-reopened", said, _about(row), "task-reopened", {"task": row.id})


def _before(row: TaskRow) -> dict[str, Any]:
    until = row.snoozed_until.isoformat() if row.snoozed_until is not None else None
    return {"task": row.id, "until": until, "to": row.given_to}


def _snooze(record: Record, row: TaskRow, given: Mapping[str, str]) -> Done:
    before = _before(row)
    try:
        until = date.fromisoformat(given.get("until") or given.get("day", ""))
    except ValueError:
        raise UnusableInputError([Problem("snoozed_until", "is no day; choose one")]) from None
    put_off(record, row, until)
    said = f"Put off until {day_in_words(until, record.today.year)}: {_short(record, row)}"
    return Done("task-snoozed", said, _about(row), "task-put", before)


def _wake(record: Record, row: TaskRow, _: Mapping[str, str]) -> Done:
    before = _before(row)
    row.snoozed_until = None
    said = f"Shown again: {_short(record, row)}"
    return Done("task-snoozed", said, _about(row), "task-put", before)


def _give(record: Record, row: TaskRow, given: Mapping[str, str]) -> Done:
    before = _before(row)
    give(record, row, given.get("to") or None)
    user = record.users.get(row.given_to) if row.given_to is not None else None
    to = record.users.person(user).name if user is not None else "nobody"
    return Done(
        "task-given", f"Given to {to}: {_short(record, row)}", _about(row), "task-put", before
    )


_PRESSED: Mapping[str, Callable[[Record, TaskRow, Mapping[str, str]], Done | None]] = {
    "done": _do,
    "not-done": _not_done,
    "snooze": _snooze,
    "wake": _wake,
    "give": _give,
}


def add_task(record: Record, person: Person, given: Mapping[str, str]) -> Done:
    """A task of the desk's own, as a page asks for it. Raises ``UnusableInputError``, and
    ``NotFoundError`` for a client whom somebody may not see."""
    must_be_allowed(person, "work")
    patient = given.get("patient") or None
    if patient is not None:
        own_client(record, person, patient)
    if not given.get("what"):
        raise UnusableInputError(_of_words(""))
    names = ("what", "patient", "due", "given_to")
    sent = {name: given[name] for name in names if given.get(name)}
    row, topic = _added(record, sent)
    said = f"Added: {_short(record, row)}"
    return Done(_ADDED, said, About(patient), "task-added", {"topic": topic})
