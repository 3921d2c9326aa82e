"""Tasks as the desk works through them: by day or by client, one's own, put off, done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Literal

from ..store.lists import TaskBrief, done_in_brief, open_in_brief
from ..store.record import Record
from ..store.task_models import TaskRow
from .face_parts import Button
from .open_days import OpenDays
from .opened import Opened
from .roles import Person
from .say import day_in_words, initials
from .task_acts import OwnTasks
from .task_cures import closes_by_hand, what_closes
from .tasks import TaskKind, as_to_do
from .users import workers

By = Literal["day", "client"]
Which = Literal["", "mine", "nobody", "snoozed", "done"]
#: How many tasks a page shows at most.
MOST = 50
#: How many it shows when it is asked for more again and again.
MOST_SHOWN = 2000
#: By kind, the button that opens where the matter is settled: its words, and the address.
_OPENS: Mapping[str, tuple[str, str]] = {
    TaskKind.WHO_IS_IT: ("Compare", "/clients/{patient}/merge"),
    TaskKind.PRESCRIPTION: ("See the prescriptions", "/clients/{patient}#prescriptions"),
    TaskKind.DOCUMENT: ("See the papers", "/clients/{patient}/papers"),
    TaskKind.FORM_ANSWER: ("Open the chart", "/clients/{patient}"),
    TaskKind.LOOK_AHEAD: ("Open the chart", "/clients/{patient}"),
    TaskKind.UNKNOWN_HOST: ("Name it", "/accounts"),
    TaskKind.UNKNOWN_SERVICE: ("Name it", "/accounts"),
    TaskKind.PLATFORM_SILENT: ("See the account", "/accounts"),
}


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task. ``patient_id``: whose page may be opened; ``whose``: who sees to it; ``late``: its
    day has passed; ``opens``: where the matter is settled; ``closed``: how it was closed, which
    ``reopens`` says can be taken back."""

    id: str
    patient_id: str | None
    client: str
    whose: str
    message: str
    closes: str
    due: date | None
    late: bool
    opens: Button | None
    done: bool
    closed: str
    reopens: bool
    snoozed_until: date | None


@dataclass(frozen=True, slots=True)
class TaskGroup:
    title: str
    lines: tuple[TaskLine, ...]


@dataclass(frozen=True, slots=True)
class TaskPage:
    """``summary`` and ``counts``, by what can be chosen, are of all that is open; ``hidden``: how
    many more there are, of those that are done whether there are more. ``people``: who can be given
    a task; ``later``: days until which one is put off by one press."""

    groups: tuple[TaskGroup, ...]
    hidden: int
    summary: str
    counts: Mapping[str, int]
    people: tuple[tuple[str, str], ...]
    later: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class ToAdd:
    """``people``: who can be given a new task, by id; ``mine``: whom it is given to unless another
    is chosen; ``due``: by which day, unless another is."""

    people: tuple[tuple[str, str], ...]
    mine: str
    due: date


def task_page(
    record: Record,
    opened: Opened,
    days: OpenDays,
    person: Person,
    by: By,
    which: Which,
    most: int = MOST,
) -> TaskPage:
    """The tasks that somebody asked for, so many at ``most``; a therapist's are those of their own
    clients, and those that they added or were given."""
    people, own = workers(record), OwnTasks(record, person)
    kinds = _kinds(record, person, people, (one for one in open_in_brief(record) if one in own))
    if which == "done":
        # One more than are shown tells that there are more; nobody counts the work of years.
        chosen = list(islice((one for one in done_in_brief(record) if one in own), most + 1))
    else:
        chosen = kinds[which]
    if which == "snoozed":
        chosen = sorted(chosen, key=lambda one: one.snoozed_until or record.today)
    rows = record.tasks.some([one.id for one in chosen[:most]])
    names = opened.names(record, {row.patient_id for row in rows})
    lines = [_line(record, opened, row, names, people, own) for row in rows]
    return TaskPage(
        groups=tuple(_groups(record, lines, by, which)),
        hidden=len(chosen) - len(rows),
        summary=_summary(record, kinds[""]),
        counts={name: len(found) for name, found in kinds.items()},
        people=tuple(people.items()),
        later=_later(record, days),
    )


