"""Going live: what an account would write, having it act, and having it only watch again."""

from __future__ import annotations

from typing import Any, get_args

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from ...desk.acts import Done
from ...desk.errors import NotFoundError
from ...desk.going_live import let_through_sent, preview
from ...desk.roles import ForbiddenError, must_be_allowed
from ...desk.set_live import Enforcement, set_enforcement, written
from ...store.record import Record
from ..door.given import Here
from ..door.service import service_of
from ..door.written import written_if_any, written_settings
from .forms import Form, Sent, act
from .looks import page
from .person import Who
from .routes import StaffRoute

router = APIRouter(include_in_schema=False, route_class=StaffRoute)
#: Of the bookings that stand so many are shown; the rest is counted.
MOST_PREVIEWED = 200


@router.get("/accounts/{name}/live")
def live(request: Request, name: str, who: Who, installation: Here) -> Response:
    """What would be written to the bookings that stand: those of all clients."""
    if service_of(request).ending:  # to the process that begins
        return RedirectResponse(str(request.url), 303, {"connection": "close"})
    if who.person.own_only:
        raise ForbiddenError("Only the owner and the front desk see this.")
    with installation.read(who.person.clinic) as record:
        found = preview(installation, record, name)
        first = found.bookings[:MOST_PREVIEWED]
        names = request.app.state.opened.names(record, {b.patient for b in first})
        return page(
            request,
            record,
            who,
            "live.html",
            found=found,
            names=names,
            most=MOST_PREVIEWED,
            written=written(installation, written_if_any(request), name),
            can_again=service_of(request).can_start_again,
        )


@router.post("/accounts/{name}/live")
def pressed(request: Request, name: str, form: Sent, installation: Here) -> Response:
    """Have an account act, or only watch; or let what is wanted of the bookings that stand be
    written."""
    must_be_allowed(form.signed.person, "live")
    if form.get("do") in ("some", "all"):
        return _let_through(name, form, installation)
    how = next((one for one in get_args(Enforcement) if one == form.get("do")), None)
    if how is None:
        raise NotFoundError("button")
    file = written_settings(request)
    done: list[Done] = []

    def do(_: Record) -> Done | None:
        made = set_enforcement(file, name, how)
        done.extend([made] if made is not None else [])
        return made

    answer = act(installation, form, do)
    return service_of(request).again_soon(answer) if done else answer


def _let_through(name: str, form: Form, installation: Here) -> Response:
    def do(record: Record) -> Done:
        sent: dict[str, Any] = {"name": form.signed.person.name}
        if form.get("do") != "all":
            sent["bookings"] = list(form.lists.get("booking", ()))
        number = let_through_sent(installation, record, name, sent).number
        return Done("let-through", f"{number} bookings are let through on {name}.")

    return act(installation, form, do)
