"""One immutable snapshot of all that bears on a booking.

The chart of a client of this clinic *is* the clinic's record, so its lists are known: a list
without an entry says "none", never "unknown". Only what stands inside a fact can be unknown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from ..domain.days import local_day
from ..domain.facts import (
    DEFAULT_ZONE,
    Booking,
    Chart,
    Clinic,
    Patient,
    Provider,
    Upcoming,
    Visit,
)
from ..domain.reading import read
from .bookings import Bookings, Details, stands
from .facts import Facts
from .models import BookingRow, PatientRow
from .patients import Patients
from .vault import Vault

HERE: Provider = "this-clinic"
MASSAGE = "massage"


@dataclass(frozen=True, slots=True)
class ChartContext:
    """What a chart is read with, beside its booking."""

    vault: Vault
    clinic: str
    facts: Clinic


def load_chart(session: Session, context: ChartContext, row: BookingRow, as_of: datetime) -> Chart:
    """The chart of one booking: its client's facts, completed visits and standing bookings.

    A standing booking counts as before this one where it starts earlier, or at the same time
    and arrived earlier; of two that race for the last visit, so, exactly one comes second.
    """
    bookings = Bookings(session, context.vault, context.clinic)
    patients = Patients(session, context.vault, context.clinic)
    patient = session.get_one(PatientRow, row.patient_id)
    known = Facts(session, context.vault, context.clinic).known(row.patient_id)
    others = [b for b in bookings.of_patient(row.patient_id) if b.id != row.id]
    zone = context.facts.timezone or DEFAULT_ZONE
    recorded = _Recorded(known["visit"], lambda moment: local_day(moment, zone))
    visits = [*known["visit"]]
    upcoming = []
    for other in others:
        details = bookings.details(other)
        if other.platform_status == "completed":
            if not recorded.has(other):
                visits.append(_visit(other, details, zone))
        elif _before(other, row) and not (other.start_at <= as_of and recorded.has(other)):
            upcoming.append(_upcoming(other, details))
    return Chart(
        booking=_booking(row, bookings.details(row)),
        as_of=as_of,
        clinic=context.facts,
        patient=read(Patient, patients.facts(patient)),
        coverages=known["coverage"],
        prescriptions=known["prescription"],
        authorizations=known["authorization"],
        visits=tuple(visits),
        upcoming=tuple(upcoming),
        progress_reports=known["progress-report"],
    )


def _before(other: BookingRow, row: BookingRow) -> bool:
    """Whether ``other`` is to be shown as standing. A later start is shown too (it may be another
    therapy the same day); only a later arrival at the very same start is not."""
    return stands(other) and not (other.start_at == row.start_at and other.seq > row.seq)


class _Recorded:
    """Visits of this clinic that staff wrote down: each stands for one booking of its day, so
    that no massage is counted twice."""

    def __init__(self, visits: Iterable[Visit], day_of: Callable[[datetime], date]) -> None:
        self._day_of = day_of
        self._left: Counter[date] = Counter(
            v.on for v in visits if v.on and v.provider in (None, HERE)
        )

    def has(self, row: BookingRow) -> bool:
        day = self._day_of(row.start_at)
        if not self._left[day]:
            return False
        self._left[day] -= 1
        return True


def _booking(row: BookingRow, details: Details) -> Booking:
    return Booking(
        start=row.start_at,
        end=row.end_at,
        service=details.service,
        self_pay=details.self_pay,
        payer=details.payer,
    )


def _visit(row: BookingRow, details: Details, zone: str) -> Visit:
    return Visit(
        on=local_day(row.start_at, zone),
        payer=None if details.self_pay else details.billed or details.payer,
        modality=MASSAGE,
        provider=HERE,
        claim_number=details.claim_number,
    )


def _upcoming(row: BookingRow, details: Details) -> Upcoming:
    return Upcoming(
        start=row.start_at,
        payer=None if details.self_pay else details.billed or details.payer,
        modality=MASSAGE,
        provider=HERE,
        claim_number=details.claim_number,
    )
