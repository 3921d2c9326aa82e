"""``/v1/patients/{id}/coverages`` and its kin: the facts of a client's chart. Any change has the
client's standing bookings decided again."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from ...desk import chart, prescriptions, views
from ...store.facts import FACT_CLASSES
from ..door.given import Body, Clinic, Here
from .operation import answer, if_match, operation, tagged
from .schemas import GIVEN, TAKEN, Schema, fact_record

router = APIRouter(prefix="/v1/patients/{patient_id}", tags=["facts"])


def _list_of(key: str, items: Schema) -> Schema:
    listed = {"type": "array", "items": items}
    return {"type": "object", "properties": {key: listed}, "required": [key]}


def _add_routes(segment: str, kind: str) -> None:
    name, path = kind.replace("-", "_"), f"/{segment}"
    sent = TAKEN.of(FACT_CLASSES[kind])
    whole = {**sent, "minProperties": 1}
    shown = fact_record(FACT_CLASSES[kind], booking=kind == "visit")
    one = f"{path}/{{fact_id}}"

    @router.post(
        path,
        name=f"add_{name}",
        **operation(shown, 404, takes=whole, status=201, tagged=True),
    )
    def add(patient_id: str, clinic: Clinic, installation: Here, data: Body) -> Response:
        """Add a fact to the chart."""
        with installation.write(clinic) as record:
            view = chart.add_fact(record, patient_id, kind, data).view
        return tagged(view, 201)

    @router.get(path, name=f"list_{name}", **operation(_list_of(segment, shown), 404))
    def list_(patient_id: str, clinic: Clinic, installation: Here) -> Response:
        """The client's facts of this kind, oldest first."""
        with installation.read(clinic) as record:
            chart.client_row(record, patient_id)
            found = chart.list_facts(record, patient_id, kind)
        return answer({segment: [fact.view for fact in found]})

    @router.get(one, name=f"get_{name}", **operation(shown, 304, 404, tagged=True))
    def get(
        patient_id: str, fact_id: str, request: Request, clinic: Clinic, installation: Here
    ) -> Response:
        """One fact."""
        with installation.read(clinic) as record:
            view = chart.get_fact(record, patient_id, kind, fact_id).view
        return tagged(view, request=request)

    def change(
        where: chart.Where, request: Request, clinic: str, installation: Here, data: Body
    ) -> Response:
        tags = if_match(request)
        with installation.write(clinic) as record:
            merge = request.method == "PATCH"
            view = chart.change_fact(record, where, data, merge=merge, tags=tags).view
        return tagged(view)

    @router.put(one, name=f"replace_{name}", **operation(shown, 404, 412, takes=whole, tagged=True))
    def replace(
        patient_id: str,
        fact_id: str,
        request: Request,
        clinic: Clinic,
        installation: Here,
        data: Body,
    ) -> Response:
        """Replace a fact whole."""
        return change((patient_id, kind, fact_id), request, clinic, installation, data)

    @router.patch(one, name=f"change_{name}", **operation(shown, 404, 412, takes=sent, tagged=True))
    def merge(
        patient_id: str,
        fact_id: str,
        request: Request,
        clinic: Clinic,
        installation: Here,
        data: Body,
    ) -> Response:
        """Change some fields of a fact, such as ``staff_confirmed``; ``null`` removes one."""
        return change((patient_id, kind, fact_id), request, clinic, installation, data)

    @router.delete(one, name=f"remove_{name}", **operation(None, 404, 412, status=204))
    def remove(
        patient_id: str, fact_id: str, request: Request, clinic: Clinic, installation: Here
    ) -> Response:
        """Take a fact out of the chart."""
        with installation.write(clinic) as record:
            chart.remove_fact(record, (patient_id, kind, fact_id), if_match(request))
        return Response(status_code=204)


for _name, _kind in chart.LISTS.items():
    _add_routes(_name.replace("_", "-"), _kind)


@router.get(
    "/prescriptions/{fact_id}/findings",
    **operation(_list_of("bookings", GIVEN.of(views.Review)), 404),
)
def prescription_findings(
    patient_id: str, fact_id: str, clinic: Clinic, installation: Here
) -> Response:
    """What the payers' rules notice on a prescription, for each standing booking, and which of
    its requirements the prescription may cure."""
    with installation.read(clinic) as record:
        found = prescriptions.review(installation, record, patient_id, fact_id)
    return answer({"bookings": found})
