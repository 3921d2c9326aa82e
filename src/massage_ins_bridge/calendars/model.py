"""What a calendar is read into."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta


class CalendarError(Exception):
    """The body is no calendar, not a whole one, or more than anybody's calendar holds. The text is
    one line for whoever keeps the calendar; it quotes nothing of what is in it."""


class EventError(ValueError):
    """An event of a calendar cannot be read; the text says what is amiss with it."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A date or a time as it is written: ``when`` without zone, and the zone's name: ``None``
    where the calendar names none, ``UTC`` where it ends with Z."""

    when: date
    tzid: str | None = None

    @property
    def is_day(self) -> bool:
        """Whether it is a date without a time."""
        return not isinstance(self.when, datetime)

    @property
    def wall(self) -> datetime:
        """What a clock on the wall shows; midnight for a date."""
        when = self.when
        return when if isinstance(when, datetime) else datetime(when.year, when.month, when.day)  # noqa: DTZ001 - a wall has no zone


@dataclass(frozen=True, slots=True)
class CalendarPerson:
    """An organizer or attendee. ``state`` is iCalendar's PARTSTAT, in capitals."""

    name: str | None = None
    email: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One VEVENT as it is written. ``version`` is a hash of it; see ``blocks.fingerprint``."""

    uid: str
    version: str
    start: Stamp
    end: Stamp | None = None
    duration: timedelta | None = None
    recurrence_id: Stamp | None = None
    this_and_future: bool = False
    rules: tuple[str, ...] = ()
    extra: tuple[tuple[Stamp, timedelta | None], ...] = ()
    left_out: tuple[Stamp, ...] = ()
    sequence: int = 0
    status: str | None = None
    summary: str = ""
    description: str = ""
    location: str = ""
    organizer: CalendarPerson | None = None
    attendees: tuple[CalendarPerson, ...] = ()

    @property
    def repeats(self) -> bool:
        """Whether it stands for a series, or for one of a series."""
        return bool(self.rules or self.extra or self.recurrence_id)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Something that takes place once.

    ``recurrence_id`` tells one of a series from the others: its original start, as
    ``20261201T180000Z`` or ``20261201``; ``None`` for what does not repeat. ``start`` and ``end``
    are aware, in the zone that was asked for; of a day without a time (``all_day``) they are
    midnights. ``status`` is iCalendar's, in capitals: ``CONFIRMED``, ``TENTATIVE``, ``CANCELLED``.
    ``version`` is opaque: equal as long as all that makes up the occurrence is.

    ``doubt`` says why a person must look: a time, or whether it takes place, cannot be told for
    sure. ``None`` where everything is plain.
    """

    uid: str
    recurrence_id: str | None
    start: datetime
    end: datetime
    version: str
    all_day: bool = False
    summary: str = ""
    description: str = ""
    location: str = ""
    status: str | None = None
    organizer: CalendarPerson | None = None
    attendees: tuple[CalendarPerson, ...] = ()
    sequence: int = 0
    recurring: bool = False
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class CalendarProblem:
    """An event that is in the calendar and could not be read: nothing may be concluded from its
    absence. ``uid`` is ``None`` where not even that could be read."""

    uid: str | None
    text: str


@dataclass(frozen=True, slots=True)
class CalendarRead:
    """A calendar's occurrences that overlap the window, by start; what could not be read; how many
    events there were, and how many of them had to be parsed."""

    occurrences: tuple[Occurrence, ...]
    problems: tuple[CalendarProblem, ...] = ()
    events: int = 0
    parsed: int = 0


@dataclass(slots=True)
class Memory:
    """What was read of a calendar, for the next reading of it: only what changed is parsed then.
    It belongs to one calendar, and to one thread at a time."""

    key: bytes = b""
    events: dict[bytes, Event | CalendarProblem] = field(default_factory=dict)
    alone: dict[bytes, Occurrence] = field(default_factory=dict)
