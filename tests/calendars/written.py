"""Calendars as programs write them, for the tests of how they are read."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from massage_ins_bridge.calendars.model import CalendarRead, Occurrence
from massage_ins_bridge.calendars.read import read_calendar

ZONE = ZoneInfo("America/Los_Angeles")
WINDOW = (datetime(2026, 11, 1, tzinfo=ZONE), datetime(2027, 1, 1, tzinfo=ZONE))
PACIFIC = "America/Los_Angeles"


def event(*lines: str, uid: str = "one@example.com") -> str:
    """A VEVENT."""
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT"])


def calendar(*parts: str, head: tuple[str, ...] = ()) -> bytes:
    """A VCALENDAR with its lines ended as RFC 5545 wants them."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example//EN", *head, *parts]
    return ("\n".join([*lines, "END:VCALENDAR"]) + "\n").replace("\n", "\r\n").encode()


def at(day: int, hour: int, minute: int = 0, month: int = 12) -> datetime:
    """A moment of 2026 in the clinic's zone."""
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


def read(*parts: str, head: tuple[str, ...] = (), **options: Any) -> CalendarRead:
    """What the clinic reads of a calendar of these parts."""
    return read_calendar(calendar(*parts, head=head), **{"zone": ZONE, "window": WINDOW, **options})


def only(*parts: str, head: tuple[str, ...] = (), **options: Any) -> Occurrence:
    """The one occurrence of the calendar."""
    found = read(*parts, head=head, **options)
    assert found.problems == ()
    (one,) = found.occurrences
    return one
