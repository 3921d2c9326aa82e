"""The staff page: what is booked, how it stands and why, in plain words and kept up to date."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.responses import Response

from ...desk.overview import Pages, now_in_words
from ..door.access import staff_clinic
from ..door.given import Here, StaffClinic
from .shown import Shown

HERE = Path(__file__).parent
router = APIRouter(include_in_schema=False)
Page = Annotated[int, Query(ge=0, le=100_000)]
_PAGES = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=select_autoescape(default=True)
)


@router.get("/")
def page(request: Request, installation: Here) -> Response:
    """The page itself holds no facts; it fetches them from ``/staff/bookings.json``."""
    if installation.settings.staff_page != "key":
        staff_clinic(request)
    text = _PAGES.get_template("staff.html").render(
        clinic=installation.settings.clinic_facts.name or "Bookings",
        needs_key=installation.settings.staff_page == "key",
        demo=installation.settings.demo_clock,
    )
    return HTMLResponse(text)


@router.get("/staff/bookings.json")
def bookings(
    request: Request,
    clinic: StaffClinic,
    installation: Here,
    coming: Page = 0,
    past: Page = 0,
    tasks: Page = 0,
) -> Response:
    """What the page shows (``desk.overview.Overview``), with an ETag that costs next to nothing
    where nothing has changed. The clinic's time stands in a header: it is told then, too."""
    shown: Shown = request.app.state.shown
    tag, content = shown.look(
        installation, clinic, Pages(coming, past, tasks), request.headers.get("if-none-match")
    )
    now = now_in_words(installation.clock.now(), installation.zone)
    headers = {"etag": tag, "x-clinic-time": now}
    if content is None:
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type="application/json")
