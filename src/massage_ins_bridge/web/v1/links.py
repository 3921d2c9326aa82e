"""``/v1``: links to clients' own pages."""

from __future__ import annotations

from fastapi import APIRouter, Response

from ...desk import links
from ..door.given import Body, Clinic, Here
from .operation import answer, operation
from .schemas import GIVEN, LINES

router = APIRouter(prefix="/v1", tags=["client's page"])
_LINK = GIVEN.of(links.Link)


@router.post(
    "/links", **operation(GIVEN.of(links.MadeLink), 404, takes=LINES.of(links.LinkSent), status=201)
)
def make_link(clinic: Clinic, installation: Here, data: Body) -> Response:
    """A new link to the page of a booking, or of a client. Its address is given this once: what is
    kept of it opens nothing."""
    with installation.write(clinic) as record:
        made = links.make_link(installation, record, data)
    return answer(made, 201)


@router.get("/patients/{patient_id}/links", **operation({"type": "array", "items": _LINK}, 404))
def list_links(patient_id: str, clinic: Clinic, installation: Here) -> Response:
    """All links ever made to a client's pages, newest first."""
    with installation.read(clinic) as record:
        return answer(links.list_links(record, patient_id))


@router.post("/links/{link_id}/revoke", **operation(_LINK, 404))
def revoke_link(link_id: str, clinic: Clinic, installation: Here) -> Response:
    """Make a link open nothing, at once. Doing so twice changes nothing."""
    with installation.write(clinic) as record:
        return answer(links.revoke_link(record, link_id))
