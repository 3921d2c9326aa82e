"""The chart: what staff, or a program with a key, writes down about a client.

Any new fact has the client's standing bookings decided again: the wish to do so is written in the
fact's own transaction.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..domain.facts import Patient
from ..domain.reading import Problem, UnusableInputError, read
from ..store.clients import Contact
from ..store.facts import read_fact
from ..store.models import FactRow, PatientRow, VisitRow
from ..store.record import Record
from .errors import NotFoundError, PreconditionError

#: What woke a client stands in plain text beside them: it says no more than this.
CAUSE = "chart-changed"
PATIENT_KEYS = frozenset({"name", "birth_date", "intake_received", "acknowledged_on"})
CONTACT_KEYS = frozenset({"email", "phone"})


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of a chart in the contract's shape. ``record`` is the id by which it is changed; a
    prescription may bear an ``id`` of the clinic's own. ``tag`` changes whenever the fact does."""

    record: str
    data: dict[str, Any]
    booking: str | None = None

    @property
    def tag(self) -> str:
        return tag_of(self.data)


def tag_of(data: Mapping[str, Any]) -> str:
    """A tag that is equal for equal contents, for conditional changes."""
    text = json.dumps(data, sort_keys=True, default=str).encode()
    return hashlib.sha256(text).hexdigest()[:20]


def client_row(record: Record, patient_id: str, *, lock: bool = False) -> PatientRow:
    """The client; ``NotFoundError`` where this clinic has none of that id."""
    row = record.clients.get(patient_id, lock=lock)
    if row is None:
        raise NotFoundError("patient")
    return row


def client_facts(record: Record, row: PatientRow) -> dict[str, Any]:
    """The client in the contract's shape, with how they are reached."""
    contact = record.clients.contact(row)
    return {"email": contact.email, "phone": contact.phone, **record.clients.facts(row)}


def add_client(record: Record, data: Mapping[str, Any]) -> PatientRow:
    """A new client. Raises ``UnusableInputError``."""
    facts, contact = _read_client(record, data)
    return record.clients.create(facts, contact)


def change_client(
    record: Record, patient_id: str, given: Mapping[str, Any], if_tag: str | None = None
) -> PatientRow:
    """Change some fields; ``None`` makes one unknown. Raises ``NotFoundError``,
    ``PreconditionError`` where the client is not as ``if_tag`` says, ``UnusableInputError``."""
    row = client_row(record, patient_id, lock=True)
    known = client_facts(record, row)
    _must_be(if_tag, tag_of(known))
    merged = {name: v for name, v in {**known, **given}.items() if v is not None}
    facts, contact = _read_client(record, merged)
    record.clients.update(row, facts, contact)
    record.wake(patient_id, CAUSE)
    return row


def _read_client(record: Record, data: Mapping[str, Any]) -> tuple[dict[str, Any], Contact]:
    facts = {k: v for k, v in data.items() if k in PATIENT_KEYS}
    patient = read(Patient, facts)
    contact = read(Contact, {k: v for k, v in data.items() if k in CONTACT_KEYS})
    if patient.birth_date is not None and patient.birth_date > record.today:
        raise UnusableInputError([Problem("birth_date", "lies in the future")])
    return facts, contact


def list_facts(record: Record, patient_id: str, kind: str) -> list[Fact]:
    """The client's facts of a kind, oldest first."""
    if kind == "visit":
        return [_visit(record, row) for row in record.visits.list(patient_id)]
    return [_fact(record, row) for row in record.facts.list(patient_id, kind)]


def all_facts(record: Record, patient_id: str) -> dict[str, list[Fact]]:
    """By kind, all facts of a client."""
    found: dict[str, list[Fact]] = {}
    for row in record.facts.list(patient_id):
        found.setdefault(row.kind, []).append(_fact(record, row))
    found["visit"] = list_facts(record, patient_id, "visit")
    return found


def get_fact(record: Record, patient_id: str, kind: str, fact_id: str) -> Fact:
    """One fact. Raises ``NotFoundError``."""
    row = _row(record, patient_id, kind, fact_id)
    return _visit(record, row) if isinstance(row, VisitRow) else _fact(record, row)


