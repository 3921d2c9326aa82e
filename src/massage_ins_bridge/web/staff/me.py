"""One's own page: the password, the code of an app, and the browsers in which one is signed in."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from ...desk import own_sign_in as own
from ...desk import passkeys
from ...desk.acts import Done
from ...desk.errors import NotFoundError
from ...desk.sign_in import must_know_password
from ...domain.reading import UnusableInputError
from ...store.record import Record
from ..door.browsers import browser_of
from ..door.given import Here
from ..door.service import hashing
from .forms import Form, Sent, act
from .looks import page, problems_of
from .passkey_place import elsewhere, place_of
from .person import Signed, Who, let_in
from .pictures import qr_code
from .routes import StaffRoute

router = APIRouter(prefix="/me", include_in_schema=False, route_class=StaffRoute)
LABELS = {
    "password": "New password",
    "old": "Password of now",
    "own_password": "Your password",
    "code": "Code from the app",
    "label": "Name of the device",
    "pk_password": "Your password",
    "passkey": "Your passkey",
}


@router.get("")
def me(
    request: Request,
    who: Who,
    installation: Here,
    confirmed: Annotated[str, Query(max_length=600)] = "",
) -> Response:
    """How one signs in; ``confirmed``: the word of a passkey that it is they who sit there."""
    return _page(request, who, installation, confirmed=confirmed)


@router.post("")
async def new_password(request: Request, form: Sent, installation: Here) -> Response:
    """Change one's own password; the other browsers are signed out."""
    return await hashing(request, _set_password, request, form, installation)


@router.get("/code")
def code_app(request: Request, who: Who, installation: Here) -> Response:
    """Set up an app that shows codes."""
    return _code(request, who, installation)


@router.post("/code")
async def code_changed(request: Request, form: Sent, installation: Here) -> Response:
    """Ask for its code from now on, or no more, or make new codes that stand in for it. What is
    shown of it is shown this once."""
    return await hashing(request, _change_code, request, form, installation)


@router.get("/codes")
def new_codes(request: Request, who: Who, installation: Here) -> Response:
    """The codes that stand in for the app's: once, after they were made."""
    user = _user(who)
    with installation.write(who.person.clinic) as record:
        codes = own.take_to_show(record, user)
    with installation.read(who.person.clinic) as record:
        return page(request, record, who, "me_codes.html", codes=codes)


def _change_code(request: Request, form: Form, installation: Here) -> Response:
    user, secret = _user(form.signed), form.fields.get("secret", "")
    if form.get("do") not in ("on", "renew", "off"):
        raise NotFoundError("button")
    try:
        _must_know(installation, form, "own_password")
        with installation.write(form.signed.person.clinic) as record:
            match form.get("do"):
                case "on":
                    code = form.fields.get("code", "")
                    own.keep_to_show(record, user, own.turn_on(record, user, secret, code))
                case "renew":
                    own.keep_to_show(record, user, own.renew_codes(record, user))
                case "off":
                    own.turn_off(record, user)
    except UnusableInputError as error:
        if form.get("do") == "on":
            return _code(request, form.signed, installation, error, secret)
        return _page(request, form.signed, installation, error=error)
    return RedirectResponse("/me/codes" if form.get("do") != "off" else "/me?saved=app", 303)


@router.post("/passkeys")
async def passkey_changed(request: Request, form: Sent, installation: Here) -> Response:
    """Add a passkey that the browser has made, call it otherwise, or remove it."""
    return await hashing(request, _change_passkey, request, form, installation)


def _change_passkey(request: Request, form: Form, installation: Here) -> Response:
    user, passkey = _user(form.signed), form.fields.get("passkey", "")

    def do(record: Record) -> Done:
        match form.get("do"):
            case "add":
                place = place_of(request, installation.settings)
                if place is None:
                    raise NotFoundError("place for passkeys at this address")
                if not own.has_password(record, user):
                    passkeys.must_be_confirmed(record, user, form.fields.get("confirmed", ""))
                made = passkeys.add_passkey(record, user, place, dict(form.fields))
                return Done("passkey-added", f"The passkey {made.label} lets you in from now on.")
            case "rename":
                passkeys.rename_passkey(record, user, passkey, form.fields.get("label", ""))
                return Done("passkey-renamed", "The passkey is called otherwise.")
            case "remove":
                label = passkeys.remove_passkey(record, user, passkey)
                return Done("passkey-removed", f"The passkey {label} lets nobody in any more.")
        raise NotFoundError("button")

    try:
        if form.get("do") == "confirm":
            return _confirmed(request, form, installation)
        if form.get("do") == "add" and "confirmed" not in form.fields:
            _must_know(installation, form, "pk_password")
        return act(installation, form, do)
    except UnusableInputError as error:
        confirmed = form.fields.get("confirmed", "")
        return _page(request, form.signed, installation, error=error, confirmed=confirmed)


