"""A prescription beside its paper: what is typed, what the rules find of it by field, and filing
it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..domain.answers import Finding, Status
from ..domain.known import what_is_known
from ..store.acts import About
from ..store.record import Record
from . import chart, papers
from .acts import Done
from .errors import NotFoundError
from .fact_fields import Field
from .fact_forms import fields_of
from .installation import Installation
from .paper_states import file_with
from .prescriber_letter import lacking, prescriber_called
from .prescriptions import KIND, Reviewed, Typed
from .say import counted
from .tags import Tags, tag_of

FORM = "prescriptions"
CONFIRMED = "staff_confirmed"
#: By finding, the field that it is about; the others stand under the form.
_FIELDS: Mapping[str, str] = {
    "prescription.signature": "signed",
    "prescription.diagnosis": "diagnoses",
    "diagnosis.reimbursable": "diagnoses",
    "prescription.frequency": "frequency-times",
    "prescription.duration": "duration-count",
    "prescription.prescriber": "prescriber-credential",
    "prescription.current": "signed_on",
    "prescription.visits": "visits",
    "prescription.orders": "orders",
    "prescription.purpose": "purpose",
    "prescription.lead-time": "received_on",
    "medical-necessity": "loss_of_function",
}
#: Where the prescriber's own fields are concerned: by a word of the message, the first that stands
#: in it, which of them.
_PRESCRIBER: Mapping[str, str] = {
    "credential": "prescriber-credential",
    "licence": "prescriber-state",
    "NPI": "prescriber-npi",
}
#: That there is a prescription says nothing to whoever types it.
_SILENT = frozenset({"prescription"})


@dataclass(frozen=True, slots=True)
class Said:
    """A finding in words, and whether what it asks for is there."""

    status: Status
    words: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What the rules find: ``fields`` by the form's names, ``others`` that are about no field;
    ``summary``: all of it in a line, empty where nothing was typed; ``asks``: what a letter to the
    ``prescriber`` would ask for."""

    fields: Mapping[str, tuple[Said, ...]]
    others: tuple[Said, ...]
    summary: str
    asks: tuple[str, ...]
    prescriber: str


@dataclass(frozen=True, slots=True)
class Beside:
    """The form. ``groups``: its fields under their headings; ``files``: those of the paper that is
    read, or from which it was written down; ``confirmed``: somebody compared the two."""

    groups: tuple[tuple[str, tuple[Field, ...]], ...]
    files: tuple[papers.Document, ...]
    confirmed: bool


def fields(record: Record) -> tuple[Field, ...]:
    """The fields that are typed: that it is confirmed is a button."""
    return tuple(f for f in fields_of(FORM, record.vocabulary) if f.name != CONFIRMED)


def beside(record: Record, patient_id: str, fact_id: str, document_id: str) -> Beside:
    """The form of a new prescription, or one on file, with its paper. Raises ``NotFoundError``."""
    groups: dict[str, list[Field]] = {}
    for one in fields(record):
        groups.setdefault(one.group, []).append(one)
    known = chart.get_fact(record, patient_id, KIND, fact_id).data if fact_id else {}
    found = papers.list_documents(record, patient_id)
    if fact_id:
        files = [one for one in found if one.fact == fact_id]
    else:
        paper = next((one.paper for one in found if one.id == document_id), None)
        if document_id and paper is None:
            raise NotFoundError("document")
        files = [one for one in found if one.paper == paper]
    return Beside(
        tuple((title, tuple(listed)) for title, listed in groups.items()),
        tuple(files),
        known.get(CONFIRMED) is True,
    )


def findings(
    installation: Installation,
    record: Record,
    patient_id: str,
    fact_id: str,
    data: Mapping[str, Any],
) -> Findings:
    """What the rules find of what is typed. Raises ``NotFoundError``, and ``UnusableInputError``
    where it cannot be read."""
    known = what_is_known(dict(data))
    if not known:
        return Findings({}, (), "", (), "")
    reviewed = Reviewed(installation, record, patient_id, fact_id)
    found = reviewed.typed(known)
    by_field: dict[str, dict[Said, None]] = {}
    for one in found:
        for finding in one.findings:
            if finding.field not in _SILENT:
                name = _place(finding)
                by_field.setdefault(name, {})[_said(finding)] = None
    shown = {name: _worst_first(said) for name, said in by_field.items()}
    others = shown.pop("", ())
    failed = sorted({name for one in found for name in one.failed_plugins})
    others += tuple(Said("unknown", f"The rules of {name} gave no answer.") for name in failed)
    asks = lacking(reviewed, known)
    return Findings(
        shown, others, _summary(installation, found, shown, others), asks, prescriber_called(known)
    )


