"""``/v1``: what the rules find of a prescription, and the letter to its prescriber."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from ...desk import prescriptions, views
from ...desk.odd_characters import refuse_odd_characters
from ...desk.prescriber_letter import PrescriberLetter, prescriber_letter
from ...documents.pdf import letter_pdf
from ...store.facts import FACT_CLASSES
from ..door.given import Body, Clinic, Here
from .facts import list_of
from .operation import answer, operation
from .schemas import GIVEN, TAKEN

router = APIRouter(prefix="/v1/patients/{patient_id}", tags=["facts"])


@router.get(
    "/prescriptions/{fact_id}/findings",
    **operation(list_of("bookings", GIVEN.of(views.Review)), 404),
)
def prescription_findings(
    patient_id: str, fact_id: str, clinic: Clinic, installation: Here
) -> Response:
    """What the payers' rules notice on a prescription, for each standing booking, and which of
    its requirements the prescription may cure."""
    with installation.read(clinic) as record:
        found = prescriptions.review(installation, record, patient_id, fact_id)
    return answer({"bookings": found})


@router.post(
    "/check-prescription",
    **operation(
        list_of("payers", GIVEN.of(prescriptions.Typed)),
        404,
        takes=TAKEN.of(FACT_CLASSES["prescription"]),
    ),
)
def check_prescription(patient_id: str, clinic: Clinic, installation: Here, data: Body) -> Response:
    """What the rules of each of the client's payers find of a prescription that is not on file,
    were it confirmed as it is. Nothing is kept."""
    refuse_odd_characters(data)
    with installation.read(clinic) as record:
        found = prescriptions.Reviewed(installation, record, patient_id).typed(data)
    return answer({"payers": found})


@router.get("/prescriptions/{fact_id}/letter", **operation(GIVEN.of(PrescriberLetter), 404))
def prescription_letter(
    patient_id: str, fact_id: str, clinic: Clinic, installation: Here
) -> Response:
    """The letter that asks the prescriber for exactly what is missing. Nothing is sent."""
    with installation.read(clinic) as record:
        return answer(prescriber_letter(installation, record, patient_id, fact_id))


def _pdf() -> dict[str, Any]:
    """What an operation is that gives a letter as a file."""
    made = operation(None, 404)
    schema = {"schema": {"type": "string", "format": "binary"}}
    made["responses"][200]["content"] = {"application/pdf": schema}
    return made


@router.get("/prescriptions/{fact_id}/letter.pdf", **_pdf())
def prescription_letter_file(
    patient_id: str, fact_id: str, clinic: Clinic, installation: Here
) -> Response:
    """The same as a PDF, to be printed or faxed."""
    with installation.read(clinic) as record:
        made = prescriber_letter(installation, record, patient_id, fact_id)
    return Response(letter_pdf(made.paragraphs), media_type="application/pdf")
