"""What a booking's row is made of: tags, buttons, and how its times are said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from .say import day_in_words, time_in_words

Colour = Literal["", "ok", "hold", "stop", "watch"]
Needs = Literal["", "hold", "stop"]


@dataclass(frozen=True, slots=True)
class Tag:
    """A state in a word or two. ``glyph``: its picture; colour never stands alone."""

    words: str
    glyph: str
    colour: Colour = ""


@dataclass(frozen=True, slots=True)
class Button:
    """``do``: what the row's form is sent with; or ``href``: the page that it opens."""

    words: str
    do: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Face:
    """``cause``: the one that matters, where it is not the decision's own; ``next``: what happens
    by itself, and when; ``main``: the filled button, ``plain``: the other; ``needs``: how much it
    needs a person."""

    tags: tuple[Tag, ...]
    next: str
    main: Button | None = None
    plain: Button | None = None
    cause: str = ""
    needs: Needs = ""
    shows_cause: bool = True


@dataclass(frozen=True, slots=True)
class Words:
    """How times are said: in the clinic's zone, with the year where it is not this one."""

    zone: str
    this_year: int

    def time(self, moment: datetime) -> str:
        return time_in_words(moment.astimezone(ZoneInfo(self.zone)))

    def day(self, moment: datetime) -> str:
        return day_in_words(moment.astimezone(ZoneInfo(self.zone)).date(), self.this_year)

    def both(self, moment: datetime) -> str:
        return f"{self.day(moment)}, {self.time(moment)}"

    def soon(self, moment: datetime, now: datetime) -> str:
        """The hour of today; else with its day."""
        return self.time(moment) if self.same_day(moment, now) else self.both(moment)

    def at(self, moment: datetime, now: datetime) -> str:
        """The same within a sentence: "at 9:15 AM", "on Wed, Dec 9, 9:15 AM"."""
        word = "at" if self.same_day(moment, now) else "on"
        return f"{word} {self.soon(moment, now)}"

    def until(self, moment: datetime, now: datetime) -> str:
        """Up to when something holds: a whole day, where it ends at midnight."""
        local = moment.astimezone(ZoneInfo(self.zone))
        if local.time() == time():
            return f"the end of {self.day(moment - timedelta(minutes=1))}"
        return self.soon(moment, now)

    def same_day(self, one: datetime, other: datetime) -> bool:
        """Whether two moments lie on one day of the clinic's."""
        zone = ZoneInfo(self.zone)
        return one.astimezone(zone).date() == other.astimezone(zone).date()


ARRIVED = Button("Arrived", "arrived")
COMPLETED = Button("Completed", "completed")
LET_STAND = Button("Let it stand…", "stand")
STOP = Button("Stop the refusal", "stop")
UNDO_WORD = Button("Undo", "unsay")
TRY_NOW = Button("Try now", "again")
ASK_AGAIN = Button("Ask again now", "again")
