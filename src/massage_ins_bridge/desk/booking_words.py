"""The small forms about one booking: let it stand, refuse it, bill another payer, pay without
insurance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ..domain.reading import Problem, UnusableInputError
from ..store.acts import About
from ..store.bookings import LIVE, Details
from ..store.models import BookingRow
from ..store.record import Record
from . import bookings, overrides
from .about_booking import terms_of
from .acts import Done
from .by_hand import by_hand
from .errors import ConflictError
from .face_parts import Words
from .installation import Installation
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
    installation: Installation,
    record: Record,
    person: Person,
    booking_id: str,
    reason: str | None,
    until: str | None = None,
) -> Done:
    """``until``: the last day on which the word counts; without one, until the visit is over.
    Raises ``UnusableInputError``, and as ``overrides.override``."""
    must_be_allowed(person, "word")
    problems = _without_reason(reason)
    day = _last_day(record, until, problems)
    if problems:
        raise UnusableInputError(problems)
    row = own_booking(record, person, booking_id)
    stood, word = row.platform_status in LIVE, _Word("allow", reason or "", day)
    _override(installation, record, person, row, word)
    until = "the visit is over"
    if day is not None and day < record.day(row.start_at):
        until = f"the end of {day_in_words(day, record.today.year)}"
    said = f"The booking of {_name(record, row)} stands until {until}."
    if not stood:
        platform = installation.accounts[row.account].platform_within
        said = f"The booking of {_name(record, row)} is being brought back on {platform}."
    return _said(record, row, "let-stand", said)


def refuse(
    installation: Installation, record: Record, person: Person, booking_id: str, reason: str | None
) -> Done:
    """Raises ``UnusableInputError``, and as ``overrides.override``."""
    must_be_allowed(person, "word")
    if problems := _without_reason(reason):
        raise UnusableInputError(problems)
    row = own_booking(record, person, booking_id)
    _override(installation, record, person, row, _Word("block", reason or ""))
    name = _name(record, row)
    following = _what_follows(installation, record, row)
    return _said(record, row, "refused", f"The booking of {name} is to be refused. {following}")


def _what_follows(installation: Installation, record: Record, row: BookingRow) -> str:
    """A refusal waits for its pause, or is somebody's to carry out: it is not done by saying so."""
    account = installation.accounts.get(row.account)
    if by_hand(row):
        return "Tell the client, then mark it as cancelled."
    if account is None or not account.enforces:
        return "Nothing is written to its platform: this account only watches."
    at = record.now + account.settings.pause
    if at >= row.start_at:
        return f"It begins before {account.platform_within} can be told: tell the client."
    if at <= record.now:
        return f"{account.platform} is told now."
    words = Words(record.zone, record.today.year)
    return f"{account.platform} is told {words.at(at, record.now)}, unless somebody stops it."


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


@dataclass(frozen=True, slots=True)
class _Word:
    """``last``: the last day on which it counts; else it counts until the visit is over."""

    outcome: str
    reason: str
    last: date | None = None


def _override(
    installation: Installation, record: Record, person: Person, row: BookingRow, word: _Word
) -> None:
    sent = {"outcome": word.outcome, "reason": word.reason, "name": person.name}
    if word.last is not None:  # the whole of the day that was chosen
        ends = datetime.combine(word.last + timedelta(days=1), time(), ZoneInfo(record.zone))
        sent["until"] = ends.isoformat()
    overrides.override(record, row.id, sent, installation)


def _said(record: Record, row: BookingRow, kind: str, told: str) -> Done:
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
