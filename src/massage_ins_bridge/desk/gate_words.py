"""What a platform that asks before it books sends, and what it is answered."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Literal

from ..api.connectors import PlatformBooking, PlatformPerson
from ..domain.answers import Outcome, Terms
from ..domain.reading import Problem, UnusableInputError

#: A platform's own name of a booking.
LONGEST_REF = 255


@dataclass(frozen=True, slots=True)
class GateClient:
    """Who books, in their own words, as the booking will name them. ``ref``: the platform's id of
    them, if it has one."""

    name: str
    email: str | None = None
    phone: str | None = None
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class GateForm:
    """What the client wrote on the booking form about who is billed, and their day of birth."""

    payer: str | None = None
    plan: str | None = None
    member_id: str | None = None
    group_number: str | None = None
    claim_number: str | None = None
    date_of_injury: date | None = None
    birth_date: date | None = None


@dataclass(frozen=True, slots=True)
class GateQuestion:
    """A booking that a platform is about to make for a client.

    ``account``: the platform's, as the settings name it. ``key``: the caller's own name of this
    question; the same key is the same answer. ``service`` and ``hosts`` are the platform's ids, as
    the account's settings name them. ``ref``: the id that the booking will have, if the platform
    knows it by now; ``previous``: that of the booking which is to be moved."""

    account: str
    key: str
    start: datetime
    service: str
    client: GateClient
    end: datetime | None = None
    hosts: tuple[str, ...] | None = None
    form: GateForm | None = None
    ref: str | None = None
    previous: str | None = None

    def refuse(self, now: datetime) -> None:
        """Raises ``UnusableInputError`` where it cannot be meant."""
        said = {"account": self.account, "key": self.key, "service": self.service}
        problems = [Problem(name, "is empty") for name, text in said.items() if not text]
        if self.start <= now:
            problems.append(Problem("start", "lies in the past; ask about a time to come"))
        if self.end is not None and self.end <= self.start:
            problems.append(Problem("end", "is not after start"))
        if not self.client.name:
            problems.append(Problem("client.name", "is empty; say who it is"))
        for name, ref in (("ref", self.ref), ("previous", self.previous)):
            if ref is not None and len(ref) > LONGEST_REF:
                long = f"is longer than {LONGEST_REF} characters; send the platform's own id"
                problems.append(Problem(name, long))
        if problems:
            raise UnusableInputError(problems)

    @property
    def booking(self) -> PlatformBooking:
        """The booking as the platform would tell of it."""
        who = self.client
        form = asdict(self.form) if self.form is not None else {}
        return PlatformBooking(
            ref=self.ref or "",
            status="pending",
            start=self.start,
            end=self.end,
            service_ref=self.service,
            person=PlatformPerson(who.ref, who.name, who.email, who.phone),
            host_refs=self.hosts or (),
            answers={name: str(said) for name, said in form.items() if said is not None},
            previous_ref=self.previous,
        )


@dataclass(frozen=True, slots=True)
class GateAnswer:
    """What the platform is to do. ``allow``: make the booking; ``hold``: make it so that staff has
    to confirm it; ``block``: do not make it on insurance. ``text`` is for the client, empty where
    nothing is to be said. ``self_pay``: on which terms the client may pay themselves. ``decided``:
    what the rules say, which is another thing only where the account observes. ``reservation``:
    the id under which a visit is kept for this booking ``until`` then."""

    outcome: Outcome
    text: str
    self_pay: Terms | None
    decided: Outcome
    enforcement: Literal["enforce", "observe"]
    reservation: str | None = None
    until: datetime | None = None
