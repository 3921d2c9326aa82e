"""What was sent after somebody was signed out, shown to be sent once more."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from ...desk.errors import NotFoundError
from ...desk.kept_form import KEPT_FILES, kept_form
from ..door.given import Here
from .forms import Sent
from .kept_words import in_words
from .looks import page
from .person import Who, session_cookie
from .routes import StaffRoute

router = APIRouter(prefix="/kept", include_in_schema=False, route_class=StaffRoute)


@router.get("")
def kept(request: Request, who: Who, installation: Here) -> Response:
    """The form that is kept, to be looked over. Raises ``NotFoundError``."""
    with installation.read(who.person.clinic) as record:
        session = record.users.session(request.cookies.get(session_cookie(request), ""))
        form = kept_form(record, session)
        if form is None:
            raise NotFoundError("form that is kept")
        said = in_words(record, who.person, form)
        return page(request, record, who, "kept.html", form=form, said=said, kept_files=KEPT_FILES)


@router.post("")
def left(request: Request, form: Sent, installation: Here) -> Response:
    """Keep it no longer."""
    with installation.write(form.signed.person.clinic) as record:
        session = record.users.session(request.cookies.get(session_cookie(request), ""))
        if session is not None:
            session.kept_sealed = None
    return RedirectResponse("/today", 303)
