"""The page of plugins: how each is, and switching one off, or on again."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from ...desk.acts import Done
from ...desk.errors import NotFoundError
from ...desk.plugin_acts import forgotten, switched
from ...desk.plugin_choice import list_plugins
from ...desk.roles import must_be_allowed
from ...store.record import Record
from ..door.given import Here
from ..door.service import service_of
from ..door.written import written_if_any, written_settings
from .forms import Sent, act
from .looks import page
from .person import Who
from .routes import StaffRoute

router = APIRouter(include_in_schema=False, route_class=StaffRoute)


@router.get("/plugins")
def plugins(request: Request, who: Who, installation: Here) -> Response:
    """How each plugin is."""
    must_be_allowed(who.person, "settings")
    with installation.read(who.person.clinic) as record:
        found = list_plugins(installation, record, written_if_any(request))
        again = service_of(request).can_start_again
        return page(request, record, who, "plugins.html", found=found, can_again=again)


@router.post("/plugins/{name}")
def pressed(request: Request, name: str, form: Sent, installation: Here) -> Response:
    """Switch one off or on, or forget it."""
    must_be_allowed(form.signed.person, "settings")
    what = form.get("do")
    if what not in ("off", "on", "forget"):
        raise NotFoundError("button")
    file = written_settings(request) if what != "forget" else None

    def do(record: Record) -> Done | None:
        if file is None:
            return forgotten(installation, record, name)
        return switched(installation, record, file, name, off=what == "off")

    return act(installation, form, do)
