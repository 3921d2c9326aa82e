"""A client in doubt beside those whom they may be: what each says, and what agrees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from ..identity.person_names import Likeness
from ..store.bookings import LIVE
from ..store.models import PatientRow
from ..store.people import Given
from ..store.record import Record
from .chart import client_row

Agreement = Literal["same", "alike", "different", "unknown"]
_AGREEMENT: Mapping[bool | None, Agreement] = {True: "same", False: "different", None: "unknown"}


@dataclass(frozen=True, slots=True)
class Agrees:
    """How two people compare, point by point."""

    name: Agreement
    email: Agreement
    phone: Agreement
    birth_date: Agreement


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two. ``names``: all that they go by; ``visits``: completed ones, with the day of
    the last; ``next_booking``: when they come next."""

    id: str
    names: tuple[str, ...]
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    birth_date: date | None
    visits: int
    last_visit: date | None
    next_booking: datetime | None
    since: datetime


@dataclass(frozen=True, slots=True)
class Candidate(Side):
    """A client whom the one in doubt may be."""

    agrees: Agrees


@dataclass(frozen=True, slots=True)
class Comparison:
    """Whether it is certain who a client is; if not, the client and the candidates, the likeliest
    first. No candidate: nobody can say who it is."""

    identity: Literal["sure", "doubtful"]
    person: Side
    candidates: tuple[Candidate, ...]


def compare(record: Record, patient_id: str) -> Comparison:
    """The client and those whom they may be. Raises ``NotFoundError``."""
    row = client_row(record, patient_id)
    open_ = [d.candidate_id for d in record.doubts.of(row.id) if d.settled_at is None]
    given = _given(record, row)
    found = [
        _candidate(record, given, other) for other in record.clients.several(filter(None, open_))
    ]
    found.sort(key=lambda c: (-sum(v == "same" for v in _points(c.agrees)), c.id))
    identity: Literal["sure", "doubtful"] = "doubtful" if row.doubtful else "sure"
    return Comparison(identity, _side(record, row), tuple(found))


def compare_two(record: Record, patient_id: str, other_id: str) -> Candidate:
    """Another client, beside the one; they need not be in doubt. Raises ``NotFoundError``."""
    row = client_row(record, patient_id)
    return _candidate(record, _given(record, row), client_row(record, other_id))


def _given(record: Record, row: PatientRow) -> Given:
    contact, facts = record.clients.contact(row), record.clients.known(row).patient
    return Given(facts.name, contact.email, contact.phone, birth_date=facts.birth_date)


def _side(record: Record, row: PatientRow) -> Side:
    aliases = record.clients.aliases(row)
    contact, patient = record.clients.contact(row), record.clients.known(row).patient
    days = sorted(visit.day for visit in record.visits.list(row.id) if visit.day is not None)
    coming = [
        booking.start_at
        for booking in record.bookings.of_client(row.id)
        if booking.start_at > record.now and booking.platform_status in LIVE
    ]
    return Side(
        id=row.id,
        names=_said(patient.name, *(alias.name for alias in aliases)),
        emails=_said(contact.email, *(alias.email for alias in aliases)),
        phones=_said(contact.phone, *(alias.phone for alias in aliases)),
        birth_date=patient.birth_date,
        visits=len(days),
        last_visit=days[-1] if days else None,
        next_booking=min(coming, default=None),
        since=row.created_at,
    )


def _candidate(record: Record, given: Given, row: PatientRow) -> Candidate:
    found, side = record.people.compared(given, row), _side(record, row)
    likeness = found.likeness
    named = bool(given.name and side.names)
    name: Agreement = "alike" if likeness >= Likeness.PART else "different"
    if likeness >= Likeness.FULLER:
        name = "same"
    agrees = Agrees(
        name=name if named else "unknown",
        email=_AGREEMENT[found.email],
        phone=_AGREEMENT[found.phone],
        birth_date=_AGREEMENT[found.born],
    )
    shown = {f: getattr(side, f) for f in Side.__dataclass_fields__}
    return Candidate(**shown, agrees=agrees)


def _points(agrees: Agrees) -> tuple[Agreement, ...]:
    return (agrees.name, agrees.email, agrees.phone, agrees.birth_date)


def _said(*texts: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))
