"""``/v1``: drafts of an appeal and of complaints about an authorization. Nothing is sent."""

from __future__ import annotations

from fastapi import APIRouter, Response

from ...desk.appeals import Drafts, drafts
from ..door.given import Clinic, Here
from .operation import answer, operation
from .schemas import GIVEN

router = APIRouter(prefix="/v1/patients/{patient_id}/authorizations", tags=["facts"])


@router.get("/{fact_id}/appeal", **operation(GIVEN.of(Drafts), 404))
def appeal_drafts(patient_id: str, fact_id: str, clinic: Clinic, installation: Here) -> Response:
    """An appeal where the request was denied, complaints where a rule was broken; each cites only
    what applies, and says where that was read."""
    with installation.read(clinic) as record:
        return answer(drafts(installation, record, patient_id, fact_id))
