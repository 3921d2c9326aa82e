"""The hours at which somebody is at the desk, as a clinic writes them: ``Mon-Fri 09:00-17:00``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain

from .days import zone

DEFAULT_OFFICE_HOURS = "Mon-Fri 09:00-17:00"
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PART = re.compile(
    r"(?P<first>[a-z]{3})(?:-(?P<last>[a-z]{3}))?"
    r"\s+(?P<from>\d{1,2}:\d{2})-(?P<to>\d{1,2}:\d{2})"
)
_MIDNIGHT = time(0)


class OfficeHoursError(ValueError):
    """The text cannot be read; it names what is wrong and shows what can be written."""


@dataclass(frozen=True, slots=True)
class Span:
    """From one time of the day to another of the same day; ``to`` 00:00 is the day's end."""

    from_: time
    to: time

    @property
    def minutes(self) -> tuple[int, int]:
        first, last = (t.hour * 60 + t.minute for t in (self.from_, self.to))
        return first, last or 24 * 60


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """By weekday from Monday, the spans in their order. At least one day has one."""

    spans: tuple[tuple[Span, ...], ...]

    def on(self, day: date) -> tuple[Span, ...]:
        return self.spans[day.weekday()]

    def openings(self, day: date, zone_name: str) -> list[tuple[datetime, datetime]]:
        """When the desk opens and closes on a day of the zone."""
        return [
            (_at(day, s.from_, zone_name), _at(_end_day(day, s), s.to, zone_name))
            for s in self.on(day)
        ]


def read_office_hours(text: str) -> OfficeHours:
    """Days and hours, parted by commas: ``Mon-Thu 09:00-17:00, Sat 10:00-14:00``. A day that is not
    named is closed; one that is named twice has both spans. Raises ``OfficeHoursError``."""
    found: list[list[Span]] = [[] for _ in _DAYS]
    for part in text.split(","):
        read = _PART.fullmatch(part.strip().lower())
        if read is None:
            raise OfficeHoursError(f"{part.strip()!r} cannot be read; {_LIKE}")
        span = Span(_time(read["from"]), _time(read["to"], end=True))
        if span.minutes[0] >= span.minutes[1]:
            raise OfficeHoursError(f"{part.strip()!r} ends before it begins; {_LIKE}")
        for index in _weekdays(read["first"], read["last"] or read["first"]):
            found[index].append(span)
    for spans in found:
        spans.sort(key=lambda s: s.minutes)
        ends = chain([0], (s.minutes[1] for s in spans))
        if any(span.minutes[0] < end for span, end in zip(spans, ends, strict=False)):
            raise OfficeHoursError(f"two spans of one day overlap; {_LIKE}")
    return OfficeHours(tuple(map(tuple, found)))


_LIKE = 'write days and hours such as "Mon-Thu 09:00-17:00, Sat 10:00-14:00"'


def _weekdays(first: str, last: str) -> list[int]:
    """From one day to another, over the week's end where need be."""
    for name in (first, last):
        if name not in _DAYS:
            known = ", ".join(day.title() for day in _DAYS)
            raise OfficeHoursError(f"{name!r} is no day of the week; the days are {known}")
    begin, end = _DAYS.index(first), _DAYS.index(last)
    return [index % 7 for index in range(begin, end + (7 if end < begin else 0) + 1)]


def _time(text: str, *, end: bool = False) -> time:
    hour, minute = map(int, text.split(":"))
    if end and (hour, minute) == (24, 0):
        return _MIDNIGHT
    try:
        return time(hour, minute)
    except ValueError:
        raise OfficeHoursError(f"{text} is no time of the day; {_LIKE}") from None


def _end_day(day: date, span: Span) -> date:
    return day + timedelta(days=1) if span.to == _MIDNIGHT else day


def _at(day: date, at: time, zone_name: str) -> datetime:
    return datetime.combine(day, at, zone(zone_name))
