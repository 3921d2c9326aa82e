"""A week: how full and how shaky it is, and which last days fall in it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from ..store import day as rows
from ..store.lists import TasksWanted, tasks
from ..store.record import Record
from .day import span
from .day_rows import Row, by_practitioner, day_rows
from .installation import Installation
from .opened import Opened
from .roles import Person
from .say import counted
from .tasks import as_to_do

DAYS = 7


@dataclass(frozen=True, slots=True)
class WeekDay:
    """``ends``: what is due on the day: the client, and what is to be done."""

    day: date
    today: bool
    rows: tuple[Row, ...]
    summary: str
    ends: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Week:
    """``watched``: what would have become of the visits of accounts that only watch; empty where
    there are none."""

    first: date
    before: date
    after: date
    days: tuple[WeekDay, ...]
    practitioners: tuple[str, ...]
    summary: str
    watched: str


def week(
    installation: Installation,
    record: Record,
    opened: Opened,
    person: Person,
    first: date,
    whose: str = "",
) -> Week:
    """The seven days from ``first`` on; ``whose``: a practitioner's first name."""
    start, end = span(record, first, DAYS)
    found = day_rows(installation, record, opened, person, rows.starting(record, start, end))
    shown = [row for row in found if not whose or row.practitioner == whose]
    ends = _ends(record, opened, first, person)
    return Week(
        first=first,
        before=first - timedelta(days=DAYS),
        after=first + timedelta(days=DAYS),
        days=tuple(_day(record, first + timedelta(days=n), shown, ends) for n in range(DAYS)),
        practitioners=tuple(name for name in by_practitioner(found) if name),
        summary=_summary(shown),
        watched=_watched(shown),
    )


def monday_of(day: date) -> date:
    """The first day of a day's week."""
    return day - timedelta(days=day.weekday())


def _day(
    record: Record, day: date, found: list[Row], ends: dict[date, list[tuple[str, str]]]
) -> WeekDay:
    own = tuple(row for row in found if record.day(row.start) == day)
    need = sum(bool(row.needs) for row in own)
    needs = f", {need} need{'s' if need == 1 else ''} you" if need else ""
    over = ", all over" if own and all(row.past for row in own) else ""
    summary = f"{counted(len(own), 'visit')}{needs or over}" if own else "no visits"
    return WeekDay(day, day == record.today, own, summary, tuple(ends.get(day, ())))


def _ends(
    record: Record, opened: Opened, first: date, person: Person
) -> dict[date, list[tuple[str, str]]]:
    wanted = TasksWanted(due_from=first, due_before=first + timedelta(days=DAYS))
    due = tasks(record, wanted, None, 500)
    names = opened.names(record, {task.patient_id for task in due})
    found: dict[date, list[tuple[str, str]]] = {}
    for task in due if not (person.covered or person.own_only) else ():
        words = as_to_do(task.kind, opened.message(record, task))
        assert task.due is not None
        found.setdefault(task.due, []).append((names.get(task.patient_id or "", ""), words))
    return found


#: How the summary counts each state; those without a word are not decided yet.
SAID = {
    "allowed": "confirmed",
    "let-stand": "confirmed",
    "held": "on hold",
    "held-by-hand": "on hold",
    "stopped": "on hold",
    "who": "on hold",
    "no-answer": "on hold",
    "refusal-waits": "refused soon",
    "refusing": "refused soon",
    "refuse-ordered": "refused soon",
    "not-told": "not told yet",
    "watching": "only watched",
    "pays": "without insurance",
    "completed": "completed",
    "completed-unpaid": "completed",
    "no-show": "not come to",
    "refused": "refused",
    "called-off": "cancelled",
    "was-it-held": "not marked yet",
    "kept": "kept by a person",
    "accepted-refuse": "kept by the platform",
}


def _summary(found: list[Row]) -> str:
    if not found:
        return "No visits."
    kinds = Counter(SAID.get(row.state, "not decided yet") for row in found)
    parts = [f"{number} {words}" for words, number in kinds.most_common()]
    return f"{counted(len(found), 'visit')}: {', '.join(parts)}."


_WOULD = {"allow": "confirmed", "hold": "held", "block": "refused"}


def _watched(found: list[Row]) -> str:
    kinds = Counter(row.would for row in found if row.would and row.state != "called-off")
    if not kinds:
        return ""
    parts = [f"{kinds[outcome]} {words}" for outcome, words in _WOULD.items() if kinds[outcome]]
    are = "visit is" if kinds.total() == 1 else "visits are"
    return (
        f"{kinds.total()} {are} only watched. Would have been: {', '.join(parts)}. "
        "Nothing was written."
    )
