"""``/v1``: who somebody is, where that is in doubt or was said wrongly; and receipts of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Response

from ...desk import receipts, settle_who, side_by_side
from ...desk.odd_characters import refuse_odd_characters
from ...desk.overrides import TakenBack
from ...domain.reading import Problem, UnusableInputError, read
from ..door.given import Body, Clinic, Here
from .operation import answer, operation
from .schemas import GIVEN, LINES

router = APIRouter(prefix="/v1")
_COMPARISON = GIVEN.of(side_by_side.Comparison)
_RECEIPT = GIVEN.of(receipts.Receipt)


@dataclass(frozen=True, slots=True)
class Settled:
    """Who the client in doubt is: ``same_as``, a client on file, or ``new``, somebody new.
    ``name``: who says so."""

    name: str
    same_as: str | None = None
    new: bool | None = None


@dataclass(frozen=True, slots=True)
class OtherClient:
    """The id of another client. ``name``: who says that they are one."""

    patient: str
    name: str


@dataclass(frozen=True, slots=True)
class Owner:
    """The client whose booking it is; null: somebody who is not on file yet. ``name``: who says
    so."""

    name: str
    patient: str | None = None


#: One of the two, and not both.
_SETTLED = {
    **LINES.record(Settled),
    "oneOf": [
        {
            "required": ["same_as"],
            "properties": {
                "same_as": {"type": "string", "minLength": 1},
                "new": {"enum": [False, None]},
            },
        },
        {
            "required": ["new"],
            "properties": {"new": {"const": True}, "same_as": {"enum": ["", None]}},
        },
    ],
}
_OWNER = {**LINES.record(Owner), "required": ["name", "patient"]}


@router.get("/patients/{patient_id}/identity", tags=["identity"], **operation(_COMPARISON, 404))
def get_identity(patient_id: str, clinic: Clinic, installation: Here) -> Response:
    """Whether it is certain who a client is, and else those whom they may be, side by side."""
    with installation.read(clinic) as record:
        return answer(side_by_side.compare(record, patient_id))


@router.post(
    "/patients/{patient_id}/identity",
    tags=["identity"],
    **operation(_RECEIPT, 404, 409, takes=_SETTLED),
)
def settle_identity(patient_id: str, clinic: Clinic, installation: Here, data: Body) -> Response:
    """Say who a client in doubt is: `same_as` a client on file, who then gets all that this one
    has, or `new`. What they gave is learned, so that their next booking is sure."""
    said = _read(Settled, data)
    if bool(said.same_as) == bool(said.new):
        raise UnusableInputError([Problem("", "say same_as with a client's id, or new: true")])
    with installation.write(clinic) as record:
        if said.same_as:
            row = settle_who.merge(record, said.same_as, patient_id, said.name)
        else:
            row = settle_who.is_new(record, patient_id, said.name)
        return answer(receipts.receipt(record, row))


@router.post(
    "/patients/{patient_id}/merge",
    tags=["identity"],
    **operation(_RECEIPT, 404, 409, takes=LINES.of(OtherClient)),
)
def merge_patients(patient_id: str, clinic: Clinic, installation: Here, data: Body) -> Response:
    """Two clients are one: this one gets the facts, visits, bookings and tasks of the other, and
    is known by the other's names and addresses. What stands in both charts is kept once."""
    said = _read(OtherClient, data)
    with installation.write(clinic) as record:
        row = settle_who.merge(record, patient_id, said.patient, said.name)
        return answer(receipts.receipt(record, row))


@router.post(
    "/bookings/{booking_id}/move",
    tags=["identity"],
    **operation(_RECEIPT, 404, 409, takes=_OWNER),
)
def move_booking(booking_id: str, clinic: Clinic, installation: Here, data: Body) -> Response:
    """The booking is another client's, or with `patient` null somebody's who is not on file. The
    bookings of both are decided again."""
    said = _read(Owner, data)
    if "patient" not in data:
        raise UnusableInputError([Problem("patient", "is missing; send a client's id, or null")])
    with installation.write(clinic) as record:
        row = settle_who.move(record, booking_id, said.patient, said.name)
        return answer(receipts.receipt(record, row))


@router.get("/undo/{receipt_id}", tags=["identity"], **operation(_RECEIPT, 404))
def get_receipt(receipt_id: str, clinic: Clinic, installation: Here) -> Response:
    """What was done, what was written to a platform since, and whether it can be undone."""
    with installation.read(clinic) as record:
        return answer(receipts.receipt(record, receipts.receipt_row(record, receipt_id)))


@router.post(
    "/undo/{receipt_id}",
    tags=["identity"],
    **operation(_RECEIPT, 404, 409, takes=LINES.of(TakenBack)),
)
def undo(receipt_id: str, clinic: Clinic, installation: Here, data: Body) -> Response:
    """Take an act back; doing so twice changes nothing. 409 where something contradicts it."""
    said = _read(TakenBack, data)
    with installation.write(clinic) as record:
        return answer(receipts.receipt(record, receipts.undo(record, receipt_id, said.name)))


def _read(kind: type[Any], data: Any) -> Any:
    refuse_odd_characters(data, one_line=True)
    return read(kind, data)
