"""Signing in and out, covering names, and taking back what was done."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from ...desk.acts import take_back
from ...desk.errors import ConflictError, NotFoundError
from ...desk.passkeys import ask_to_sign_in, sign_in_by_passkey
from ...desk.sign_in import Entry, SignInError, choose_password, sign_in
from ...desk.users import shown
from ...domain.reading import UnusableInputError
from ..door.access import HOW
from ..door.browsers import browser_of
from ..door.forms import is_ours, read_pairs
from ..door.given import Here
from ..door.problems import ProblemError
from ..door.service import hashing
from .forms import MOST_BYTES, Sent, back_with, inside, with_done
from .looks import HEADERS, PAGES
from .passkey_place import elsewhere, place_of
from .person import COVER, let_in, must_be_reachable, session_cookie
from .routes import StaffRoute

router = APIRouter(include_in_schema=False, route_class=StaffRoute)


@router.get("/sign-in")
def sign_in_form(
    request: Request,
    installation: Here,
    then: Annotated[str, Query(max_length=500)] = "",
    kept: Annotated[str, Query(max_length=5)] = "",
) -> Response:
    """Ask who it is; ``kept``: what they sent is shown again."""
    must_be_reachable(request, installation)
    return _sign_in_page(request, installation, then=inside(then), kept=bool(kept))


@router.post("/sign-in")
async def signing_in(request: Request, installation: Here) -> Response:
    """Let somebody in; the answer to a wrong password does not tell who may sign in."""
    must_be_reachable(request, installation)
    sent = await _sent(request)
    then = inside(sent.get("then", ""))
    entry = Entry(
        sent.get("email", ""), sent.get("password", ""), sent.get("code", ""), browser_of(request)
    )
    try:
        token = await hashing(request, sign_in, installation, installation.clinic, entry)
    except SignInError as error:
        return _sign_in_page(
            request,
            installation,
            422,
            then=then,
            email=entry.email,
            problem=str(error),
            needs_code=error.needs_code,
        )
    return let_in(request, token, then)


@router.post("/sign-in/passkey")
async def signing_in_by_passkey(request: Request, installation: Here) -> Response:
    """Let in whoever has a passkey of theirs."""
    must_be_reachable(request, installation)
    sent = await _sent(request)
    then, place = inside(sent.get("then", "")), place_of(request, installation.settings)
    if place is None:
        raise ProblemError(404, "No passkey can be used at this address.")

    def do() -> Response:
        try:
            with installation.write() as record:
                token = sign_in_by_passkey(
                    record,
                    place,
                    sent.get("token", ""),
                    sent.get("answer", ""),
                    browser_of(request),
                )
        except SignInError as error:
            return _sign_in_page(request, installation, 422, then=then, passkey_problem=str(error))
        return let_in(request, token, then)

    return await run_in_threadpool(do)


@router.post("/sign-out")
def sign_out(request: Request, form: Sent, installation: Here) -> Response:
    """End this browser's session. Its cookie, which opens nothing any more, stays: a form that
    another of its windows sends later is known by it, and kept for whoever signs in again."""
    with installation.write(form.signed.person.clinic) as record:
        session = record.users.session(request.cookies.get(session_cookie(request), ""))
        if session is not None:
            session.ended_at = record.now
    return RedirectResponse("/sign-in", 303)


@router.get("/invite/{token}")
def invited(request: Request, token: str, installation: Here) -> Response:
    """Somebody who was let in sets their password."""
    must_be_reachable(request, installation)
    return _invited_page(installation, token)


@router.post("/invite/{token}")
async def set_first_password(request: Request, token: str, installation: Here) -> Response:
    """Set the password that was chosen, and sign them in."""
    must_be_reachable(request, installation)
    sent = await _sent(request)
    entry = Entry("", sent.get("password", ""), sent.get("code", ""), browser_of(request))
    try:
        begun = await hashing(
            request, choose_password, installation, installation.clinic, token, entry
        )
    except NotFoundError:
        return _gate(installation, "invite.html", 404, user=None)
    except UnusableInputError as error:
        return _invited_page(installation, token, 422, problem=error.problems[0].message)
    except SignInError as error:
        return _invited_page(installation, token, 422, wrong_code=str(error))
    return let_in(request, begun, "/today")


@router.post("/cover")
def cover(form: Sent) -> Response:
    """Cover names on this browser's pages, or show them again."""
    answer = RedirectResponse(form.back, 303)
    if form.get("cover") == "on":
        answer.set_cookie(COVER, "on", max_age=86_400 * 30, httponly=True, samesite="strict")
    else:
        answer.delete_cookie(COVER)
    return answer


@router.post("/undo/{act_id}")
def undo(act_id: str, form: Sent, installation: Here) -> Response:
    """Take back what was done; where that cannot be, the page says why."""
    try:
        with installation.write(form.signed.person.clinic) as record:
            take_back(installation, record, form.signed.person, act_id)
    except ConflictError as error:
        return back_with(form.back, f"It is not undone. {error}")
    return RedirectResponse(with_done(form.back, act_id), 303)


async def _sent(request: Request) -> dict[str, str]:
    """A form of somebody who is not signed in yet. Raises ``ProblemError``."""
    pairs = await read_pairs(request, MOST_BYTES)
    if not is_ours(request):
        raise ProblemError(403, "This form is not of this page. Open its page again.")
    return dict(pairs)


def _invited_page(installation: Here, token: str, status: int = 200, **said: object) -> Response:
    with installation.read() as record:
        row = record.users.by_invite(token)
        user = shown(record, row) if row is not None else None
    return _gate(installation, "invite.html", status if user else 404, user=user, **said)


def _sign_in_page(
    request: Request, installation: Here, status: int = 200, **said: object
) -> Response:
    place = place_of(request, installation.settings)
    with installation.read() as record:
        how = "" if record.users.any() else HOW
        asked = ask_to_sign_in(record, place) if place is not None and not how else None
        bound = place is None and record.users.any_passkeys()
    other = elsewhere(request, installation.settings) if bound else ""
    said = {"how": how, "asked": asked, "elsewhere": other, **said}
    return _gate(installation, "sign_in.html", status, **said)


def _gate(
    installation: Here,
    template: str,
    status: int = 200,
    **said: object,
) -> Response:
    name = installation.settings.clinic_facts.name or "Your clinic"
    empty = ("email", "problem", "wrong_code", "passkey_problem", "needs_code", "kept")
    words = {**dict.fromkeys(empty, ""), **said}
    text = PAGES.get_template(template).render(clinic=name, **words)
    return HTMLResponse(text, status, HEADERS)
