"""Finding clients by what somebody at the desk types: a name, or a part of it, a phone number, an
e-mail address, a member or claim number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from ..identity.letters import plain
from ..store.models import BookingRow
from ..store.record import Record
from .opened import Opened
from .roles import Person

#: How many are shown at most.
MOST = 50
#: How much is looked for of what was typed.
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Found:
    """A client in a list: their name, how to reach them, and their next visit."""

    id: str
    name: str
    phone: str
    email: str
    next_visit: datetime | None
    doubtful: bool


@dataclass(frozen=True, slots=True)
class FoundClients:
    """Clients by name; ``more``: how many are not shown."""

    clients: tuple[Found, ...]
    more: int


def find_clients(record: Record, opened: Opened, person: Person, typed: str) -> FoundClients:
    """Those for whom what was typed is true; all, where nothing was."""
    names = opened.all_names(record)
    if person.own_only:
        own = _own(record, opened, person)
        names = {key: name for key, name in names.items() if key in own}
    ids = list(names)
    if wanted := plain(typed).split():
        numbered = record.clients.find_any(typed)
        ids = [key for key in ids if key in numbered or _is_like(names[key], wanted)]
    ids.sort(key=lambda key: (names[key].casefold(), key))
    shown = ids[:MOST]
    return FoundClients(tuple(_found(record, shown, names)), len(ids) - len(shown))


def _own(record: Record, opened: Opened, person: Person) -> set[str]:
    """The clients whom a therapist sees."""
    if not person.practitioner:
        return set()
    booked = select(BookingRow.patient_id, BookingRow.details_sealed).where(
        BookingRow.clinic == record.clinic
    )
    return {
        patient_id
        for patient_id, sealed in record.session.execute(booked).all()
        if opened.details(record, sealed).practitioner == person.practitioner
    }


def _is_like(name: str, wanted: list[str]) -> bool:
    """Whether each word that was typed begins a word of the name."""
    parts = plain(name).split()
    return all(any(part.startswith(word) for part in parts) for word in wanted)


def _found(record: Record, ids: list[str], names: dict[str, str]) -> Iterable[Found]:
    rows = {row.id: row for row in record.clients.several(ids)}
    coming = _next_visits(record, ids)
    for key in ids:
        row = rows[key]
        contact = record.clients.contact(row)
        yield Found(
            id=key,
            name=names[key],
            phone=contact.phone or "",
            email=contact.email or "",
            next_visit=coming.get(key),
            doubtful=row.doubtful,
        )


def _next_visits(record: Record, ids: list[str]) -> dict[str, datetime]:
    query = (
        select(BookingRow.patient_id, BookingRow.start_at)
        .where(
            BookingRow.clinic == record.clinic,
            BookingRow.patient_id.in_(ids),
            BookingRow.start_at >= record.now,
            BookingRow.platform_status.in_(("pending", "accepted")),
        )
        .order_by(BookingRow.start_at.desc())
    )
    return {row[0]: row[1] for row in record.session.execute(query).all()}
