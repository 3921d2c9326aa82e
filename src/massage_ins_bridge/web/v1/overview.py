"""``/v1/overview``: all that is booked, how it stands and why, and what there is to do, in plain
words, for boards and programs that show it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from ...desk.overview import Overview, Pages
from ..door.given import Clinic, Here
from .operation import operation
from .schemas import GIVEN
from .shown import Shown

router = APIRouter(prefix="/v1", tags=["bookings"])
Page = Annotated[int, Query(ge=0, le=100_000)]


@router.get("/overview", **operation(GIVEN.of(Overview), 304, 422, tagged=True))
def overview(
    request: Request,
    clinic: Clinic,
    installation: Here,
    coming: Page = 0,
    past: Page = 0,
    tasks: Page = 0,
) -> Response:
    """What is booked from today on, and in the week before, with the open tasks: a page of each
    list, the first of which is 0. Asked again with its ETag it costs next to nothing where nothing
    has changed."""
    shown: Shown = request.app.state.shown
    pages, known = Pages(coming, past, tasks), request.headers.get("if-none-match")
    tag, content = shown.look(installation, clinic, pages, known)
    if content is None:
        return Response(status_code=304, headers={"etag": tag})
    return Response(content, headers={"etag": tag}, media_type="application/json")