def add_fact(record: Record, patient_id: str, kind: str, data: dict[str, Any]) -> Fact:
    """Add a fact to the chart. Raises ``NotFoundError`` and ``UnusableInputError``."""
    read_fact(kind, data)
    client_row(record, patient_id, lock=True)
    if kind == "visit":
        bookings = record.bookings.of_client(patient_id)
        fact = _visit(record, record.visits.file(patient_id, data, bookings))
    else:
        fact = _fact(record, record.facts.add(patient_id, kind, data))
    return _changed(record, patient_id, kind, fact)


def change_fact(
    record: Record,
    where: tuple[str, str, str],
    data: Any,
    *,
    merge: bool,
    if_tag: str | None = None,
) -> Fact:
    """Replace the fact ``where`` (client, kind, id), or with ``merge`` some of its fields, of which
    ``None`` removes one.

    Raises ``NotFoundError``, ``PreconditionError`` and ``UnusableInputError``.
    """
    patient_id, kind, fact_id = where
    client_row(record, patient_id, lock=True)
    row = _row(record, patient_id, kind, fact_id)
    before = _visit(record, row) if isinstance(row, VisitRow) else _fact(record, row)
    _must_be(if_tag, before.tag)
    if merge:
        if not isinstance(data, dict):
            raise UnusableInputError([Problem("", "must be an object")])
        data = {k: v for k, v in {**before.data, **data}.items() if v is not None}
    if isinstance(row, VisitRow):
        record.visits.replace(row, data, record.bookings.of_client(patient_id))
        fact = _visit(record, row)
    else:
        record.facts.replace(row, data)
        fact = _fact(record, row)
    return _changed(record, patient_id, kind, fact)


def remove_fact(record: Record, where: tuple[str, str, str], if_tag: str | None = None) -> None:
    """Take a fact out of the chart. Raises ``NotFoundError`` and ``PreconditionError``."""
    patient_id, kind, fact_id = where
    client_row(record, patient_id, lock=True)
    row = _row(record, patient_id, kind, fact_id)
    before = _visit(record, row) if isinstance(row, VisitRow) else _fact(record, row)
    _must_be(if_tag, before.tag)
    if isinstance(row, VisitRow):
        booking = record.bookings.get(row.booking_id) if row.booking_id else None
        details = record.bookings.details(booking) if booking is not None else None
        record.visits.remove(row, booking, details)
    else:
        record.facts.remove(row)
    _changed(record, patient_id, kind, before)


def acknowledge(record: Record, patient_id: str, text: str) -> Fact:
    """Keep the text that the client accepted, word for word with its time (NET-12). The day of the
    newest stands in the chart as ``acknowledged_on``. Raises ``NotFoundError``."""
    row = client_row(record, patient_id, lock=True)
    data = {"text": text, "at": record.now.isoformat()}
    kept = record.facts.add(patient_id, "acknowledgement", data)
    facts = {**record.clients.facts(row), "acknowledged_on": record.today.isoformat()}
    record.clients.update(row, facts, record.clients.contact(row))
    return _changed(record, patient_id, "acknowledgement", _fact(record, kept))


def _changed(record: Record, patient_id: str, kind: str, fact: Fact) -> Fact:
    if kind == "coverage":  # the client is found by the member ids of their coverages
        known = record.facts.list(patient_id, kind)
        ids = [record.facts.data(row).get("member_id") for row in known]
        record.clients.reindex_members(patient_id, ids)
    record.wake(patient_id, CAUSE)
    return fact


def _row(record: Record, patient_id: str, kind: str, fact_id: str) -> FactRow | VisitRow:
    found: FactRow | VisitRow | None
    if kind == "visit":
        found = record.visits.get(patient_id, fact_id)
    else:
        found = record.facts.get(patient_id, kind, fact_id)
    if found is None:
        raise NotFoundError(kind)
    return found


def _fact(record: Record, row: FactRow) -> Fact:
    return Fact(row.id, record.facts.data(row))


def _visit(record: Record, row: VisitRow) -> Fact:
    return Fact(row.id, record.visits.data(row), row.booking_id)


def _must_be(if_tag: str | None, tag: str) -> None:
    if if_tag is not None and if_tag != tag:
        raise PreconditionError(
            "It was changed meanwhile; read it again, and send the change with its new ETag."
        )
