"""What is wrong with the prescriptions on file, in the words of those who will be billed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ...domain.answers import Finding
from ...domain.days import in_words
from ...domain.describe import describe
from ...domain.facts import Booking, Chart, Prescription
from ...store.facts import read_fact
from ..tasks import TaskKind
from .found import Inquiry, Owed, in_short

log = structlog.get_logger(__name__)
#: Nobody can cure it: the day on which the paper came in is past.
_PAST_CURE = frozenset({"prescription.lead-time"})
#: What is true of a paper that was good once: a newer one takes its place.
_OUTLIVED = frozenset({"prescription.current", "prescription.visits"})
ASK_PRESCRIBER = "ask-prescriber"


@dataclass(frozen=True, slots=True)
class _Paper:
    """A prescription, and when it was filed."""

    id: str
    data: Prescription
    filed_at: datetime

    @property
    def age(self) -> tuple[date, datetime]:
        return (self.data.signed_on or date.min, self.filed_at)

    @property
    def words(self) -> str:
        """Which one it is, as people would say it."""
        by = self.data.prescriber.name if self.data.prescriber else None
        signed = (
            f"signed on {in_words(self.data.signed_on)}"
            if self.data.signed_on
            else "without a date"
        )
        return f"of {by}, {signed}" if by else signed

    def same_condition(self, other: _Paper) -> bool:
        """Whether one may take the other's place: they share a category of diagnoses, or one
        names none."""
        ours, theirs = (
            {code[:3].upper() for code in p.data.diagnoses or ()} for p in (self, other)
        )
        return not ours or not theirs or bool(ours & theirs)


def owed_for_prescriptions(inquiry: Inquiry) -> None:
    """Ask ``on_prescription_upload`` of every prescription, once for each payer. What it finds
    unmet is one task of that prescription and payer, and takes in the bookings' wish that the
    prescriber be asked."""
    if not inquiry.file.facts["prescription"]:
        return
    facts, words = inquiry.record.facts, inquiry.record.vocabulary.for_stored
    papers = [
        _Paper(data.id or row.id, data, row.created_at)
        for row in facts.list(inquiry.file.patient_id, "prescription")
        for data in (read_fact("prescription", facts.data(row), words),)
    ]
    for payer, (name, chart) in _payers(inquiry).items():
        found = {
            paper.id: _ask(inquiry, paper, payer, chart or _none_booked(inquiry, paper, name))
            for paper in papers
        }
        for paper in papers:
            unmet = _that_matter(paper, papers, found)
            if unmet:
                _add(inquiry, paper, payer, unmet)


def _payers(inquiry: Inquiry) -> dict[str | None, tuple[str | None, Chart | None]]:
    """By payer's key, their name on file and the chart of the first booking to come that is billed
    to them, if there is one. ``None`` stands for nobody that is known."""
    file, payers = inquiry.file, inquiry.host.payers
    found: dict[str | None, tuple[str | None, Chart | None]] = {}
    for held in file.bookings:
        name = held.details.insurer
        if name and held.stands(inquiry.record.now) and held.row.start_at > inquiry.record.now:
            chart = file.chart(inquiry.record, inquiry.clinic, held)
            found.setdefault(payers.key_of(name), (name, chart))
    for coverage in file.facts["coverage"]:
        if coverage.payer:
            found.setdefault(payers.key_of(coverage.payer), (coverage.payer, None))
    return found or {None: (None, None)}


def _none_booked(inquiry: Inquiry, paper: _Paper, payer: str | None) -> Chart:
    """Where no booking waits for a paper it is looked at as for one on the day it was filed: what
    becomes of it later is no fault of the paper."""
    booking = Booking(start=paper.filed_at, payer=payer)
    return inquiry.file.chart_of_none(inquiry.record, inquiry.clinic, booking)


def _ask(inquiry: Inquiry, paper: _Paper, payer: str | None, chart: Chart) -> list[Finding]:
    """What is unmet. A plugin that fails leaves a task; it is asked again with the next fact."""
    try:
        answer, failures = inquiry.host.prescription_upload(inquiry.host.case(chart), paper.data)
    except SQLAlchemyError:
        raise
    except Exception as error:  # noqa: BLE001 - the prescription stays on file whatever fails
        log.error("prescription upload failed", error=describe(error))
        _failed(inquiry, paper, payer, type(error).__name__)
        return []
    for failure in failures:
        log.error("prescription upload failed", plugin=failure.plugin)
        _failed(inquiry, paper, payer, failure.plugin)
    return [f for f in answer.findings if f.status == "unmet" and f.field not in _PAST_CURE]


def _failed(inquiry: Inquiry, paper: _Paper, payer: str | None, what: str) -> None:
    inquiry.found.unsure.add(TaskKind.PRESCRIPTION)
    kind = TaskKind.PRESCRIPTION_FAILED
    words = {"of": paper.words, "payer": _name(inquiry, payer), "what": what}
    inquiry.found.add(Owed(kind, f"{_topic(paper, payer)}:{what}", inquiry.text(kind, **words)))


def _that_matter(
    paper: _Paper, papers: list[_Paper], found: dict[str, list[Finding]]
) -> list[Finding]:
    """The unmet findings on a paper, unless a newer one for the same condition took its place: one
    without a fault, or any where this one is merely outlived."""
    unmet = found[paper.id]
    outlived = any(f.field in _OUTLIVED for f in unmet)
    newer = (p for p in papers if p.age > paper.age and p.same_condition(paper))
    return [] if any(outlived or not found[p.id] for p in newer) else unmet


def _add(inquiry: Inquiry, paper: _Paper, payer: str | None, unmet: list[Finding]) -> None:
    found, kind = inquiry.found, TaskKind.PRESCRIPTION
    said = dict.fromkeys(
        " ".join(filter(None, (in_short(f.field, f.message), f.remedy))) for f in unmet
    )
    words = {"of": paper.words, "payer": _name(inquiry, payer), "findings": " ".join(said)}
    asked = [o for o in found.owed.values() if (o.payer, o.action) == (payer, ASK_PRESCRIBER)]
    first = min(asked, key=lambda o: (o.due is None, o.due or date.max), default=None)
    found.absorbed |= {o.topic for o in asked}
    due, last_day, booking = (
        (first.due, first.last_day, first.booking_id) if first else (None, None, None)
    )
    text = inquiry.text(kind, **words)
    found.add(Owed(kind, _topic(paper, payer), text, booking, due, last_day, payer))


def _topic(paper: _Paper, payer: str | None) -> str:
    return f"{payer or 'nobody'}:prescription:{paper.id}"


def _name(inquiry: Inquiry, payer: str | None) -> str:
    match = inquiry.host.payers.find(payer)
    return match.payer.name if match else payer or "any payer"
