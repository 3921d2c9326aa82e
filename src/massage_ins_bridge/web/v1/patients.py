"""``/v1/patients``: clients."""

from __future__ import annotations

from typing import Annotated, get_args

from fastapi import APIRouter, Query, Request, Response
from starlette.convertors import StringConvertor, register_url_convertor

from ...desk import chart, delete_client, lists
from ...desk.acts import note
from ...desk.roles import Person
from ...domain.vocabulary import Identity
from ...store.facts import FACT_CLASSES
from ..door.access import api_key
from ..door.given import Body, Clinic, Here
from .filters import ClientsPage
from .operation import answer, if_match, operation, tagged
from .schemas import COMPONENTS, LINES, Schema, fact_record


class _ClientId(StringConvertor):
    """Any id but the word that has a meaning of its own in that place."""

    regex = "(?!search$)[^/]+"


register_url_convertor("client", _ClientId())
router = APIRouter(prefix="/v1/patients", tags=["patients"])
_IDENTITY = list(get_args(Identity))
_SENT = LINES.of(chart.ClientSent)


def _shown() -> tuple[Schema, Schema]:
    """A client in a list, and one with all facts of their chart."""
    sent = LINES.record(chart.ClientSent)["properties"]
    brief: Schema = {
        "type": "object",
        "description": "A client: the facts that are known, and how they are reached.",
        "properties": {"id": {"type": "string"}, "identity": {"enum": _IDENTITY}, **sent},
        "required": ["id", "identity", "email", "phone"],
    }
    kinds = chart.LISTS.items()
    facts = {
        name: {
            "type": "array",
            "items": fact_record(FACT_CLASSES[kind], booking=kind == "visit"),
        }
        for name, kind in kinds
    }
    whole = {**brief, "description": "A client with all facts of their chart."}
    whole["properties"] = {**brief["properties"], **facts}
    whole["required"] = [*brief["required"], *facts]
    COMPONENTS["Client"], COMPONENTS["WholeClient"] = brief, whole
    COMPONENTS["Clients"] = {
        "type": "object",
        "properties": {
            "patients": {"type": "array", "items": {"$ref": "#/components/schemas/Client"}},
            "next": {"type": ["string", "null"], "description": "cursor of the next piece"},
        },
        "required": ["patients", "next"],
    }
    return {"$ref": "#/components/schemas/Clients"}, {"$ref": "#/components/schemas/WholeClient"}


_LIST, _WHOLE = _shown()


@router.get("", **operation(_LIST, 422))
def list_patients(
    clinic: Clinic, installation: Here, page: Annotated[ClientsPage, Query()]
) -> Response:
    """Clients, a piece at a time. To find one by e-mail, phone, member or claim number, search."""
    with installation.read(clinic) as record:
        return answer(lists.list_clients(record, page.cursor, page.limit))


@router.post("/search", **operation(_LIST, takes={**LINES.of(lists.Search), "minProperties": 1}))
def search_patients(clinic: Clinic, installation: Here, data: Body) -> Response:
    """The clients for whom all that is sent is true. What finds a person stands in the body, so
    that no log of addresses keeps it. An empty value finds nobody."""
    with installation.read(clinic) as record:
        return answer(lists.search_clients(record, data))


@router.post("", **operation(_WHOLE, takes={**_SENT, "minProperties": 1}, status=201, tagged=True))
def create_patient(clinic: Clinic, installation: Here, data: Body) -> Response:
    """A new client: the check request's ``patient`` with ``email`` and ``phone``."""
    with installation.write(clinic) as record:
        view = chart.whole_client(record, chart.add_client(record, data))
    return tagged(view, 201)


@router.get("/{patient_id:client}", **operation(_WHOLE, 304, 404, tagged=True))
def get_patient(patient_id: str, request: Request, clinic: Clinic, installation: Here) -> Response:
    """A client with all facts of their chart."""
    with installation.read(clinic) as record:
        view = chart.whole_client(record, chart.client_row(record, patient_id))
    return tagged(view, request=request)


@router.patch("/{patient_id:client}", **operation(_WHOLE, 404, 412, takes=_SENT, tagged=True))
def change_patient(
    patient_id: str, request: Request, clinic: Clinic, installation: Here, data: Body
) -> Response:
    """Change some fields; ``null`` makes one unknown. The client's standing bookings are decided
    again."""
    with installation.write(clinic) as record:
        row = chart.change_client(record, patient_id, data, if_match(request))
        view = chart.whole_client(record, row)
    return tagged(view)


@router.delete("/{patient_id:client}", **operation(None, 404, 409, status=204))
def delete_patient(
    patient_id: str, request: Request, clinic: Clinic, installation: Here
) -> Response:
    """Delete a client who came by mistake, with their chart; it cannot be undone. 409 where a
    booking, a visit, a paper or something else that must be kept is on record of them."""
    person = Person(clinic, f"Key {api_key(request).name}"[:80], "owner")
    with installation.write(clinic) as record:
        note(record, person, delete_client.delete(record, person, patient_id))
    return Response(status_code=204)
