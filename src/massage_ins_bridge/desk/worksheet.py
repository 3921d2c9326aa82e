"""What a payer's portal asks for when visits are to be approved, filled in from the chart.
Which fields, in which order, is data with a day on which it was read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ..domain.days import ordered_visits
from ..domain.facts import Coverage, Prescription
from ..domain.payer import Payer
from ..gate.case import Case
from ..store.bookings import LIVE
from ..store.record import Record
from . import chart, views
from .client_file import ClientFile, load_client
from .disputed import answer_due, chart_for, latest_of
from .errors import NotFoundError
from .fact_forms import fields_of
from .installation import Installation
from .own import own_client
from .roles import Person
from .tasks import as_to_do
from .worksheet_fields import sheet_fields

KIND = "prior-authorization"
#: The kind of the acts by which a field was typed over.
SHEET = "worksheet"
_OPEN = ("requested", "pended")


@dataclass(frozen=True, slots=True)
class Line:
    """One field. ``value``: what stands there, empty where nobody knows; ``chart``: what the chart
    says; ``typed_by``, ``typed_at``: who wrote something else over that, and when."""

    name: str
    label: str
    value: str
    chart: str
    typed_by: str | None = None
    typed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Worksheet:
    """``payer``: as people call it; ``kinds``: of what it may be asked for, each with its words;
    ``read_on``: when the fields were last put together;
    ``open``: the request that waits for its answer, which should come by ``answer_by``; ``denied``:
    the id of the last one, where that was denied; ``due``: what is to be done, by when."""

    patient_id: str
    client: str
    payer_key: str
    payer: str
    kinds: tuple[tuple[str, str], ...]
    read_on: date
    note: str
    sections: tuple[Section, ...]
    open: chart.Fact | None
    answer_by: date | None
    denied: str
    due: tuple[tuple[str, date | None], ...]
    visits: str
    start_of_care: date


def worksheet(
    installation: Installation, record: Record, person: Person, patient_id: str, payer_key: str
) -> Worksheet:
    """Raises ``NotFoundError`` for a client or a payer that there is not."""
    row = own_client(record, person, patient_id)
    match = installation.host.payers.find(payer_key)
    if match is None:
        raise NotFoundError("payer")
    file = load_client(record, patient_id)
    assert file is not None, "the client is there"
    known = _known(installation, record, file, match.payer)
    known |= _client(views.client(record, row))
    data = sheet_fields(installation.settings)
    kinds = kinds_of(record, match.payer)
    asked_for = _of_payer(installation, record, patient_id, (match.payer.key, dict(kinds)))
    waits = next((f for f in reversed(asked_for) if f.data.get("status") in _OPEN), None)
    asked = waits.data.get("requested_on") if waits is not None else None
    due = answer_due(installation, match.payer.key, date.fromisoformat(asked) if asked else None)
    typed = _typed(record, patient_id, match.payer.key)
    sections = tuple(
        Section(title, tuple(_line(f, data.labels[f], known, typed) for f in listed))
        for title, listed in data.sections
    )
    visits = _line("visits_asked", "", known, typed).value
    return Worksheet(
        patient_id=patient_id,
        client=str(known.get("name") or ""),
        payer_key=match.payer.key,
        payer=match.payer.name,
        kinds=kinds,
        read_on=data.read_on,
        note=data.note,
        sections=sections,
        open=waits,
        answer_by=due[0] if due is not None else None,
        denied=next((f.record for f in asked_for[-1:] if f.data.get("status") == "denied"), ""),
        due=tuple(_due(installation, record, file, match.payer.key)),
        visits=visits if visits.isdigit() else "",
        start_of_care=known["start"],
    )


def _day(value: date | str | None) -> str:
    """A day as portals in this country ask for it."""
    known = date.fromisoformat(value) if isinstance(value, str) and value else value
    return f"{known:%m/%d/%Y}" if isinstance(known, date) else ""


def _line(
    name: str, label: str, known: Mapping[str, Any], typed: Mapping[str, tuple[str, str, datetime]]
) -> Line:
    said = str(known.get(name) or "")
    return Line(name, label, *_over(said, typed.get(name)))


def _over(
    said: str, typed: tuple[str, str, datetime] | None
) -> tuple[str, str, str | None, datetime | None]:
    if typed is None or typed[0] == said:
        return said, said, None, None
    return typed[0], said, *typed[1:]


def _typed(record: Record, patient_id: str, payer: str) -> dict[str, tuple[str, str, datetime]]:
    """By field, what was typed over it last: the words, who typed them, and when."""
    found: dict[str, tuple[str | None, str, datetime]] = {}
    for row in record.acts.of_clients(record.clients.one_person(patient_id), SHEET):
        act = record.acts.act(row)
        if row.undone_at is None and act.needs["payer"] == payer:
            for name, text in act.needs["fields"].items():
                found.setdefault(name, (text, act.who, row.at))
    return {name: (text, by, at) for name, (text, by, at) in found.items() if text is not None}


def _client(client: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": client.get("name"), "birth_date": _day(client.get("birth_date"))}


def _known(
    installation: Installation, record: Record, file: ClientFile, payer: Payer
) -> dict[str, Any]:
    """What the chart says of it."""
    case = installation.host.case(chart_for(installation, record, file, payer.key))
    installation.host.decide_case(case)  # it finds the prescription that serves
    coverage = _coverage(case, payer)
    rx = case.prescription or latest_of(case.prescriptions or ()) or Prescription()
    prescriber, often, lasts = rx.prescriber, rx.frequency, rx.duration
    who = [prescriber.name, prescriber.credential] if prescriber else []
    start = _first_visit(installation, record, file, payer.key)
    return {
        "start": start,
        "start_of_care": _day(start),
        "clinic": installation.settings.clinic_facts.name,
        **_therapist(installation, file),
        "member_id": _member(coverage),
        "plan": _listed(coverage.plan, coverage.group_number) if coverage else "",
        "program": "Massage therapy",
        "visits_asked": ordered_visits(rx.frequency, rx.duration)
        if rx.visits is None
        else rx.visits,
        "frequency": _each(often.times, "a", often.per) if often else "",
        "duration": _each(lasts.count, "", lasts.unit and f"{lasts.unit}s") if lasts else "",
        "diagnoses": _listed(*rx.diagnoses or ()),
        "prescriber": _listed(*who),
        "prescriber_npi": prescriber.npi if prescriber else None,
        "signed_on": _day(rx.signed_on),
        "loss_of_function": rx.loss_of_function or "",
    }


def _coverage(case: Case, payer: Payer) -> Coverage | None:
    """The one that is billed; where the rules cannot say which, what staff confirmed last."""
    if case.coverage is not None and case.payer is not None and case.payer.key == payer.key:
        return case.coverage
    found = [c for c in case.coverages or () if case.payers.key_of(c.payer) == payer.key]
    return max(found, key=lambda c: (c.staff_confirmed is True, c.from_ or date.min), default=None)


def _member(coverage: Coverage | None) -> str | None:
    """What the payer knows the client by: their member id, or the number of their claim."""
    if coverage is None:
        return None
    number = coverage.claim.number if coverage.claim else None
    return coverage.member_id or (f"claim {number}" if number else None)


def _listed(*parts: object) -> str:
    return ", ".join(str(part) for part in parts if part)


def _each(number: int | None, word: str, unit: str | None) -> str:
    """A number with its unit; empty where either is not known, for half of it says nothing."""
    return " ".join(f"{number} {word} {unit}".split()) if number and unit else ""


def _first_visit(installation: Installation, record: Record, file: ClientFile, payer: str) -> date:
    """The first visit, or the next booking, that is billed to the payer; else today."""
    of = installation.host.payers.key_of
    visits = [one.visit for one in file.visits]
    days = [one.on for one in visits if one.on is not None and of(one.payer) == payer]
    if not days:
        held = [one for one in file.bookings if of(one.details.insurer) == payer]
        days = [record.day(one.row.start_at) for one in held if one.row.platform_status in LIVE]
    return min(days, default=record.today)


def _therapist(installation: Installation, file: ClientFile) -> dict[str, str | None]:
    """Who gives the visits, as the last booking says."""
    key = file.bookings[-1].details.practitioner if file.bookings else None
    for one in installation.settings.clinic_facts.practitioners or ():
        if one.key == key:
            return {"practitioner": one.name or one.key, "npi": one.npi}
    return {"practitioner": key, "npi": None}


def kinds_of(record: Record, payer: Payer) -> tuple[tuple[str, str], ...]:
    """The kinds of authorization that a payer gives, with their words: its own, where it has any,
    for its rules look for no other."""
    field = next(f for f in fields_of("authorizations", record.vocabulary) if f.path == "kind")
    own = [
        option
        for option in field.options
        if option[0].startswith((f"{payer.key}-", f"{payer.plugin}."))
    ]
    return tuple(own or [option for option in field.options if option[0] == KIND])


def approves(record: Record, payer: Payer) -> bool:
    """Whether a payer is asked to approve visits, as far as its rules say."""
    return payer.decision_rule is not None or KIND not in dict(kinds_of(record, payer))


def _of_payer(
    installation: Installation, record: Record, patient_id: str, of: tuple[str, Mapping[str, str]]
) -> list[chart.Fact]:
    """What a payer was asked for of these kinds, and its answers, oldest first."""
    payer, kinds = of
    key_of = installation.host.payers.key_of
    found = chart.list_facts(record, patient_id, "authorization")
    known = {*kinds, KIND, None}
    return [
        fact
        for fact in found
        if key_of(fact.data.get("payer")) == payer and fact.data.get("kind") in known
    ]


def _due(
    installation: Installation, record: Record, file: ClientFile, payer: str
) -> Iterator[tuple[str, date | None]]:
    """What is to be asked, but of visits that others are billed for."""
    key_of = installation.host.payers.key_of
    billed = {one.row.id: key_of(one.details.insurer) for one in file.bookings}
    for task in record.tasks.of_client(file.patient_id):
        message = record.tasks.message(task)
        asks = message.startswith(("request-", "chase-", "appeal"))
        theirs = billed.get(task.booking_id or "") in (None, payer)
        if task.done_at is None and asks and theirs:
            yield as_to_do(task.kind, message), task.due
