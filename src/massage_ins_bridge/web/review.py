"""A prescription held against the standing bookings that it is meant for."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from ..domain.facts import Prescription
from ..store.bookings import Bookings, stands
from ..store.chart import load_chart
from ..store.facts import Facts, read_fact
from ..store.models import FactRow
from ..workflows.service import Service


def review(session: Session, service: Service, clinic: str, row: FactRow) -> list[dict[str, Any]]:
    """By standing booking: findings field by field, what may be cured, and who could not say."""
    facts = Facts(session, service.store.vault, clinic)
    prescription: Prescription = read_fact("prescription", facts.data(row))
    bookings = Bookings(session, service.store.vault, clinic)
    now = service.clock.now()
    found: list[dict[str, Any]] = []
    for booking in bookings.of_patient(row.patient_id):
        if not stands(booking) or booking.start_at <= now:
            continue
        chart = load_chart(session, service.context, booking, now)
        answer, failures = service.host.prescription_upload(service.host.case(chart), prescription)
        found.append(
            {
                "booking": booking.id,
                "findings": [asdict(finding) for finding in answer.findings],
                "may_cure": list(answer.may_cure),
                "failed_plugins": [failure.plugin for failure in failures],
            }
        )
    return found
