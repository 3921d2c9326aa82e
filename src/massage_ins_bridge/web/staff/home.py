"""Where the pages begin."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from ...desk.set_up import nothing_yet
from ..door.given import Here
from ..door.service import service_of
from .person import must_be_reachable
from .routes import StaffRoute

STATIC = Path(__file__).parent / "static"
router = APIRouter(include_in_schema=False, route_class=StaffRoute)


@router.get("/")
def home(request: Request, installation: Here) -> Response:
    """To Today; where nobody has set up anything yet, to setting up."""
    must_be_reachable(request, installation)
    if service_of(request).file is not None:
        with installation.read() as record:
            if nothing_yet(installation, record):
                return RedirectResponse("/setup", 303)
    return RedirectResponse("/today", 303)
