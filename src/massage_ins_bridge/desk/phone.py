"""A booking by phone or at the desk: what would become of it, and making it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ..domain.reading import Problem, UnusableInputError
from ..store.acts import About
from ..store.bookings import LIVE
from ..store.record import Record
from .acts import Done
from .book import book
from .installation import Installation
from .own import own_client
from .roles import Person, must_be_allowed

LABELS: Mapping[str, str] = {
    "client": "Client",
    "name": "Name",
    "phone": "Phone",
    "day": "Day",
    "time": "Start",
    "minutes": "Minutes",
    "payer": "Billed to",
    "practitioner": "With",
}
#: What somebody chooses who pays without insurance.
SELF_PAY = "self-pay"
_MINUTES = re.compile("[0-9]{1,3}")
_MOST_YEARS = 20


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would be decided: the outcome, and why."""

    outcome: str
    reasons: tuple[str, ...]


class _PeekError(Exception):
    """Nothing is kept: it was only to see what would become of it."""


def foresee(installation: Installation, person: Person, given: Mapping[str, str]) -> Foreseen:
    """What would become of the booking, if it were made. Raises as ``make``."""
    seen: list[Foreseen] = []
    try:
        with installation.write(person.clinic) as record:
            row = book(installation, record, _sent(record, person, given))
            decisions = record.decisions.of_booking(row.id)
            decision = record.decisions.data(decisions[-1]) if decisions else {}
            reasons = [
                r["message"]
                for r in decision.get("requirements", ())
                if r["effect"] in ("hold", "block")
            ]
            seen.append(Foreseen(row.outcome or "hold", tuple(reasons)))
            raise _PeekError
    except _PeekError:
        return seen[0]


def make(
    installation: Installation, record: Record, person: Person, given: Mapping[str, str]
) -> Done:
    """Make the booking, and decide it.

    Raises ``NotFoundError``, ``UnusableInputError`` (by the form's names) and
    ``AlreadyBookedError``.
    """
    row = book(installation, record, _sent(record, person, given))
    client = record.clients.get(row.patient_id)
    name = str(record.clients.facts(client).get("name") or "The client") if client else ""
    stands = {"allow": "is booked", "block": "is booked, and may not stand"}
    said = f"{name} {stands.get(row.outcome or '', 'is booked, on hold')}."
    needs = {"booking": row.id, "back": "cancelled", "left": LIVE}
    return Done("booked", said, About(row.patient_id, row.id), "ending", needs)


def _sent(record: Record, person: Person, given: Mapping[str, str]) -> dict[str, Any]:
    """The booking as ``book`` takes it. Raises ``UnusableInputError``."""
    must_be_allowed(person, "work")
    problems: list[Problem] = []
    if not given.get("client") and not given.get("name"):
        problems.append(Problem("name", "Say who it is."))
    start = _start(record, given, problems)
    minutes = given.get("minutes") or "60"
    if not (_MINUTES.fullmatch(minutes) and 5 <= int(minutes) <= 480):
        problems.append(Problem("minutes", "Write a number from 5 to 480."))
    if problems or start is None:
        raise UnusableInputError(problems)
    end = start + timedelta(minutes=int(minutes))  # in UTC: an hour is an hour on every day
    sent: dict[str, Any] = {"start": start.isoformat(), "end": end.isoformat()}
    if given.get("client"):
        own_client(record, person, given["client"])
        sent["patient"] = given["client"]
    else:
        person_said = {k: given.get(k) or None for k in ("name", "phone", "email")}
        sent["client"] = {k: v for k, v in person_said.items() if v}
    if given.get("payer") == SELF_PAY:
        sent["self_pay"] = True
    elif given.get("payer"):
        sent["payer"] = given["payer"]
    if given.get("practitioner"):
        sent["practitioner"] = given["practitioner"]
    return sent


def _start(record: Record, given: Mapping[str, str], problems: list[Problem]) -> datetime | None:
    """The time that was typed, in the clinic's zone."""
    try:
        typed = datetime.fromisoformat(f"{given.get('day', '')}T{given.get('time', '')}")
        local = typed.replace(tzinfo=None)
    except ValueError:
        if not given.get("day"):
            problems.append(Problem("day", "Choose a day."))
        problems.append(Problem("time", "Choose the hour it starts."))
        return None
    if abs(local.year - record.today.year) > _MOST_YEARS:
        problems.append(Problem("day", "This day is too far away. Look at the year."))
        return None
    zone = ZoneInfo(record.zone)
    start = local.replace(tzinfo=zone).astimezone(UTC)  # of an hour that comes twice the first
    if start.astimezone(zone).replace(tzinfo=None) != local:
        words = "There is no such hour on this day: the clocks go forward. Choose another."
        problems.append(Problem("time", words))
    if start < record.now - timedelta(days=1):
        problems.append(Problem("day", "This day is over. Add a visit of before on the chart."))
    return start
