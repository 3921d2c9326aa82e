"""Making, changing and moving bookings that no platform knows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from ..domain.extra import EXTRA, NO_EXTRA, Extra
from ..domain.known import what_is_known
from ..domain.reading import Problem, UnusableInputError, read
from ..domain.vocabulary import Injury, Place
from ..store.bookings import ENDED, NO_ACCOUNT, Details, Seen
from ..store.models import BookingRow
from ..store.record import Record
from ..store.types import new_id
from .chart import client_row
from .decide import decide_client
from .errors import AlreadyBookedError, ConflictError
from .installation import Installation
from .odd_characters import refuse_odd_characters
from .who import client_of, learn

CAUSE = "booked-by-hand"


@dataclass(frozen=True, slots=True)
class NewClient:
    """Somebody who books by telephone or at the desk. They are found among the clients by e-mail or
    phone as a platform's client is; otherwise they are a new one."""

    name: str
    email: str | None = None
    phone: str | None = None
    birth_date: date | None = None


@dataclass(frozen=True, slots=True)
class NewBooking:
    """A booking that no platform knows, of a ``patient`` (an id) or of a ``client``. ``payer``: who
    is billed, else the primary coverage is; ``place``, ``prescription`` (its id), ``episode``,
    ``injury`` and ``extra`` as of a check request's booking; ``ref``: the caller's own name of it,
    which only one booking bears."""

    start: datetime
    end: datetime | None = None
    patient: str | None = None
    client: NewClient | None = None
    service: str | None = None
    payer: str | None = None
    self_pay: bool | None = None
    practitioner: str | None = None
    place: Place | None = None
    prescription: str | None = None
    episode: str | None = None
    injury: Injury | None = None
    extra: Extra = field(default=NO_EXTRA, metadata={EXTRA: "booking"})
    ref: str | None = None


def book(installation: Installation, record: Record, data: Any) -> BookingRow:
    """Store a booking and decide it. It stands until staff ends it.

    Raises ``NotFoundError``, ``UnusableInputError``, ``AlreadyBookedError``, and ``ConflictError``
    where the ``ref`` is taken.
    """
    refuse_odd_characters(data, one_line=True)
    wanted = read(NewBooking, data, words=record.vocabulary)
    _refuse(wanted)
    record.lock()
    if wanted.ref and record.bookings.by_ref(NO_ACCOUNT, wanted.ref) is not None:
        raise ConflictError(f"There is a booking with the ref {wanted.ref!r} already.")
    person = _person(wanted.client)
    patient_id = _client(record, wanted, person)
    _refuse_double(record, patient_id, wanted.start)
    seen = Seen(
        account=NO_ACCOUNT,
        ref=wanted.ref or new_id("own"),
        status="accepted",
        start=wanted.start.astimezone(UTC),
        end=wanted.end and wanted.end.astimezone(UTC),
        version=None,
        recurring=False,
        previous_ref=None,
    )
    details = Details(
        service=wanted.service or None,
        self_pay=wanted.self_pay,
        payer=wanted.payer or None,
        practitioner=wanted.practitioner or None,
        place=wanted.place,
        prescription=wanted.prescription,
        episode=wanted.episode,
        injury=wanted.injury,
        extra=what_is_known(data.get("extra")) or {},
        by_staff=True,
        person=person.person,
    )
    row = record.bookings.add(seen, patient_id, details)
    if wanted.client is not None:
        learn(record, row, details)
    decide_client(installation, record, patient_id, CAUSE)
    return row


def _refuse(wanted: NewBooking) -> None:
    problems = []
    if (wanted.patient is None) == (wanted.client is None):
        problems.append(Problem("patient", "send the client's id, or the client as `client`"))
    if wanted.end is not None and wanted.end <= wanted.start:
        problems.append(Problem("end", "is not after start"))
    if wanted.client is not None and not (wanted.client.name or "").strip():
        problems.append(Problem("client.name", "is empty; say who it is"))
    if problems:
        raise UnusableInputError(problems)


def _person(given: NewClient | None) -> Details:
    """Who books, as a platform's booking says it."""
    if given is None:
        return Details()
    words = {"name": given.name, "email": given.email, "phone": given.phone}
    born = {"birth_date": given.birth_date.isoformat()} if given.birth_date else {}
    return Details(person={k: v for k, v in words.items() if v}, answers=born)


def _client(record: Record, wanted: NewBooking, person: Details) -> str:
    """Whose booking it is."""
    if wanted.client is None:
        return client_row(record, wanted.patient or "", lock=True).id
    row = client_row(record, client_of(record, person), lock=True)
    facts = record.clients.facts(row)
    if person.answers and "birth_date" not in facts:
        record.clients.update(row, {**facts, **person.answers}, record.clients.contact(row))
    return row.id


def _refuse_double(
    record: Record, patient_id: str, start: datetime, but: BookingRow | None = None
) -> None:
    """One visit that is entered twice would count twice."""
    for other in record.bookings.of_client(patient_id):
        ended = other.platform_status in (*ENDED, "replaced")
        if other.start_at == start and not ended and other is not but:
            raise AlreadyBookedError(other.id)


def move(record: Record, row: BookingRow, start: datetime, end: datetime | None) -> None:
    """Put a booking at another time; it is to be decided anew. Raises ``UnusableInputError`` and
    ``AlreadyBookedError``."""
    if end is not None and end <= start:
        raise UnusableInputError([Problem("end", "is not after start")])
    if row.start_at != start:
        _refuse_double(record, row.patient_id, start, row)
        row.revision += 1
        row.outcome, row.hold_state, row.begun_told = None, None, False
    row.start_at, row.end_at = start.astimezone(UTC), end and end.astimezone(UTC)
    row.updated_at = record.now
