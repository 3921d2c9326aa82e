"""Small pure arithmetic on calendar days."""

from __future__ import annotations

import calendar
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from .facts import Duration, Frequency

#: Days that a unit stands for when visits are counted from frequency and duration.
UNIT_DAYS = {"day": 1, "week": 7, "month": 30}


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """The IANA zone of that name. Raises ``ZoneInfoNotFoundError`` or ``ValueError``."""
    return ZoneInfo(name)


def local_day(moment: datetime, zone_name: str) -> date:
    """The calendar day that ``moment`` falls on in the zone."""
    return moment.astimezone(zone(zone_name)).date()


@lru_cache(maxsize=2048)
def in_words(day: date) -> str:
    """A day as texts show it: "December 8, 2026"."""
    return f"{day:%B} {day.day}, {day.year}"


def add_days(day: date, days: int) -> date:
    """The day so many days later; earlier, where the number is negative."""
    return date.fromordinal(day.toordinal() + days)


@lru_cache(maxsize=2048)
def add_months(day: date, months: int) -> date:
    """The same day ``months`` later, clamped to the month's end."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    month += 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def add_duration(day: date, duration: Duration) -> date | None:
    """The last day of a duration that begins on ``day``; ``None`` where its count or unit is
    unknown."""
    if duration.count is None or duration.unit is None:
        return None
    if duration.unit == "month":
        return add_months(day, duration.count)
    return add_days(day, duration.count * UNIT_DAYS[duration.unit])


def ordered_visits(frequency: Frequency | None, duration: Duration | None) -> int | None:
    """How many visits a frequency orders over a duration, rounded down; ``None`` where a part of
    either is unknown."""
    if frequency is None or duration is None:
        return None
    if frequency.times is None or frequency.per is None:
        return None
    if duration.count is None or duration.unit is None:
        return None
    days = duration.count * UNIT_DAYS[duration.unit]
    return frequency.times * days // UNIT_DAYS[frequency.per]
