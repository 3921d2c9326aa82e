"""``/v1/patients/{id}/coverages`` and its kin: the facts of a client's chart. Any change has the
client's standing bookings decided again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from ...desk import chart
from ...desk.heard_coverage import add_coverage
from ...store.facts import FACT_CLASSES
from ..door.given import Body, Clinic, Here
from .operation import answer, if_match, operation, tagged
from .schemas import TAKEN, Schema, fact_record

router = APIRouter(prefix="/v1/patients/{patient_id}", tags=["facts"])
_REPLACE = "Replace a fact whole."
_MERGE = "Change some fields of a fact, such as `staff_confirmed`; `null` removes one."


def list_of(key: str, items: Schema) -> Schema:
    listed = {"type": "array", "items": items}
    return {"type": "object", "properties": {key: listed}, "required": [key]}


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of facts: where it stands in addresses, and its schemas as sent and as given."""

    segment: str
    kind: str
    sent: Schema
    shown: Schema

    @property
    def name(self) -> str:
        return self.kind.replace("-", "_")


def _kind(segment: str, kind: str) -> _Kind:
    made = FACT_CLASSES[kind]
    return _Kind(segment, kind, TAKEN.of(made), fact_record(made, booking=kind == "visit"))


def _add_reading(of: _Kind) -> None:
    path, shown = f"/{of.segment}", of.shown

    @router.get(path, name=f"list_{of.name}", **operation(list_of(of.segment, shown), 404))
    def list_(patient_id: str, clinic: Clinic, installation: Here) -> Response:
        """The client's facts of this kind, oldest first."""
        with installation.read(clinic) as record:
            chart.client_row(record, patient_id)
            found = chart.list_facts(record, patient_id, of.kind)
        return answer({of.segment: [fact.view for fact in found]})

    one = f"{path}/{{fact_id}}"

    @router.get(one, name=f"get_{of.name}", **operation(shown, 304, 404, tagged=True))
    def get(
        patient_id: str, fact_id: str, request: Request, clinic: Clinic, installation: Here
    ) -> Response:
        """One fact."""
        with installation.read(clinic) as record:
            view = chart.get_fact(record, patient_id, of.kind, fact_id).view
        return tagged(view, request=request)


def _add_writing(of: _Kind) -> None:
    path, shown, whole = f"/{of.segment}", of.shown, {**of.sent, "minProperties": 1}
    new = operation(shown, 404, takes=whole, status=201, tagged=True)

    @router.post(path, name=f"add_{of.name}", **new)
    def add(patient_id: str, clinic: Clinic, installation: Here, data: Body) -> Response:
        """Add a fact to the chart. A coverage takes the place of what the client told of its payer,
        where that says nothing else."""
        with installation.write(clinic) as record:
            if of.kind == "coverage":
                known = chart.checked_fact(record, of.kind, data)
                view = add_coverage(installation, record, patient_id, known)[0].view
            else:
                view = chart.add_fact(record, patient_id, of.kind, data).view
        return tagged(view, 201)

    one = f"{path}/{{fact_id}}"

    @router.delete(one, name=f"remove_{of.name}", **operation(None, 404, 412, status=204))
    def remove(
        patient_id: str, fact_id: str, request: Request, clinic: Clinic, installation: Here
    ) -> Response:
        """Take a fact out of the chart."""
        with installation.write(clinic) as record:
            chart.remove_fact(record, (patient_id, of.kind, fact_id), if_match(request))
        return Response(status_code=204)

    for method, sent in (("PUT", whole), ("PATCH", of.sent)):
        _add_change(of, method, one, operation(shown, 404, 412, takes=sent, tagged=True))


def _add_change(of: _Kind, method: str, path: str, described: dict[str, Any]) -> None:
    merge = method == "PATCH"

    def change(
        patient_id: str,
        fact_id: str,
        request: Request,
        clinic: Clinic,
        installation: Here,
        data: Body,
    ) -> Response:
        where = (patient_id, of.kind, fact_id)
        with installation.write(clinic) as record:
            tags = if_match(request)
            view = chart.change_fact(record, where, data, merge=merge, tags=tags).view
        return tagged(view)

    change.__doc__ = _MERGE if merge else _REPLACE
    name = f"{'change' if merge else 'replace'}_{of.name}"
    router.add_api_route(path, change, methods=[method], name=name, **described)


for _name, _fact in chart.LISTS.items():
    _of = _kind(_name.replace("_", "-"), _fact)
    _add_reading(_of)
    _add_writing(_of)
