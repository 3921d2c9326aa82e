"""A client who came by mistake, deleted by the owner: asked first what goes with them."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from ...desk.delete_client import delete, what_goes
from ...desk.errors import ConflictError
from ...desk.roles import must_be_allowed, must_not_be_covered
from ..door.given import Here
from .forms import Sent, act, with_done
from .looks import page
from .person import Signed, Who
from .routes import StaffRoute

router = APIRouter(
    prefix="/clients/{patient_id}/delete", include_in_schema=False, route_class=StaffRoute
)


@router.get("")
def ask(request: Request, patient_id: str, who: Who, installation: Here) -> Response:
    """Say what goes with a client, and ask."""
    return _asked(request, patient_id, who, installation)


@router.post("")
def deleted(request: Request, patient_id: str, form: Sent, installation: Here) -> Response:
    """Delete a client, and go to the others."""
    person = form.signed.person
    try:
        answer = act(installation, form, lambda record: delete(record, person, patient_id))
    except ConflictError:
        return _asked(request, patient_id, form.signed, installation, 409)
    act_id = answer.headers["location"].rpartition("done=")[2]
    return RedirectResponse(with_done("/clients", act_id), 303)


def _asked(
    request: Request, patient_id: str, who: Signed, installation: Any, status: int = 200
) -> Response:
    must_not_be_covered(who.person)
    must_be_allowed(who.person, "delete")
    with installation.read(who.person.clinic) as record:
        goes = what_goes(record, patient_id)
        names = request.app.state.opened.names(record, [patient_id])
        return page(
            request,
            record,
            who,
            "delete.html",
            status,
            goes=goes,
            name=names[patient_id],
            back=f"/clients/{patient_id}",
        )
