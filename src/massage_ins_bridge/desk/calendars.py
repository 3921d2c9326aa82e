"""Calendars that the clinic gives out: each with an address of its own, which opens it to whoever
has it, and can be exchanged for another one at any time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from ..domain.problems import nearest
from ..domain.reading import Problem, UnusableInputError, read
from ..store.calendar_models import CalendarRow
from ..store.record import Record
from .errors import ConflictError, NotFoundError
from .installation import Installation
from .odd_characters import refuse_odd_characters

Kind = Literal["visits", "deadlines"]
#: More than that of a name no calendar program shows.
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class NewCalendar:
    """A calendar to give out. ``kind``: ``visits``, as where it is left out (those of one
    ``practitioner``, by their key, or of everybody), or ``deadlines``, what the clinic owes by a
    day. ``name``: what people and their calendar programs call it; only one bears it."""

    name: str
    kind: Kind | None = None
    practitioner: str | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar that is given out. ``rotated_at``: when it got another address."""

    id: str
    name: str
    kind: Kind
    practitioner: str | None
    created_at: datetime
    rotated_at: datetime | None


@dataclass(frozen=True, slots=True)
class CalendarAddress:
    """A calendar with its address, which is shown this once and not kept."""

    calendar: Calendar
    address: str


@dataclass(frozen=True, slots=True)
class CalendarList:
    """All of them, by name."""

    calendars: tuple[Calendar, ...]


def add_calendar(installation: Installation, record: Record, data: Any) -> CalendarAddress:
    """Raises ``UnusableInputError``, and ``ConflictError`` where the name is taken."""
    refuse_odd_characters(data, one_line=True)
    wanted = read(NewCalendar, data)
    problems = list(_problems(installation, wanted))
    if problems:
        raise UnusableInputError(problems)
    record.lock()
    if record.calendars.named(wanted.name) is not None:
        raise ConflictError(f"There is a calendar named {wanted.name!r}. Take another name.")
    kind = wanted.kind or "visits"
    row, token = record.calendars.add(wanted.name, kind, wanted.practitioner or None)
    return CalendarAddress(_view(row), _address(installation, token))


def list_calendars(record: Record) -> CalendarList:
    return CalendarList(tuple(map(_view, record.calendars.all())))


def rotate_calendar(installation: Installation, record: Record, which: str) -> CalendarAddress:
    """Another address for a calendar, by its id or name: the former one leads nowhere from now on.
    Raises ``NotFoundError``."""
    row = _row(record, which)
    token = record.calendars.rotate(row)
    return CalendarAddress(_view(row), _address(installation, token))


def remove_calendar(record: Record, which: str) -> None:
    """Raises ``NotFoundError``."""
    record.calendars.remove(_row(record, which))


def _row(record: Record, which: str) -> CalendarRow:
    row = record.calendars.get(which) or record.calendars.named(which)
    if row is None:
        raise NotFoundError("calendar")
    return row


def _view(row: CalendarRow) -> Calendar:
    kind = cast(Kind, row.kind)
    return Calendar(row.id, row.name, kind, row.practitioner, row.created_at, row.rotated_at)


def _problems(installation: Installation, wanted: NewCalendar) -> list[Problem]:
    keys = [p.key for p in installation.settings.clinic_facts.practitioners or ()]
    key = wanted.practitioner
    if not wanted.name:
        return [Problem("name", "is empty; name the calendar")]
    if len(wanted.name) > LONGEST_NAME:
        return [Problem("name", f"is longer than {LONGEST_NAME} characters; shorten it")]
    if key and wanted.kind == "deadlines":
        return [Problem("practitioner", "deadlines are the clinic's; leave it out")]
    if key and key not in keys:
        said = f"{key!r} is no key of clinic.practitioners{nearest(key, keys)}"
        return [Problem("practitioner", said)]
    return []


def _address(installation: Installation, token: str) -> str:
    return f"{installation.settings.address}/calendars/{token}.ics"
