"""The times that a rule of repetition (RRULE) names, within a window, in bounded time.

The library that knows the rules of RFC 5545 (``dateutil``) goes on to the year 9999 where a rule
matches nothing. So its steps are counted, and a rule without a count begins near the window.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from dateutil.rrule import rrule, rrulestr

from .model import CalendarError, EventError

_PIECE = re.compile(
    r"(?:FREQ|INTERVAL|COUNT|UNTIL|WKST|BYDAY|BYMONTH|BYMONTHDAY|BYYEARDAY|BYWEEKNO|BYSETPOS"
    r"|BYHOUR|BYMINUTE|BYSECOND)=[A-Z0-9,+-]{1,400}"
)
_UNTIL = re.compile(r"\d{8}(?:T\d{6}Z?)?")
#: Of each frequency: how long its steps are at most, and what one costs beside a day's.
_STEPS = {
    "DAILY": (timedelta(days=1), 1),
    "WEEKLY": (timedelta(days=7), 4),
    "MONTHLY": (timedelta(days=28), 20),
    "YEARLY": (timedelta(days=365), 200),
}
#: What one rule may cost, in days: a daily one with a count may be fifty years old.
MOST_COST = 20_000
#: How often on a day something may take place.
MOST_A_DAY = 24


@dataclass(frozen=True, slots=True)
class Rule:
    """``text`` without its end; ``until`` as written, empty without one. ``cost``: see
    ``MOST_COST``."""

    text: str
    frequency: str
    interval: int
    counted: bool
    until: str


class Budget:
    """What all series of one calendar may cost, in days: few seconds."""

    def __init__(self, left: int = 500_000) -> None:
        self._left = left

    def spend(self, cost: int) -> None:
        """Raises ``EventError`` where one rule costs too much, ``CalendarError`` where all do."""
        if cost > MOST_COST:
            raise EventError("its series is too long to be counted out")
        self._left -= cost
        if self._left < 0:
            raise CalendarError("the calendar holds too many series that are too long")


class _PastError(Exception):
    """All steps that lead to the end of the window were made."""


class _Steps(int):
    """An interval that counts how often it is added: the one thing that every step does."""

    left: int

    def __radd__(self, other: int) -> int:
        self._count()
        return other + int(self)

    def __mul__(self, other: int) -> int:
        self._count()
        return int(self) * other

    def _count(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise _PastError


def read_rule(text: str) -> Rule:
    """Raises ``EventError`` for a rule that is none, or that no appointment has."""
    pieces = [piece.strip() for piece in text.upper().split(";") if piece.strip()]
    if not pieces or not all(_PIECE.fullmatch(piece) for piece in pieces):
        raise EventError("its rule of repetition cannot be read")
    said = dict(piece.split("=", 1) for piece in pieces)
    if len(said) != len(pieces):
        raise EventError("its rule of repetition says something twice")
    frequency = said.get("FREQ", "")
    if frequency in ("HOURLY", "MINUTELY", "SECONDLY"):
        raise EventError(f"it repeats {frequency.lower()}, which no appointment does")
    if frequency not in _STEPS:
        raise EventError("its rule of repetition does not say how often")
    _check_numbers(said)
    until = said.pop("UNTIL", "")
    kept = ";".join(f"{name}={value}" for name, value in said.items())
    return Rule(kept, frequency, int(said.get("INTERVAL", "1")), "COUNT" in said, until)


def _check_numbers(said: dict[str, str]) -> None:
    for name in ("INTERVAL", "COUNT"):
        value = said.get(name, "1")
        if not value.isdigit() or not 0 < int(value[:10]) <= 100_000:
            raise EventError(f"the {name} of its rule of repetition is no number that can be")
    if "UNTIL" in said and not _UNTIL.fullmatch(said["UNTIL"]):
        raise EventError("the UNTIL of its rule of repetition is no time")
    times = 1
    for name in ("BYHOUR", "BYMINUTE", "BYSECOND"):
        times *= len(said.get(name, "").split(","))
    if times > MOST_A_DAY:
        raise EventError(f"it repeats more than {MOST_A_DAY} times on a day")


def starts(
    rule: Rule, first: datetime, window: tuple[datetime, datetime], budget: Budget
) -> Iterator[datetime]:
    """The times within the window (both ends as well), as the clock on the wall shows them, and
    ``first`` is one. Raises ``EventError`` where they cannot be told in good time."""
    begin, end = window
    if first > end:
        return
    step, cost = _STEPS[rule.frequency]
    start = first if rule.counted else _nearer(rule, first, begin)
    steps = (end - start) // (step * rule.interval) + 2
    budget.spend(steps * cost)
    made = _made(rule, start)
    counter = _Steps(rule.interval)
    counter.left = steps
    vars(made)["_interval"] = counter  # there is no other way to stop it
    try:
        for at in made:
            if at > end:
                return
            if at >= begin:
                yield at
    except _PastError:
        return


def _made(rule: Rule, start: datetime) -> rrule:
    try:
        made = rrulestr(f"RRULE:{rule.text}", dtstart=start)
    except (ValueError, OverflowError, TypeError):
        raise EventError("its rule of repetition cannot be read") from None
    assert isinstance(made, rrule), "it is one rule"
    return made


def _nearer(rule: Rule, first: datetime, begin: datetime) -> datetime:
    """A start of the same days and times, whole intervals later and before the window."""
    step = _STEPS[rule.frequency][0] * rule.interval
    if rule.frequency not in ("DAILY", "WEEKLY") or begin - first <= 2 * step:
        return first
    return first + ((begin - first) // step - 1) * step
