"""Days, times and numbers as people say them."""

from __future__ import annotations

from datetime import date, datetime


def day_in_words(day: date, this_year: int) -> str:
    """A day; the year where it is not this one."""
    year = "" if day.year == this_year else f", {day.year}"
    return f"{day:%a, %b} {day.day}{year}"


def time_in_words(moment: datetime) -> str:
    """The hour of an aware time that is the clinic's already."""
    return f"{moment:%I:%M %p}".lstrip("0")


#: What is shown of somebody whose name is not known.
NO_NAME = "(no name)"


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def initials(name: str) -> str:
    """What is shown of a name that is covered."""
    if name == NO_NAME:
        return name
    return " ".join(f"{part[0]}." for part in name.split() if part[0].isalnum())[:8] or "—"


def short_name(name: str) -> str:
    """What titles show of a name: initial and last name."""
    parts = name.split()
    return f"{parts[0][0]}. {parts[-1]}" if len(parts) > 1 and name != NO_NAME else name
