"""The small forms about one booking: let it stand, refuse it, bill another payer, pay without
insurance."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ..domain.reading import Problem, UnusableInputError
from ..store.acts import About
from ..store.bookings import Details
from ..store.models import BookingRow
from ..store.record import Record
from . import bookings, overrides
from .about_booking import terms_of
from .acts import Done
from .errors import ConflictError
from .own import own_booking
from .roles import Person, must_be_allowed
from .say import day_in_words
from .staff_words import last_word

#: What the fields are called.
LABELS: Mapping[str, str] = {
    "reason": "Why",
    "until": "Until",
    "payer": "Insurer",
    "signed": "Signed agreement",
}


def let_stand(
    record: Record, person: Person, booking_id: str, reason: str | None, until: str | None = None
) -> Done:
    """``until``: the last day on which the word counts; without one, until the visit is over.
    Raises ``UnusableInputError``, and as ``overrides.override``."""
    must_be_allowed(person, "word")
    problems = _without_reason(reason)
    day = _last_day(record, until, problems)
    if problems:
        raise UnusableInputError(problems)
    return _override(record, person, booking_id, ("allow", reason or ""), day)


def refuse(record: Record, person: Person, booking_id: str, reason: str | None) -> Done:
    """Raises ``UnusableInputError``, and as ``overrides.override``."""
    must_be_allowed(person, "word")
    if problems := _without_reason(reason):
        raise UnusableInputError(problems)
    return _override(record, person, booking_id, ("block", reason or ""))


def _without_reason(reason: str | None) -> list[Problem]:
    return [] if reason else [Problem("reason", "Say why in a few words.")]


def _last_day(record: Record, typed: str | None, problems: list[Problem]) -> date | None:
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        problems.append(Problem("until", "Choose a day, or leave it empty."))
        return None
    if not record.today < day < date.max:
        problems.append(Problem("until", "Choose a day after today, or leave it empty."))
    return day


def _override(
    record: Record,
    person: Person,
    booking_id: str,
    said: tuple[str, str],
    last: date | None = None,
) -> Done:
    row = own_booking(record, person, booking_id)
    outcome, reason = said
    sent = {"outcome": outcome, "reason": reason, "name": person.name}
    if last is not None:  # the whole of the day that was chosen
        ends = datetime.combine(last + timedelta(days=1), time(), ZoneInfo(record.zone))
        sent["until"] = ends.isoformat()
    overrides.override(record, booking_id, sent)
    name, until = _name(record, row), "the visit is over"
    if last is not None and last < record.day(row.start_at):
        until = f"the end of {day_in_words(last, record.today.year)}"
    told = {
        "allow": f"The booking of {name} stands until {until}.",
        "block": f"The booking of {name} is refused.",
    }[outcome]
    kind = "let-stand" if outcome == "allow" else "refused"
    needs = {"booking": row.id, "word": last_word(record, row)}
    return Done(kind, told, About(row.patient_id, row.id), "override", needs)


def bill(record: Record, person: Person, booking_id: str, payer: str | None) -> Done:
    """Raises ``UnusableInputError`` and ``ConflictError``."""
    must_be_allowed(person, "work")
    row = own_booking(record, person, booking_id)
    if not payer:
        raise UnusableInputError([Problem("payer", "Choose who is billed.")])
    before = record.bookings.details(row)
    bookings.change_booking(record, booking_id, {"payer": payer, "self_pay": False})
    needs = _between(row, before, record.bookings.details(row))
    said = f"The visit of {_name(record, row)} is billed to {payer}."
    return Done("billed", said, About(row.patient_id, row.id), "booking", needs)


def pays_alone(record: Record, person: Person, booking_id: str, *, signed: bool) -> Done:
    """The client pays. Raises ``ConflictError`` where that is not offered by law or contract, and
    ``UnusableInputError`` where an agreement must be signed first and was not."""
    must_be_allowed(person, "work")
    row = own_booking(record, person, booking_id)
    wanted = terms_of(record, row)
    if wanted is None:
        raise ConflictError("The client may not be asked to pay for this visit.")
    if wanted == "signed-before" and not signed:
        words = "The client signs an agreement for this service before the visit."
        raise UnusableInputError([Problem("signed", words)])
    before = record.bookings.details(row)
    bookings.change_booking(record, booking_id, {"self_pay": True})
    needs = _between(row, before, record.bookings.details(row))
    said = f"{_name(record, row)} pays for this visit."
    return Done("pays", said, About(row.patient_id, row.id), "booking", needs)


def _between(row: BookingRow, before: Details, after: Details) -> dict[str, Any]:
    """What a change of who is billed needs to be taken back."""
    was, left = (
        {"payer": details.payer, "self_pay": details.self_pay} for details in (before, after)
    )
    return {"booking": row.id, "before": was, "after": left}


def _name(record: Record, row: BookingRow) -> str:
    client = record.clients.get(row.patient_id)
    facts = record.clients.facts(client) if client is not None else {}
    return str(facts.get("name") or "the client")
