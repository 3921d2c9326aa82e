"""A prescription held against the standing bookings that it is meant for."""

from __future__ import annotations

from ..domain.facts import Prescription
from ..store.facts import read_fact
from ..store.record import Record
from .chart import get_fact
from .client_file import load_client
from .errors import NotFoundError
from .installation import Installation
from .views import Review


def review(
    installation: Installation, record: Record, patient_id: str, fact_id: str
) -> list[Review]:
    """By standing booking to come. Raises ``NotFoundError``."""
    file = load_client(record, patient_id)
    if file is None:
        raise NotFoundError("patient")
    data = get_fact(record, patient_id, "prescription", fact_id).data
    prescription: Prescription = read_fact("prescription", data, record.vocabulary.for_stored)
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
