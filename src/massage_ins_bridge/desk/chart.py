"""The chart: what staff, or a program with a key, writes down about a client.

Any new fact has the client's standing bookings decided again: the wish to do so is written in the
fact's own transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, make_dataclass
from typing import Any, get_type_hints

from ..domain.declared import Vocabulary
from ..domain.facts import Patient
from ..domain.happened import not_yet
from ..domain.known import what_is_known
from ..domain.reading import Problem, UnusableInputError, read
from ..store.clients import Contact
from ..store.facts import claim_numbers, read_fact
from ..store.models import FactRow, PatientRow, VisitRow
from ..store.record import Record
from . import views
from .errors import MergedError, NotFoundError
from .odd_characters import refuse_odd_characters
from .tags import Tags, must_match
from .who import in_doubt_with, match_again

#: What woke a client stands in plain text beside them: it says no more than this.
CAUSE = "chart-changed"
#: The lists of a chart by the names that the check request gives them, with the kinds of facts.
LISTS: Mapping[str, str] = {
    "coverages": "coverage",
    "prescriptions": "prescription",
    "authorizations": "authorization",
    "visits": "visit",
    "progress_reports": "progress-report",
}
Where = tuple[str, str, str]
#: By what it is judged who somebody is.
_SAYS_WHO = frozenset({"name", "email", "phone", "birth_date"})
#: What may be sent about a client: the contract's ``patient`` and how they are reached.
ClientSent: type[Any] = make_dataclass(
    "ClientSent",
    [
        (name, hint, None)
        for kind in (Patient, Contact)
        for name, hint in get_type_hints(kind).items()
        if name != "identity"  # found by matching, and settled by staff
    ],
    frozen=True,
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of a chart in the contract's shape. ``record`` is the id by which it is changed; a
    prescription may bear an ``id`` of the clinic's own. A visit names the ``booking`` that it was,
    where there is one."""

    record: str
    kind: str
    data: dict[str, Any]
    booking: str | None = None

    @property
    def view(self) -> dict[str, Any]:
        """As the doors show it."""
        booking = {"booking": self.booking} if self.kind == "visit" else {}
        return {"record": self.record, **booking, **self.data}


def client_row(record: Record, patient_id: str, *, lock: bool = False) -> PatientRow:
    """The client; ``NotFoundError`` where this clinic has none of that id."""
    row = record.clients.get(patient_id, lock=lock)
    if row is None:
        raise NotFoundError("patient")
    if row.merged_into is not None:
        raise MergedError(row.merged_into)
    return row


def whole_client(record: Record, row: PatientRow) -> dict[str, Any]:
    """The client with all facts of their chart, as the doors show them."""
    found = _all_facts(record, row.id)
    chart = {name: [fact.view for fact in found.get(kind, [])] for name, kind in LISTS.items()}
    return {**views.client(record, row), **chart}


def add_client(record: Record, data: Any) -> PatientRow:
    """A new client. Raises ``UnusableInputError``."""
    return record.clients.create(*checked_client(record, data))


def checked_client(record: Record, data: Any) -> tuple[dict[str, Any], Contact]:
    """A new client's facts, and how to reach them. Raises ``UnusableInputError``."""
    refuse_odd_characters(data, one_line=True)
    found = _read_client(record, data)
    _must_say_something(data)
    return found


