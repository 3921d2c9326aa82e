"""``/v1/patients/{id}/acknowledgements``: that the client knows her coverage is hers to know.

NET-12: what she accepted is kept word for word with its time, and never changed. The day of the
newest stands in her chart as ``acknowledged_on``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends

from ..domain.days import local_day
from ..domain.facts import DEFAULT_ZONE
from ..domain.reading import Problem, UnusableInputError, read
from ..store.facts import Facts
from ..store.patients import Patients
from ..store.tasks import wake
from ..workflows.service import Service
from .access import api_clinic, service_of
from .bodies import json_body
from .problems import not_found
from .schemas import body

router = APIRouter(prefix="/v1/patients/{patient_id}/acknowledgements", tags=["patients"])
Clinic = Annotated[str, Depends(api_clinic)]
Bridge = Annotated[Service, Depends(service_of)]
Body = Annotated[Any, Depends(json_body)]
KIND = "acknowledgement"


@dataclass(frozen=True, slots=True)
class Accepted:
    """What is sent: the text as the client saw it."""

    text: str


@router.post("", status_code=201, openapi_extra=body(Accepted))
def acknowledge(patient_id: str, clinic: Clinic, service: Bridge, data: Body) -> dict[str, Any]:
    """Keep the ``text`` that the client accepted, now; her standing bookings are re-decided."""
    accepted = read(Accepted, data)
    if not accepted.text:
        raise UnusableInputError([Problem("text", "is empty; send the text that she accepted")])
    now = service.clock.now()
    record = {"text": accepted.text, "at": now.isoformat()}
    zone = service.settings.clinic_facts.timezone or DEFAULT_ZONE
    with service.store.write() as session:
        patients = Patients(session, service.store.vault, clinic)
        row = patients.get(patient_id, lock=True)
        if row is None:
            raise not_found("patient")
        kept = Facts(session, service.store.vault, clinic).add(patient_id, KIND, record, now)
        facts = {**patients.facts(row), "acknowledged_on": local_day(now, zone).isoformat()}
        patients.update(row, facts, patients.contact(row), now)
        run = wake(session, clinic, patient_id, KIND, now)
        shown = {"id": kept.id, **record}
    service.on_work("redecide", run)
    return shown


@router.get("")
def list_acknowledgements(patient_id: str, clinic: Clinic, service: Bridge) -> dict[str, Any]:
    """What the client accepted, with its time, oldest first."""
    with service.store.read() as session:
        if Patients(session, service.store.vault, clinic).get(patient_id) is None:
            raise not_found("patient")
        facts = Facts(session, service.store.vault, clinic)
        rows = facts.list(patient_id, KIND)
        return {"acknowledgements": [{"id": row.id, **facts.data(row)} for row in rows]}
