"""What bookings and visits name of their client's chart, which says nothing in another's: the
prescription they are booked on, the clinic's label of the treatment, the claim.

That the care is for neither a work nor an auto injury (``injury``) was said of that client as well,
and would lift what holds another's booking; that it is for one holds, and stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from .models import BookingRow, VisitRow
from .record import Record

NAMES = ("prescription", "episode", "claim_number")
#: By id of a booking or a visit, what it named.
Named = dict[str, dict[str, Any]]


def let_go(record: Record, bookings: Sequence[BookingRow]) -> Named:
    """Take what they, and the visits that they were, name of their client's chart from them; it is
    returned, as JSON values."""
    found: Named = {}
    for row in bookings:
        details = record.bookings.details(row)
        said = {name: v for name in NAMES if (v := getattr(details, name)) is not None}
        if details.injury == "neither":
            said["injury"] = details.injury
        _say(record, row, dict.fromkeys(said))
        found[row.id] = said
    for visit in _visits(record, bookings):
        data = record.visits.data(visit)
        found[visit.id] = {name: data[name] for name in NAMES if name in data}
        _say(record, visit, dict.fromkeys(found[visit.id]))
    return {row_id: said for row_id, said in found.items() if said}


def take_up(record: Record, named: Named) -> None:
    """Have them name again what they named."""
    for row_id, said in named.items():
        row = record.session.get(BookingRow, row_id) or record.session.get_one(VisitRow, row_id)
        _say(record, row, said)


def rename(record: Record, bookings: Sequence[BookingRow], papers: Mapping[str, str]) -> Named:
    """Have them name prescriptions by other ids; what they named is returned."""
    found: Named = {}
    for row in _both(record, bookings):
        named = _named(record, row)
        if named is not None and named in papers:
            found[row.id] = {"prescription": named}
            _say(record, row, {"prescription": papers[named]})
    return found


def keep_own(record: Record, bookings: Sequence[BookingRow]) -> None:
    """A prescription that is not their client's (any more) is named no longer."""
    for row in _both(record, bookings):
        named = _named(record, row)
        papers = record.facts.known(row.patient_id)["prescription"] if named else ()
        if named and named not in [paper.id for paper in papers]:
            _say(record, row, {"prescription": None})


def _named(record: Record, row: BookingRow | VisitRow) -> str | None:
    if isinstance(row, VisitRow):
        named: str | None = record.visits.data(row).get("prescription")
        return named
    return record.bookings.details(row).prescription


def _say(record: Record, row: BookingRow | VisitRow, said: Mapping[str, Any]) -> None:
    """Set these words, or take them away (``None``)."""
    if isinstance(row, VisitRow):
        data = {**record.visits.data(row), **said}
        record.visits.fill(row, {name: value for name, value in data.items() if value is not None})
    elif said:
        record.bookings.put_details(row, replace(record.bookings.details(row), **said))


def _both(record: Record, bookings: Sequence[BookingRow]) -> list[BookingRow | VisitRow]:
    return [*bookings, *_visits(record, bookings)]


def _visits(record: Record, bookings: Sequence[BookingRow]) -> Sequence[VisitRow]:
    ids = [row.id for row in bookings]
    wanted = select(VisitRow).where(VisitRow.booking_id.in_(ids), VisitRow.removed_at.is_(None))
    return record.session.scalars(wanted).all()
