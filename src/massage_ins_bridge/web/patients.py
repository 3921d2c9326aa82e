"""``/v1/patients``: clients and the facts of their charts. Any new fact re-decides the client's
standing bookings: the wish to do so is written in the fact's own transaction."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from sqlalchemy import delete
from sqlalchemy.orm import Session

from ..domain.facts import Patient
from ..domain.reading import Problem, UnusableInputError, read
from ..store.facts import FACT_CLASSES, Facts, read_fact
from ..store.models import FactRow, IdentityRow, PatientRow
from ..store.patients import Contact, Patients
from ..store.tasks import wake
from ..workflows.service import Service
from .access import api_clinic, service_of
from .bodies import json_body, take_object
from .problems import not_found
from .review import review
from .schemas import body

router = APIRouter(prefix="/v1/patients", tags=["patients"])
Clinic = Annotated[str, Depends(api_clinic)]
Bridge = Annotated[Service, Depends(service_of)]
Body = Annotated[Any, Depends(json_body)]
_CONTACT = {"email": {"type": "string"}, "phone": {"type": "string"}}
_PATIENT_KEYS = frozenset({"name", "birth_date", "intake_received", "acknowledged_on"})
KINDS = {
    "coverages": "coverage",
    "prescriptions": "prescription",
    "authorizations": "authorization",
    "visits": "visit",
    "progress-reports": "progress-report",
}


@router.post("", status_code=201, openapi_extra=body(Patient, _CONTACT))
def create_patient(clinic: Clinic, service: Bridge, data: Body) -> dict[str, Any]:
    """A new client: the contract's ``patient`` with ``email`` and ``phone``."""
    facts, contact = _read_patient(data, service)
    with service.store.write() as session:
        patients = Patients(session, service.store.vault, clinic)
        row = patients.create(facts, contact, service.clock.now())
        return _shown(session, service, clinic, row)