def change_client(record: Record, patient_id: str, given: Any, tags: Tags = None) -> PatientRow:
    """Change some fields; ``None`` makes one unknown, and nothing given changes nothing. Raises
    ``NotFoundError``, ``PreconditionError`` where the client is not as ``tags`` say, and
    ``UnusableInputError``."""
    refuse_odd_characters(given, one_line=True)
    _read_client(record, given)  # what is wrong with it is so whatever else there is
    concerned: set[str] = set()
    if not _SAYS_WHO.isdisjoint(given):
        record.lock()  # no delivery makes a doubt meanwhile
        concerned = in_doubt_with(record, patient_id)
        for one in sorted({patient_id, *concerned}):  # in the order of all who lock several
            record.clients.get(one, lock=True)
    row = client_row(record, patient_id, lock=True)
    must_match(tags, whole_client(record, row))
    shown = views.client(record, row).items()
    known = {name: value for name, value in shown if name not in ("id", "identity")}
    merged = {name: v for name, v in {**known, **given}.items() if v is not None}
    facts, contact = _read_client(record, merged)
    if given:
        record.clients.update(row, facts, contact)
        record.wake(patient_id, CAUSE)
    match_again(record, concerned)
    return row


def _read_client(record: Record, data: Any) -> tuple[dict[str, Any], Contact]:
    read(ClientSent, data)  # whatever is wrong with it is said at once
    known = what_is_known(data)
    reach = {f.name for f in fields(Contact)}
    facts = {k: v for k, v in known.items() if k not in reach}
    _must_have_happened(record, read(Patient, facts))
    return facts, read(Contact, {k: v for k, v in known.items() if k in reach})


def list_facts(record: Record, patient_id: str, kind: str) -> list[Fact]:
    """The client's facts of a kind, oldest first."""
    if kind == "visit":
        return [_visit(record, row) for row in record.visits.list(patient_id)]
    return [_fact(record, row) for row in record.facts.list(patient_id, kind)]


def _all_facts(record: Record, patient_id: str) -> dict[str, list[Fact]]:
    """By kind, all facts of a client."""
    found: dict[str, list[Fact]] = {}
    for row in record.facts.list(patient_id):
        found.setdefault(row.kind, []).append(_fact(record, row))
    found["visit"] = list_facts(record, patient_id, "visit")
    return found


def get_fact(record: Record, patient_id: str, kind: str, fact_id: str) -> Fact:
    """One fact. Raises ``NotFoundError``."""
    client_row(record, patient_id)
    return _shown(record, _row(record, (patient_id, kind, fact_id)))


def add_fact(record: Record, patient_id: str, kind: str, data: Any) -> Fact:
    """Add a fact to the chart. Raises ``NotFoundError`` and ``UnusableInputError``."""
    known = checked_fact(record, kind, data)
    client_row(record, patient_id, lock=True)
    if kind == "visit":
        bookings = record.bookings.of_client(patient_id)
        fact = _visit(record, record.visits.file(patient_id, known, bookings))
    else:
        fact = _fact(record, record.facts.add(patient_id, kind, known))
    return _changed(record, patient_id, fact)


def checked_fact(record: Record, kind: str, data: Any) -> dict[str, Any]:
    """What is known of a new fact, without what is unknown. Raises ``UnusableInputError``."""
    refuse_odd_characters(data)
    _must_have_happened(record, read_fact(kind, data, record.vocabulary))
    return _readable(kind, data, record.vocabulary)


def change_fact(record: Record, where: Where, data: Any, *, merge: bool, tags: Tags = None) -> Fact:
    """Replace the fact ``where`` (client, kind, id), or with ``merge`` some of its fields, of which
    ``None`` removes one.

    Raises ``NotFoundError``, ``PreconditionError`` and ``UnusableInputError``.
    """
    patient_id, kind, _ = where
    refuse_odd_characters(data)
    # what is wrong with what is sent is so whatever else there is
    _must_have_happened(record, read_fact(kind, data, record.vocabulary))
    client_row(record, patient_id, lock=True)
    row = _row(record, where)
    before = _shown(record, row)
    must_match(tags, before.view)
    words = record.vocabulary.for_stored if merge else record.vocabulary
    known = _readable(kind, _merged(before.data, data, words) if merge else data, words)
    if known == before.data:
        return before
    if isinstance(row, VisitRow):
        record.visits.replace(row, known, record.bookings.of_client(patient_id))
    else:
        record.facts.replace(row, known)
    return _changed(record, patient_id, _shown(record, row))


