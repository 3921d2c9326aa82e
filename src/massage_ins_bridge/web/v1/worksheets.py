"""``/v1``: a payer's worksheet, filled in from the chart, and what is typed over its fields."""

from __future__ import annotations

from fastapi import APIRouter, Response

from ...desk.worksheet_typed import Sheet, SheetChange, change_sheet, sheet_of
from ..door.given import Body, Clinic, Here
from .operation import answer, operation
from .schemas import GIVEN, LINES

router = APIRouter(prefix="/v1/patients/{patient_id}/worksheets", tags=["facts"])
_SHEET = GIVEN.of(Sheet)


@router.get("/{payer}", **operation(_SHEET, 404))
def get_worksheet(patient_id: str, payer: str, clinic: Clinic, installation: Here) -> Response:
    """What a payer's portal asks when visits are to be approved, as far as it is known."""
    with installation.read(clinic) as record:
        return answer(sheet_of(installation, record, (patient_id, payer)))


@router.patch("/{payer}", **operation(_SHEET, 404, takes=LINES.of(SheetChange)))
def change_worksheet(
    patient_id: str, payer: str, clinic: Clinic, installation: Here, data: Body
) -> Response:
    """Write over some fields. The chart stays as it is; who wrote what stands in the audit."""
    with installation.write(clinic) as record:
        return answer(change_sheet(installation, record, (patient_id, payer), data))
