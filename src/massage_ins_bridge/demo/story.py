"""What a story is made of: a client, what happens on which day, and how it must end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/Los_Angeles")
#: A fixed day, so that the demonstration is the same whenever it runs. Day 0 is a Tuesday.
FIRST_DAY = date(2026, 12, 1)
#: The platform's services: one that waits for confirmation, one self-pay, one that does not wait.
MEDICAL, RELAXATION, UNCONFIRMED = 30412, 30413, 30414

Fact = dict[str, Any]
Segment = Literal["coverages", "prescriptions", "authorizations", "visits"]
Status = Literal["pending", "accepted", "rejected", "cancelled"]
Who = Literal["client", "bridge", "someone else"]


def day(number: int) -> date:
    """A day of the demonstration; negative ones lie before it."""
    return FIRST_DAY + timedelta(days=number)


def moment(number: int, hour: int = 9) -> datetime:
    return datetime.combine(day(number), time(hour), ZONE)


@dataclass(frozen=True, slots=True)
class Client:
    """An invented client, and what the clinic has in their chart when they book."""

    name: str
    phone: str
    facts: Mapping[Segment, tuple[Fact, ...]] = field(default_factory=dict)

    @property
    def email(self) -> str:
        return f"{self.name.lower().replace(' ', '.')}@example.com"


@dataclass(frozen=True, slots=True)
class Step:
    """``on``: the day; ``words``: what happens, as the table says it."""

    on: int
    words: str


@dataclass(frozen=True, slots=True)
class Book(Step):
    """The client books on the platform; ``visit`` is the day of the visit."""

    booking: str
    visit: int
    service: int = MEDICAL
    hour: int = 10
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Move(Step):
    """The client moves a booking, which on the platform makes a new one of it."""

    booking: str
    to: str
    visit: int
    hour: int = 10


@dataclass(frozen=True, slots=True)
class Learn(Step):
    """Something new comes into the chart."""

    segment: Segment
    fact: Fact


@dataclass(frozen=True, slots=True)
class Correct(Step):
    """The chart's last fact of this kind is changed."""

    segment: Segment
    change: Fact


@dataclass(frozen=True, slots=True)
class Complete(Step):
    """The visit took place."""

    booking: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A state that the platform saw: since which day, and by whose doing."""

    on: int
    status: Status
    by: Who


@dataclass(frozen=True, slots=True)
class End:
    """All that the platform must have seen of one booking, and nothing else; ``reason_has`` and
    ``reason_lacks`` are about the words that went to the client with a refusal."""

    history: tuple[Seen, ...]
    reason_has: str = ""
    reason_lacks: str = ""

    def on(self, number: int) -> Seen | None:
        """How it must stand at the end of a day; ``None`` before it was booked."""
        return next((s for s in reversed(self.history) if s.on <= number), None)


@dataclass(frozen=True, slots=True)
class Story:
    """``title`` names the situation; ``ends`` has one entry per booking."""

    title: str
    client: Client
    steps: tuple[Step, ...]
    ends: Mapping[str, End]


def asked(on: int) -> Seen:
    return Seen(on, "pending", "client")


def taken(on: int) -> Seen:
    """Accepted by the platform itself, without anyone's confirmation."""
    return Seen(on, "accepted", "client")


def confirmed(on: int) -> Seen:
    return Seen(on, "accepted", "bridge")


def declined(on: int) -> Seen:
    return Seen(on, "rejected", "bridge")


def moved(on: int) -> Seen:
    return Seen(on, "cancelled", "client")


def refused(*history: Seen) -> End:
    """An end with a refusal that offers self-pay."""
    return End(history, reason_has="self-pay")