def _merged(before: dict[str, Any], data: Any, words: Vocabulary) -> dict[str, Any]:
    """A fact with some fields changed. What plugins that are off or gone declared stays, unless it
    is spoken of."""
    merged = {**before, **data}
    if "extra" in data and "extra" in before:
        here = {plugin for plugins in words.facts.values() for plugin in plugins} - words.former
        kept = {plugin: own for plugin, own in before["extra"].items() if plugin not in here}
        merged["extra"] = {**kept, **(data["extra"] or {})}
    return merged


def remove_fact(record: Record, where: Where, tags: Tags = None) -> None:
    """Take a fact out of the chart. Raises ``NotFoundError`` and ``PreconditionError``."""
    patient_id = where[0]
    client_row(record, patient_id, lock=True)
    row = _row(record, where)
    before = _shown(record, row)
    must_match(tags, before.view)
    if isinstance(row, VisitRow):
        booking = record.bookings.get(row.booking_id) if row.booking_id else None
        details = record.bookings.details(booking) if booking is not None else None
        record.visits.remove(row, booking, details)
    else:
        record.facts.remove(row)
    _changed(record, patient_id, before)


def acknowledge(record: Record, patient_id: str, text: str) -> Fact:
    """Keep the text that the client accepted, word for word with its time (NET-12). The day of the
    newest stands in the chart as ``acknowledged_on``. Raises ``NotFoundError`` and
    ``UnusableInputError``."""
    refuse_odd_characters({"text": text})
    row = client_row(record, patient_id, lock=True)
    data = {"text": text, "at": record.now.isoformat()}
    kept = record.facts.add(patient_id, "acknowledgement", data)
    facts = {**record.clients.facts(row), "acknowledged_on": record.today.isoformat()}
    record.clients.update(row, facts, record.clients.contact(row))
    return _changed(record, patient_id, _fact(record, kept))


def _must_have_happened(record: Record, fact: Any) -> None:
    """Raises ``UnusableInputError`` where what happened is said to be of a day to come."""
    if problems := not_yet(fact, record.today):
        raise UnusableInputError(problems)


def _readable(kind: str, data: Any, words: Vocabulary) -> dict[str, Any]:
    """What is known of a fact, without what is unknown. Raises ``UnusableInputError``."""
    read_fact(kind, data, words)
    return _must_say_something(data)


def _must_say_something(data: Any) -> dict[str, Any]:
    """What is known, and that is not nothing. Raises ``UnusableInputError``."""
    known: dict[str, Any] = what_is_known(data)
    if not known:
        raise UnusableInputError([Problem("", "says nothing; send at least one field")])
    return known


def _changed(record: Record, patient_id: str, fact: Fact) -> Fact:
    if fact.kind == "coverage":  # the client is found by the numbers in their coverages
        known = [record.facts.data(row) for row in record.facts.list(patient_id, "coverage")]
        found_by = record.clients.identities
        found_by.put_members(patient_id, [data.get("member_id") for data in known])
        found_by.put_claims(patient_id, claim_numbers(known))
    record.wake(patient_id, CAUSE)
    return fact


def _row(record: Record, where: Where) -> FactRow | VisitRow:
    patient_id, kind, fact_id = where
    found: FactRow | VisitRow | None
    if kind == "visit":
        found = record.visits.get(patient_id, fact_id)
    else:
        found = record.facts.get(patient_id, kind, fact_id)
    if found is None:
        raise NotFoundError(kind)
    return found


def _shown(record: Record, row: FactRow | VisitRow) -> Fact:
    return _visit(record, row) if isinstance(row, VisitRow) else _fact(record, row)


def _fact(record: Record, row: FactRow) -> Fact:
    return Fact(row.id, row.kind, record.facts.data(row))


def _visit(record: Record, row: VisitRow) -> Fact:
    return Fact(row.id, "visit", record.visits.data(row), row.booking_id)