def _kinds(
    record: Record, person: Person, people: Mapping[str, str], rows: Iterable[TaskBrief]
) -> dict[str, list[TaskBrief]]:
    """Open tasks by what can be chosen. What was given to somebody who cannot see to it any more
    is nobody's again."""
    kinds: dict[str, list[TaskBrief]] = {"mine": [], "nobody": [], "snoozed": [], "": []}
    for row in rows:
        snoozed = row.snoozed_until is not None and row.snoozed_until > record.today
        kinds["snoozed" if snoozed else ""].append(row)
        whose = row.given_to if row.given_to in people else None
        if not snoozed and whose in (None, person.user_id):
            kinds["nobody" if whose is None else "mine"].append(row)
    return kinds


def to_add(record: Record, days: OpenDays, person: Person) -> ToAdd:
    """What the form for a new task begins with: a therapist's is their own."""
    people = workers(record)
    mine = person.user_id if person.own_only and person.user_id in people else ""
    due = days.next_on_or_after(record.today + timedelta(days=1))
    return ToAdd((("", "Nobody yet"), *people.items()), mine or "", due)


def _later(record: Record, days: OpenDays) -> tuple[date, ...]:
    """The next open day, and the beginning of the week after it."""
    soon = days.next_on_or_after(record.today + timedelta(days=1))
    return soon, days.next_on_or_after(soon + timedelta(days=7 - soon.weekday()))


def _line(
    record: Record,
    opened: Opened,
    row: TaskRow,
    names: Mapping[str, str],
    people: Mapping[str, str],
    own: OwnTasks,
) -> TaskLine:
    message, covered = opened.message(record, row), own.person.covered
    seen = own.sees(row.patient_id)
    name = names.get(row.patient_id or "", "")
    return TaskLine(
        id=row.id,
        patient_id=row.patient_id if seen else None,
        client=initials(name) if covered and name else name,
        whose=people.get(row.given_to or "", ""),
        message="" if covered else as_to_do(row.kind, message),
        closes="" if covered else what_closes(row.kind, message),
        due=row.due,
        late=row.done_at is None and row.due is not None and row.due < record.today,
        opens=None if covered or not seen or closes_by_hand(row.kind, message) else _opens(row),
        done=row.done_at is not None,
        reopens=row.done_at is not None and row.closed_by != "fact",
        closed={"fact": "What is on file settled it.", "staff": "Marked as done."}.get(
            row.closed_by or "", ""
        ),
        snoozed_until=row.snoozed_until,
    )


def _opens(row: TaskRow) -> Button | None:
    words, href = _OPENS.get(row.kind, ("", ""))
    if words and ("{patient}" not in href or row.patient_id):
        return Button(words, href=href.format(patient=row.patient_id))
    if row.booking_id is not None:
        return Button("Open the booking", href=f"/bookings/{row.booking_id}")
    return Button("Open the chart", href=f"/clients/{row.patient_id}") if row.patient_id else None


def _groups(record: Record, lines: Iterable[TaskLine], by: By, which: Which) -> Iterable[TaskGroup]:
    found: dict[str, list[TaskLine]] = {}
    for line in lines:
        if which == "done":
            title = "Done"
        elif which == "snoozed" and line.snoozed_until is not None:
            title = f"Until {day_in_words(line.snoozed_until, record.today.year)}"
        else:
            title = line.client or "No client" if by == "client" else _when(record, line)
        found.setdefault(title, []).append(line)
    titles = sorted(found) if by == "client" else list(found)
    return [TaskGroup(title, tuple(found[title])) for title in titles]


def _when(record: Record, line: TaskLine) -> str:
    today = record.today
    if line.due is None:
        return "No day"
    if line.due < today:
        return "Late"
    said = day_in_words(line.due, today.year)
    return f"Today, {said}" if line.due == today else said


def _summary(record: Record, rows: list[TaskBrief]) -> str:
    today = sum(row.due == record.today for row in rows)
    late = sum(row.due is not None and row.due < record.today for row in rows)
    return f"{len(rows)} open, {today} due today, {late or 'none'} late"
