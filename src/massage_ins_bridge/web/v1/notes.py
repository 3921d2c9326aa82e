"""``/v1/patients/{id}/notes``: what staff noted of a client."""

from __future__ import annotations

from fastapi import APIRouter, Response

from ...desk import notes
from ..door.given import Body, Clinic, Here
from .operation import answer, operation
from .schemas import GIVEN, TAKEN

router = APIRouter(prefix="/v1/patients/{patient_id}/notes", tags=["patients"])


@router.post("", **operation(GIVEN.of(notes.Note), 404, takes=TAKEN.of(notes.NoteSent), status=201))
def add_note(patient_id: str, clinic: Clinic, installation: Here, data: Body) -> Response:
    """Write a note that staff alone sees, in the name of `by`. It is never shown to the client,
    and nothing is decided by it."""
    with installation.write(clinic) as record:
        return answer(notes.send_note(record, patient_id, data), 201)


@router.get("", **operation(GIVEN.of(notes.Notes), 404))
def list_notes(patient_id: str, clinic: Clinic, installation: Here) -> Response:
    """The notes of a client, the latest first, without those that were taken back."""
    with installation.read(clinic) as record:
        return answer(notes.list_notes(record, patient_id))