@router.get("")
def list_patients(
    clinic: Clinic,
    service: Bridge,
    email: str | None = None,
    phone: str | None = None,
    member_id: str | None = None,
    after: str = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> dict[str, Any]:
    """Clients in order of id, from ``after`` on; or those with an e-mail, phone or member id (of
    a coverage in the chart). A search for an empty value finds nobody."""
    with service.store.read() as session:
        patients = Patients(session, service.store.vault, clinic)
        wanted = {"email": email, "phone": phone, "member": member_id}
        searched = [patients.find(k, value) for k, value in wanted.items() if value is not None]
        if searched:
            found = [patients.get(p) for p in sorted(set.intersection(*searched))[:limit]]
            rows = [row for row in found if row is not None]
        else:
            rows = patients.list(after, limit)
        return {"patients": [_brief(patients, row) for row in rows]}


@router.get("/{patient_id}")
def get_patient(patient_id: str, clinic: Clinic, service: Bridge) -> dict[str, Any]:
    """A client with all facts of her chart."""
    with service.store.read() as session:
        row = _patient(session, service, clinic, patient_id)
        return _shown(session, service, clinic, row)


@router.patch("/{patient_id}", openapi_extra=body(Patient, _CONTACT))
def change_patient(patient_id: str, clinic: Clinic, service: Bridge, data: Body) -> dict[str, Any]:
    """Change some fields; ``null`` makes one unknown. Her standing bookings are re-decided."""
    given = take_object(data, _PATIENT_KEYS | {"email", "phone"})
    with service.store.write() as session:
        patients = Patients(session, service.store.vault, clinic)
        row = _patient(session, service, clinic, patient_id, lock=True)
        contact = patients.contact(row)
        merged = {**patients.facts(row), "email": contact.email, "phone": contact.phone, **given}
        facts, contact = _read_patient({k: v for k, v in merged.items() if v is not None}, service)
        patients.update(row, facts, contact, service.clock.now())
        run = _wake(session, service, clinic, patient_id, "patient-changed")
        shown = _shown(session, service, clinic, row)
    service.on_work("redecide", run)
    return shown


def _add_fact_routes(segment: str, kind: str) -> None:
    name = kind.replace("-", "_")
    extra = body(FACT_CLASSES[kind])
    path = f"/{{patient_id}}/{segment}"

    @router.post(path, status_code=201, openapi_extra=extra, name=f"add_{name}")
    def add(patient_id: str, clinic: Clinic, service: Bridge, data: Body) -> dict[str, Any]:
        """Add a fact to the chart; the client's standing bookings are re-decided."""
        read_fact(kind, data)
        with service.store.write() as session:
            _patient(session, service, clinic, patient_id, lock=True)
            facts = Facts(session, service.store.vault, clinic)
            row = facts.add(patient_id, kind, data, service.clock.now())
            _index(session, service, clinic, patient_id, kind)
            run = _wake(session, service, clinic, patient_id, f"{kind}-added")
            shown = _fact(facts, row)
        service.on_work("redecide", run)
        return shown

    @router.get(path, name=f"list_{name}")
    def list_(patient_id: str, clinic: Clinic, service: Bridge) -> dict[str, Any]:
        """The client's facts of this kind."""
        with service.store.read() as session:
            _patient(session, service, clinic, patient_id)
            facts = Facts(session, service.store.vault, clinic)
            return {segment: [_fact(facts, row) for row in facts.list(patient_id, kind)]}

    @router.put(f"{path}/{{fact_id}}", openapi_extra=extra, name=f"replace_{name}")
    def replace(
        patient_id: str, fact_id: str, clinic: Clinic, service: Bridge, data: Body
    ) -> dict[str, Any]:
        """Replace a fact whole."""
        return _change(service, clinic, (patient_id, kind, fact_id), data, merge=False)

    @router.patch(f"{path}/{{fact_id}}", openapi_extra=extra, name=f"change_{name}")
    def change(
        patient_id: str, fact_id: str, clinic: Clinic, service: Bridge, data: Body
    ) -> dict[str, Any]:
        """Change some fields of a fact, such as ``staff_confirmed``; ``null`` removes one."""
        return _change(service, clinic, (patient_id, kind, fact_id), data, merge=True)

    @router.delete(f"{path}/{{fact_id}}", status_code=204, name=f"remove_{name}")
    def remove(patient_id: str, fact_id: str, clinic: Clinic, service: Bridge) -> None:
        """Take a fact out of the chart."""
        with service.store.write() as session:
            _patient(session, service, clinic, patient_id, lock=True)
            facts = Facts(session, service.store.vault, clinic)
            row = facts.get(patient_id, kind, fact_id)
            if row is None:
                raise not_found(kind)
            facts.remove(row, service.clock.now())
            _index(session, service, clinic, patient_id, kind)
            run = _wake(session, service, clinic, patient_id, f"{kind}-removed")
        service.on_work("redecide", run)


for _segment, _kind in KINDS.items():
    _add_fact_routes(_segment, _kind)


@router.get("/{patient_id}/prescriptions/{fact_id}/findings")
def prescription_findings(
    patient_id: str, fact_id: str, clinic: Clinic, service: Bridge
) -> dict[str, Any]:
    """What the payers' rules notice on a prescription, for each standing booking, and which of
    its requirements the prescription may cure."""
    with service.store.read() as session:
        _patient(session, service, clinic, patient_id)
        row = Facts(session, service.store.vault, clinic).get(patient_id, "prescription", fact_id)
        if row is None:
            raise not_found("prescription")
        return {"bookings": review(session, service, clinic, row)}


def _change(
    service: Service, clinic: str, where: tuple[str, str, str], data: Any, *, merge: bool
) -> dict[str, Any]:
    patient_id, kind, fact_id = where
    with service.store.write() as session:
        _patient(session, service, clinic, patient_id, lock=True)
        facts = Facts(session, service.store.vault, clinic)
        row = facts.get(patient_id, kind, fact_id)
        if row is None:
            raise not_found(kind)
        if merge:
            if not isinstance(data, dict):
                raise UnusableInputError([Problem("", "must be an object")])
            merged = {**facts.data(row), **data}
            data = {k: v for k, v in merged.items() if v is not None}
        facts.replace(row, data, service.clock.now())
        _index(session, service, clinic, patient_id, kind)
        run = _wake(session, service, clinic, patient_id, f"{kind}-changed")
        shown = _fact(facts, row)
    service.on_work("redecide", run)
    return shown


def _index(session: Session, service: Service, clinic: str, patient_id: str, kind: str) -> None:
    """Have the client found by the member ids of her coverages, and by no others."""
    if kind != "coverage":
        return
    facts = Facts(session, service.store.vault, clinic)
    known = [facts.data(row).get("member_id") for row in facts.list(patient_id, kind)]
    session.execute(
        delete(IdentityRow).where(
            IdentityRow.clinic == clinic,
            IdentityRow.patient_id == patient_id,
            IdentityRow.kind == "member",
        )
    )
    Patients(session, service.store.vault, clinic).index_members(patient_id, known)


def _wake(session: Session, service: Service, clinic: str, patient_id: str, cause: str) -> str:
    return wake(session, clinic, patient_id, cause, service.clock.now())


def _patient(
    session: Session, service: Service, clinic: str, patient_id: str, *, lock: bool = False
) -> PatientRow:
    row = Patients(session, service.store.vault, clinic).get(patient_id, lock=lock)
    if row is None:
        raise not_found("patient")
    return row


def _read_patient(data: Any, service: Service) -> tuple[dict[str, Any], Contact]:
    given = take_object(data, _PATIENT_KEYS | {"email", "phone"})
    facts = {k: v for k, v in given.items() if k in _PATIENT_KEYS}
    patient = read(Patient, facts)
    contact = read(Contact, {k: given[k] for k in ("email", "phone") if k in given})
    if patient.birth_date is not None and patient.birth_date > service.clock.now().date():
        raise UnusableInputError([Problem("birth_date", "lies in the future")])
    return facts, contact


def _brief(patients: Patients, row: PatientRow) -> dict[str, Any]:
    contact = patients.contact(row)
    return {"id": row.id, "email": contact.email, "phone": contact.phone, **patients.facts(row)}


def _shown(session: Session, service: Service, clinic: str, row: PatientRow) -> dict[str, Any]:
    facts = Facts(session, service.store.vault, clinic)
    rows = facts.list(row.id)
    chart = {
        segment.replace("-", "_"): [_fact(facts, r) for r in rows if r.kind == kind]
        for segment, kind in KINDS.items()
    }
    return {**_brief(Patients(session, service.store.vault, clinic), row), **chart}


def _fact(facts: Facts, row: FactRow) -> dict[str, Any]:
    """A fact in the contract's shape. A prescription may bear an ``id`` of the clinic's own,
    which is its document's; ``record`` is ours, by which it is changed."""
    return {"record": row.id, **facts.data(row)}
