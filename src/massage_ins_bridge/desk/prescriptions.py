"""A prescription held against what it is meant for: as it is filed, and as it is being typed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ..domain.answers import Finding
from ..domain.facts import Booking, Chart, Prescription
from ..domain.known import what_is_known
from ..store.facts import read_fact
from ..store.record import Record
from .chart import get_fact, list_facts
from .client_file import ClientFile, load_client
from .errors import NotFoundError
from .installation import Installation
from .views import Review

KIND = "prescription"
#: Of a visit that nobody has booked yet it cannot be said whether the paper came in time for it.
_OF_A_BOOKING = frozenset({"prescription.lead-time"})


@dataclass(frozen=True, slots=True)
class Typed:
    """What the rules of a payer say of a prescription, were it confirmed as it is: findings field
    by field, what may be cured, and the plugins that could not say. ``payer``: its key;
    ``booking``: the next one that it is held against. Where none is booked it is held against a
    visit of today."""

    payer: str | None
    booking: str | None
    day: date
    findings: tuple[Finding, ...]
    may_cure: tuple[str, ...]
    failed_plugins: tuple[str, ...]


def review(
    installation: Installation, record: Record, patient_id: str, fact_id: str
) -> list[Review]:
    """By standing booking to come. Raises ``NotFoundError``."""
    file = _file(record, patient_id)
    data = get_fact(record, patient_id, KIND, fact_id).data
    prescription: Prescription = read_fact(KIND, data, record.vocabulary.for_stored)
    host, clinic = installation.host, installation.settings.clinic_facts
    found: list[Review] = []
    for held in file.bookings:
        if not held.stands(record.now) or held.row.start_at <= record.now:
            continue
        case = host.case(file.chart(record, clinic, held))
        answer, failures = host.prescription_upload(case, prescription)
        failed = tuple(failure.plugin for failure in failures)
        found.append(Review(held.row.id, answer.findings, answer.may_cure, failed))
    return found


def serving(
    installation: Installation, record: Record, patient_id: str, booking_id: str
) -> str | None:
    """The prescription on file that serves a booking best, by its record. Raises
    ``NotFoundError``."""
    file = _file(record, patient_id)
    held = next((one for one in file.bookings if one.row.id == booking_id), None)
    if held is None:
        raise NotFoundError("booking")
    case = installation.host.case(file.chart(record, installation.settings.clinic_facts, held))
    installation.host.decide_case(case)
    best = case.prescription
    for fact in list_facts(record, patient_id, KIND):
        if best is not None and best.id in (fact.record, fact.data.get("id")):
            return fact.record
    return None


class Reviewed:
    """A client's chart, against which prescriptions are held while they are typed. ``fact_id``: the
    one on file that is being changed; none counts twice. Raises ``NotFoundError``."""

    def __init__(
        self, installation: Installation, record: Record, patient_id: str, fact_id: str = ""
    ) -> None:
        self._host, self._record = installation.host, record
        self._known: dict[str, Any] = (
            get_fact(record, patient_id, KIND, fact_id).data if fact_id else {}
        )
        self._id = self._known.get("id") or fact_id or None
        self._charts = list(_charts(installation, record, _file(record, patient_id)))

    def typed(self, data: dict[str, Any]) -> tuple[Typed, ...]:
        """By payer. Raises ``UnusableInputError`` where it cannot be read."""
        known = what_is_known({**data, "staff_confirmed": True})
        paper: Prescription = read_fact(KIND, known, self._record.vocabulary.for_stored)
        if self._id and not paper.id:
            paper = replace(paper, id=self._id)
        return tuple(self._one(paper, *held) for held in self._charts)

    def _one(self, paper: Prescription, payer: str | None, booking: str, chart: Chart) -> Typed:
        others = tuple(p for p in chart.prescriptions or () if not self._id or p.id != self._id)
        case = self._host.case(replace(chart, prescriptions=others))
        answer, failures = self._host.prescription_upload(case, paper)
        said = [f for f in answer.findings if booking or f.field not in _OF_A_BOOKING]
        failed = tuple(failure.plugin for failure in failures)
        day = case.date_of_service
        return Typed(payer, booking or None, day, tuple(said), answer.may_cure, failed)


def _charts(
    installation: Installation, record: Record, file: ClientFile
) -> Iterator[tuple[str | None, str, Chart]]:
    """By payer, with the next booking that is billed to them; and for those of the coverages that
    have none, as for a visit of today."""
    payers, clinic = installation.host.payers, installation.settings.clinic_facts
    known = set[str | None]()
    for held in file.bookings:
        if not held.stands(record.now) or held.row.start_at <= record.now:
            continue
        if held.details.self_pay:
            continue
        chart = file.chart(record, clinic, held)
        payer = installation.host.case(chart).payer
        key = payer.key if payer is not None else None
        if key not in known:
            known.add(key)
            yield key, held.row.id, chart
    names = [c.payer for c in file.facts["coverage"] if c.payer]
    for name in names or ([] if known else [None]):
        key = payers.key_of(name) if name else None
        if key not in known:
            known.add(key)
            booking = Booking(start=record.now, payer=name)
            yield key, "", file.chart_of_none(record, clinic, booking)


def _file(record: Record, patient_id: str) -> ClientFile:
    file = load_client(record, patient_id)
    if file is None:
        raise NotFoundError("patient")
    return file