def _confirmed(request: Request, form: Form, installation: Here) -> Response:
    """To the form for a further passkey, for somebody whom one of theirs has confirmed."""
    place = place_of(request, installation.settings)
    if place is None:
        raise NotFoundError("place for passkeys at this address")
    with installation.write(form.signed.person.clinic) as record:
        word = passkeys.confirm_by_passkey(record, _user(form.signed), place, dict(form.fields))
    return RedirectResponse(f"/me?confirmed={word}#pk", 303)


@router.post("/sessions")
def signed_out(form: Sent, installation: Here) -> Response:
    """Sign out of one other browser, or of all others."""
    user, session = _user(form.signed), form.signed.session

    def do(record: Record) -> Done:
        if form.get("do") == "others":
            record.users.end_sessions(user, but=session)
            return Done("signed-out", "Your other browsers are signed out.")
        own.end_session(record, user, form.fields.get("session", ""))
        return Done("signed-out", "That browser is signed out.")

    return act(installation, form, do)


def _user(who: Signed) -> str:
    """Who it is. Raises ``NotFoundError`` where nobody signed in."""
    if who.person.user_id is None:
        raise NotFoundError("sign-in of yours")
    return who.person.user_id


def _must_know(installation: Here, form: Form, field: str) -> None:
    """Raises ``UnusableInputError`` where whoever sits there does not know the password."""
    must_know_password(installation, form.signed.person, form.fields.get(field, ""), field)


def _set_password(request: Request, form: Form, installation: Here) -> Response:
    user_id = form.signed.person.user_id
    if user_id is None:
        return RedirectResponse("/today", 303)
    try:
        _must_know(installation, form, "old")
        with installation.write(form.signed.person.clinic) as record:
            own.change_password(record, user_id, form.get("password") or "")
            token = record.users.begin_session(user_id, browser_of(request))[1]
    except UnusableInputError as error:
        return _page(request, form.signed, installation, error=error)
    return let_in(request, token, "/me?saved=password")


def _page(
    request: Request,
    who: Signed,
    installation: Here,
    *,
    error: UnusableInputError | None = None,
    confirmed: str = "",
) -> Response:
    with installation.read(who.person.clinic) as record:
        user = who.person.user_id
        shown = own.own_sign_in(record, user, who.session) if user is not None else None
        problems, saved = problems_of(error, LABELS), request.query_params.get("saved", "")
        place = place_of(request, installation.settings)
        clinic = installation.settings.clinic_facts.name or "The desk"
        asked = user and place and passkeys.ask_to_add(record, user, place, clinic)
        alone = shown is not None and not shown.has_password and place is not None
        confirm = passkeys.ask_to_sign_in(record, place) if alone and place else None
        return page(
            request,
            record,
            who,
            "me.html",
            422 if error else 200,
            problems=problems,
            saved=saved,
            own=shown,
            passkeys=passkeys.list_passkeys(record, user) if user is not None else (),
            asked=asked,
            confirm=confirm,
            confirmed=confirmed,
            elsewhere=elsewhere(request, installation.settings),
        )


def _code(
    request: Request,
    who: Signed,
    installation: Here,
    error: UnusableInputError | None = None,
    secret: str = "",
) -> Response:
    user, clinic = _user(who), installation.settings.clinic_facts.name or "The desk"
    with installation.read(who.person.clinic) as record:
        if secret:
            offered = own.offer_of(record, user, clinic, secret)
        else:
            offered = own.offer(record, user, clinic)
        shown: dict[str, Any] = {"offer": offered, "picture": qr_code(offered.uri)}
        problems = problems_of(error, LABELS)
        status = 422 if error else 200
        return page(request, record, who, "me_code.html", status, problems=problems, **shown)
