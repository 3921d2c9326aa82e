"""What stands around every page: what is due, how the accounts are, and what was just done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from ..store.changes import mark_of
from ..store.lists import TasksWanted, count_tasks
from ..store.record import Record
from ..store.user_models import ActRow
from .errors import NotFoundError
from .installation import Installation
from .machine_lines import MachineLine, machine_lines, worst_first
from .own import seen_booking
from .roles import ROLE_NAMES, Person
from .set_up import TITLES, unfinished


@dataclass(frozen=True, slots=True)
class Frame:
    """``due``: tasks that are due by today and not put off; ``machine``: how the accounts are,
    the worst first."""

    clinic: str
    due: int
    machine: tuple[MachineLine, ...]
    name: str
    role: str
    covered: bool
    demo: bool


@dataclass(frozen=True, slots=True)
class DoneLine:
    """What was just done, and whether it can be undone."""

    id: str
    words: str
    can_undo: bool


def frame(installation: Installation, record: Record, person: Person) -> Frame:
    """What stands around a page for somebody."""
    tomorrow = record.today + timedelta(days=1)
    lines = (*machine_lines(installation, record), *_unfinished(installation, record, person))
    return Frame(
        clinic=installation.settings.clinic_facts.name or "Your clinic",
        due=count_tasks(record, TasksWanted(due_before=tomorrow, awake_on=record.today)),
        machine=worst_first(lines),
        name=person.name,
        role=ROLE_NAMES[person.role],
        covered=person.covered,
        demo=installation.settings.demo_clock,
    )


def _unfinished(
    installation: Installation, record: Record, person: Person
) -> Iterator[MachineLine]:
    """What is left of setting up, for whoever may go on with it."""
    its_own = person.may("settings") and not installation.settings.demo_clock
    left = unfinished(installation, record) if its_own else []
    if left:
        words = ", ".join(TITLES[name].lower() for name in left)
        said = f"Setting up is not finished. Left: {words}."
        yield MachineLine(said, "hand", "watch", href=f"/setup/{left[0]}")


def mark(record: Record) -> str:
    """A text that is another one once anything has changed."""
    return str(mark_of(record.session, record.clinic))


def done_line(record: Record, person: Person, act_id: str) -> DoneLine | None:
    """The line that tells of an act: to whoever did it, and to whoever found it done."""
    row = record.acts.get(act_id) if act_id else None
    if row is None:
        return None
    if row.user_id != person.user_id:
        return _done_before(record, person, row)
    act = record.acts.act(row)
    if person.covered:  # what was done names the client
        undone = row.undone_at is not None
        return DoneLine(
            row.id, "Undone." if undone else "Done.", can_undo=not undone and bool(act.undo)
        )
    if row.undone_at is not None:
        return DoneLine(row.id, f"Undone: {act.said}", can_undo=False)
    return DoneLine(row.id, act.said, can_undo=bool(act.undo))


def _done_before(record: Record, person: Person, row: ActRow) -> DoneLine | None:
    """The line about a booking that somebody else had seen to already; a therapist's own alone."""
    if row.booking_id is None or row.undone_at is not None:
        return None
    try:
        seen_booking(record, person, row.booking_id)
    except NotFoundError:
        return None
    act = record.acts.act(row)
    words = "Already done." if person.covered else f"Already done. {act.who}: {act.said}"
    return DoneLine(row.id, words, can_undo=bool(act.undo) and person.may("work"))
