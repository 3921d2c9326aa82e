"""``/v1/patients/{id}/acknowledgements``: that the client knows that finding out their coverage is
up to them.

NET-12: what they accepted is kept word for word with its time, and never changed. The day of the
newest stands in the chart as ``acknowledged_on``.
"""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Response

from ...desk import chart
from ...domain.facts import Acknowledgement
from ...domain.reading import read
from ..door.given import Body, Clinic, Here
from .operation import answer, operation
from .schemas import TAKEN, fact_record

router = APIRouter(prefix="/v1/patients/{patient_id}/acknowledgements", tags=["facts"])
KIND = "acknowledgement"
_ONE = fact_record(Acknowledgement)
_ALL = {
    "type": "object",
    "properties": {"acknowledgements": {"type": "array", "items": _ONE}},
    "required": ["acknowledgements"],
}


@dataclass(frozen=True, slots=True)
class Accepted:
    """What is sent: the text as the client saw it."""

    text: str


@router.post("", **operation(_ONE, 404, takes=TAKEN.of(Accepted), status=201))
def acknowledge(patient_id: str, clinic: Clinic, installation: Here, data: Body) -> Response:
    """Keep the ``text`` that the client accepted, now; their standing bookings are decided
    again."""
    accepted = read(Accepted, data)
    with installation.write(clinic) as record:
        view = chart.acknowledge(record, patient_id, accepted.text).view
    return answer(view, 201)


@router.get("", **operation(_ALL, 404))
def list_acknowledgements(patient_id: str, clinic: Clinic, installation: Here) -> Response:
    """What the client accepted, with its time, oldest first."""
    with installation.read(clinic) as record:
        chart.client_row(record, patient_id)
        kept = chart.list_facts(record, patient_id, KIND)
    return answer({"acknowledgements": [fact.view for fact in kept]})
