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
Who = Literal["client", "bridge", "owner", "someone else"]
Outcome = Literal["allow", "hold", "block"]


def day(number: int) -> date:
    """A day of the demonstration; negative ones lie before it."""
    return FIRST_DAY + timedelta(days=number)


def moment(number: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime.combine(day(number), time(hour, minute), ZONE)


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
    """The client books on the platform; ``visit`` is the day of the visit, ``goes_by`` the name
    that they write, where it is not the one on file."""

    booking: str
    visit: int
    service: int = MEDICAL
    hour: int = 10
    answers: Mapping[str, str] = field(default_factory=dict)
    goes_by: str = ""


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
class Note(Step):
    """Staff says of a booking what only they know."""

    booking: str
    change: Fact


@dataclass(frozen=True, slots=True)
class Complete(Step):
    """The visit took place."""

    booking: str


@dataclass(frozen=True, slots=True)
class AcceptByHand(Step):
    """The owner accepts a booking on the platform, once the bridge would refuse it."""

    booking: str


@dataclass(frozen=True, slots=True)
class LetStand(Step):
    """Staff overrides the bridge, which would refuse a booking: it may stand."""

    booking: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class StopRefusal(Step):
    """Staff stops a refusal in its pause."""

    booking: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class SayWho(Step):
    """Staff says that the one who booked is the client whom the bridge takes them for;
    ``name`` says so."""

    booking: str
    name: str


#: What somebody does about a booking that the bridge is about to refuse.
Word = AcceptByHand | LetStand | StopRefusal


@dataclass(frozen=True, slots=True)
class Seen:
    """A state that the platform saw: since which day, and by whose doing; of a refusal by the
    bridge also whether its pause was kept."""

    on: int
    status: Status
    by: Who
    paused: bool = False

    @property
    def refusal(self) -> bool:
        """Whether the bridge ended it."""
        return self.by == "bridge" and self.status in ("rejected", "cancelled")


@dataclass(frozen=True, slots=True)
class Said:
    """What staff said of a booking; ``kind`` as the API names it."""

    kind: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What the bridge must have on record of a booking at the end. ``rules``: what they say by
    themselves; ``visit``: which one of its episode it is; ``task``: a kind of which one is open;
    ``moved_to``: the booking that took its place. What is ``None`` or empty is not asked."""

    outcome: Outcome
    rules: Outcome | None = None
    accepted_by: str | None = None
    said: Said | None = None
    visit: int | None = None
    task: str = ""
    moved_to: str = ""


@dataclass(frozen=True, slots=True)
class End:
    """All that the platform must have seen of one booking, and nothing else; ``reason_has`` and
    ``reason_lacks`` are about the words that went to the client with a refusal. ``kept``: what the
    bridge must say of it, where a story is about that."""

    history: tuple[Seen, ...]
    reason_has: str = ""
    reason_lacks: str = ""
    kept: Kept | None = None

    def on(self, number: int, *, pausing: bool = False) -> Seen | None:
        """How it must stand at the end of a day, or while that day's refusals wait (``pausing``);
        ``None`` before it was booked."""
        past = (s for s in reversed(self.history) if s.on <= number)
        return next((s for s in past if not (pausing and s.on == number and s.refusal)), None)

    def refused_on(self, number: int) -> bool:
        """Whether the bridge refuses it on that day."""
        return any(s.on == number and s.refusal for s in self.history)


@dataclass(frozen=True, slots=True)
class Story:
    """``title`` names the situation; ``ends`` has one entry per booking; ``why`` tells a clinic's
    owner why it ends so."""

    title: str
    client: Client
    steps: tuple[Step, ...]
    ends: Mapping[str, End]
    why: str = ""


def asked(on: int) -> Seen:
    return Seen(on, "pending", "client")


def taken(on: int) -> Seen:
    """Accepted by the platform itself, without anyone's confirmation."""
    return Seen(on, "accepted", "client")


def confirmed(on: int) -> Seen:
    return Seen(on, "accepted", "bridge")


def accepted_by_hand(on: int) -> Seen:
    return Seen(on, "accepted", "owner")


def declined(on: int) -> Seen:
    """Declined by the bridge, once the pause was over."""
    return Seen(on, "rejected", "bridge", paused=True)


def moved(on: int) -> Seen:
    return Seen(on, "cancelled", "client")


def late(*history: Seen) -> End:
    """An end with a refusal because the clinic's paper, or the payer's, is late: the client is not
    told to pay for that."""
    return End(history, reason_has="clinic", reason_lacks="self-pay")


def refused(*history: Seen) -> End:
    """An end with a refusal that offers self-pay."""
    return End(history, reason_has="self-pay")
