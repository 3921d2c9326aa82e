"""Drafts of appeals and complaints, to read, copy, print and send by hand."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from ...desk.appeals import Drafts, drafts
from ...desk.errors import NotFoundError
from ...desk.own import own_client
from ...desk.roles import must_be_allowed, must_not_be_covered
from ...desk.say import NO_NAME
from ..door.given import Here
from .looks import page
from .person import Who
from .prescriptions import pdf_answer
from .routes import StaffRoute

router = APIRouter(
    prefix="/clients/{patient_id}/authorizations/{fact_id}",
    include_in_schema=False,
    route_class=StaffRoute,
)


def _drafts(patient_id: str, fact_id: str, who: Who, installation: Here) -> Drafts:
    must_be_allowed(who.person, "papers")
    must_not_be_covered(who.person)
    with installation.read(who.person.clinic) as record:
        own_client(record, who.person, patient_id)
        return drafts(installation, record, patient_id, fact_id)


Found = Annotated[Drafts, Depends(_drafts)]


@router.get("/appeal")
def appeal(
    request: Request, patient_id: str, fact_id: str, who: Who, installation: Here, found: Found
) -> Response:
    """All drafts about an authorization that was denied, or is not answered in time."""
    with installation.read(who.person.clinic) as record:
        row = own_client(record, who.person, patient_id)
        return page(
            request,
            record,
            who,
            "appeal.html",
            name=str(record.clients.facts(row).get("name") or NO_NAME),
            patient=patient_id,
            fact=fact_id,
            drafts=found,
        )


@router.get("/appeal.pdf")
def appeal_file(found: Found) -> Response:
    """The appeal as a PDF."""
    if found.appeal is None:
        raise NotFoundError("appeal")
    return pdf_answer(found.appeal.paragraphs)


@router.get("/complaint/{number}.pdf")
def complaint_file(number: int, found: Found) -> Response:
    """One of the complaints as a PDF, counted from 1."""
    if not 1 <= number <= len(found.complaints):
        raise NotFoundError("complaint")
    return pdf_answer(found.complaints[number - 1].paragraphs)
