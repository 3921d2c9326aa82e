"""When the clinic's office is open: a line such as ``Mon-Fri 09:00-17:00, Sat 10:00-13:00``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

DEFAULT_HOURS = "Mon-Fri 09:00-17:00"
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CURE = f"write days and times, such as {DEFAULT_HOURS!r} or 'Mon-Thu 09:00-17:00, Fri 09:00-12:00'"
_PART = re.compile(
    r"(?P<days>[a-z]+(?:\s*-\s*[a-z]+)?)(?:\s+(?P<from>\S+?)\s*-\s*(?P<to>\S+))?", re.IGNORECASE
)
_CLOCK = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)", re.ASCII)
_WEEK = 7
_DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Open on one day of the week (Monday is 0) from one minute of the day until another."""

    weekday: int
    start: int
    end: int

    def times(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """When it begins and ends on that day, in the clinic's zone."""
        midnight = datetime.combine(day, time(0), zone)
        return midnight + timedelta(minutes=self.start), midnight + timedelta(minutes=self.end)


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """The spans of a week, in order. Which days are holidays is not said here."""

    spans: tuple[Span, ...]

    def on(self, day: date) -> list[Span]:
        """The spans in which somebody is at the desk on that day of the week."""
        return [span for span in self.spans if span.weekday == day.weekday()]


@lru_cache(maxsize=16)
def read_office_hours(text: str) -> OfficeHours:
    """Several spans are parted by commas; days before a comma share the times that follow
    (``Mon, Wed 09:00-12:00``). Raises ``ValueError``, which says what is wrong and the cure."""
    spans: list[Span] = []
    waiting: list[int] = []
    for part in text.split(","):
        found = _PART.fullmatch(part.strip())
        if found is None:
            raise ValueError(f"{part.strip()!r} is no days and times; {_CURE}")
        waiting += _days(found["days"])
        if found["from"]:
            start, end = _minute(found["from"]), _minute(found["to"])
            if end <= start:
                raise ValueError(f"{part.strip()!r} ends before it begins; {_CURE}")
            spans += [Span(day, start, end) for day in waiting]
            waiting = []
    if waiting:
        raise ValueError(f"{text!r} names days without times; {_CURE}")
    spans.sort()
    for one, other in pairwise(spans):
        if one.weekday == other.weekday and other.start < one.end:
            raise ValueError(f"{_DAYS[one.weekday].title()} has two spans that overlap; {_CURE}")
    return OfficeHours(tuple(spans))


def _days(text: str) -> list[int]:
    names = [name.strip().lower()[:3] for name in text.split("-")]
    for name in names:
        if name not in _DAYS:
            raise ValueError(f"{text!r} is no day of the week; {_CURE}")
    first, last = _DAYS.index(names[0]), _DAYS.index(names[-1])
    return [(first + n) % _WEEK for n in range((last - first) % _WEEK + 1)]


def _minute(text: str) -> int:
    found = _CLOCK.fullmatch(text)
    minute = int(found[1]) * 60 + int(found[2]) if found else _DAY_MINUTES + 1
    if minute > _DAY_MINUTES:
        raise ValueError(f"{text!r} is no time between 00:00 and 24:00; {_CURE}")
    return minute