def _place(finding: Finding) -> str:
    """The field beside which a finding stands; empty for none."""
    field = _FIELDS.get(finding.field, "")
    if finding.field == "prescription.prescriber" and finding.status != "met":
        return next((name for word, name in _PRESCRIBER.items() if word in finding.message), field)
    return field


def _said(finding: Finding) -> Said:
    if finding.status == "met":
        return Said("met", finding.message)
    return Said(finding.status, " ".join(filter(None, (finding.message, finding.remedy))))


def _worst_first(said: Iterable[Said]) -> tuple[Said, ...]:
    """What is met for one payer is not shown beside what another finds wanting."""
    found = list(said)
    return tuple([one for one in found if one.status != "met"] or found)


def _summary(
    installation: Installation,
    found: tuple[Typed, ...],
    shown: Mapping[str, tuple[Said, ...]],
    others: tuple[Said, ...],
) -> str:
    payers = {p.key: p.name for p in installation.host.payers.payers}
    names = [payers.get(one.payer or "", "") for one in found]
    whom = f" for {' and '.join(filter(None, names))}" if any(names) else ""
    wanting = sum(
        any(one.status != "met" for one in said) for said in (*shown.values(), others) if said
    )
    if not wanting:
        return f"Nothing is missing{whom}."
    things = counted(wanting, "thing needs", "things need")
    return f"{things} another look{whom}. It can be confirmed all the same: what it lacks holds."


def file_new(
    record: Record, patient_id: str, document_id: str, data: Mapping[str, Any], *, confirm: bool
) -> Done:
    """Add what was typed, and file the paper that it was read from. Raises ``NotFoundError`` and
    ``UnusableInputError``."""
    known = {name: value for name, value in data.items() if value is not None}
    if known and confirm:
        known[CONFIRMED] = True
    fact = chart.add_fact(record, patient_id, KIND, known)
    needs = {"fact": [patient_id, KIND, fact.record], "after": tag_of(fact.data)}
    said = _told(confirm=confirm)
    if not document_id:
        return Done("fact-added", said, About(patient_id), "fact-added", needs)
    if document_id not in {one.id for one in papers.list_documents(record, patient_id)}:
        raise NotFoundError("document")
    file_with(record, document_id, fact.record)
    needs["document"] = document_id
    return Done("paper-read", said, About(patient_id), "paper-read", needs)


def file_again(
    record: Record,
    patient_id: str,
    fact_id: str,
    data: Mapping[str, Any],
    *,
    confirm: bool,
    tags: Tags = None,
) -> Done | None:
    """Change one on file to what was typed; ``None`` where it says that already. Raises
    ``NotFoundError``, ``PreconditionError`` and ``UnusableInputError``."""
    where = (patient_id, KIND, fact_id)
    before = chart.get_fact(record, *where)
    given = {**data, **({CONFIRMED: True} if confirm else {})}
    after = chart.change_fact(record, where, given, merge=True, tags=tags)
    if after.data == before.data:
        return None
    needs = {"fact": list(where), "before": before.data, "after": tag_of(after.data)}
    return Done("fact-changed", _told(confirm=confirm), About(patient_id), "fact", needs)


def take_out(record: Record, patient_id: str, fact_id: str, tags: Tags = None) -> Done:
    """Take one out of the chart. Raises ``NotFoundError`` and ``PreconditionError``."""
    where = (patient_id, KIND, fact_id)
    before = chart.get_fact(record, *where)
    chart.remove_fact(record, where, tags)
    needs: dict[str, Any] = {"fact": list(where), "before": before.data}
    found = papers.list_documents(record, patient_id)
    needs["document"] = next((one.id for one in found if one.fact == fact_id), None)
    said = "The prescription is taken out of the chart."
    return Done("fact-removed", said, About(patient_id), "fact-removed", needs)


def _told(*, confirm: bool) -> str:
    done = "confirmed" if confirm else "saved"
    return f"The prescription is {done}. The visits are judged again."
