"""Setting up the desk, step by step; each can be left and come back to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from ...desk import set_up_account as account_step
from ...desk import set_up_payers as payers_step
from ...desk.acts import note
from ...desk.errors import ConflictError, NotFoundError
from ...desk.own_sign_in import first_owner, first_owner_by_passkey
from ...desk.roles import must_be_allowed
from ...desk.set_up import set_up
from ...desk.set_up_account import Desk
from ...desk.set_up_fields import FormStep, settings_changed, write_step
from ...domain.reading import UnusableInputError
from ...settings.errors import ChangedMeanwhileError
from ..door.browsers import browser_of
from ..door.given import Here
from ..door.service import desk_of, hashing, service_of
from ..door.written import written_settings
from .forms import Form, Sent
from .passkey_place import place_of
from .person import Who, let_in
from .routes import StaffRoute
from .setup_meet import met
from .setup_pages import Told, step_page

router = APIRouter(prefix="/setup", include_in_schema=False, route_class=StaffRoute)
Account = Annotated[str, Query(max_length=63)]


@router.get("")
def begin(request: Request, who: Who, installation: Here) -> Response:
    """To the first step that is left."""
    if service_of(request).ending:
        return _at_the_new_start(request)
    must_be_allowed(who.person, "settings")
    with installation.read(who.person.clinic) as record:
        step = set_up(installation, record, written_settings(request)).after("")
    return RedirectResponse(f"/setup/{step}", 303)


@router.get("/{step}")
def shown(
    request: Request,
    step: str,
    who: Who,
    installation: Here,
    account: Account = "",
    saved: Annotated[str, Query(max_length=5)] = "",
    filled: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """One step; ``saved``: an account was connected just now, and is asked once more; ``filled``:
    the tag of the settings in which a policy was filled in just now."""
    if service_of(request).ending:
        return _at_the_new_start(request)
    must_be_allowed(who.person, "settings")
    told = Told(account, filled=filled)
    if step == "connect" and saved:
        desk = desk_of(request, installation)
        if desk.file.account(account) is not None:
            tried = account_step.try_account(desk, account, installation.clock.now())
            told = replace(told, tried=tried)
    return step_page(request, who, installation, step, told)


def _at_the_new_start(request: Request) -> Response:
    """Who still has a way to the process that ends is sent to the one that begins."""
    return RedirectResponse(str(request.url), 303, {"connection": "close"})


@router.post("/owner")
async def owner(request: Request, form: Sent, installation: Here) -> Response:
    """The first owner, who is signed in at once; from now on everybody signs in."""
    return await hashing(request, _add_owner, request, form, installation)


@dataclass(frozen=True, slots=True)
class _Step:
    """What is done with a step's form. ``then``: the page that follows, else the next step that is
    left; ``write``: how it is written, where it is not by its fields; ``meets``: what
    others saved meanwhile is laid together with what was typed."""

    name: FormStep
    then: str = ""
    account: str = ""
    write: Callable[[Desk, Mapping[str, str]], None] | None = None
    meets: bool = True


@router.post("/clinic")
def clinic(request: Request, form: Sent, installation: Here) -> Response:
    """Name, zone, and who gives massages."""

    return _save(request, form, installation, _Step("clinic"))


@router.post("/payers")
def payers(request: Request, form: Sent, installation: Here) -> Response:
    """Whom the clinic is in network with."""

    def fill(desk: Desk, fields: Mapping[str, str]) -> None:
        payers_step.put_policy(desk.file, fields.get("policy", ""))

    def take_back(desk: Desk, _: Mapping[str, str]) -> None:
        payers_step.take_policy_back(desk.file, form.seen)

    steps = {
        "policy": _Step("payers", "payers?filled={tag}", write=fill, meets=False),
        "unfill": _Step("payers", "payers", write=take_back, meets=False),
    }
    step = steps.get(form.get("do") or "", _Step("payers"))
    return _save(request, form, installation, step)


@router.post("/connect")
def connect(request: Request, form: Sent, installation: Here) -> Response:
    """A platform and its key, which is tried before anything is kept; or what is asked of one that
    is connected."""
    desk, name = _desk(request, installation, form), form.fields.get("name", "")
    if form.get("do") in ("try", "register"):
        if desk.file.account(name) is None:
            raise NotFoundError("account")
        said = account_step.register(desk, name) if form.get("do") == "register" else ""
        tried = account_step.try_account(desk, name, installation.clock.now())
        told = Told(name, tried=tried, said=said, again=True)
        return step_page(request, form.signed, installation, "connect", told)

    then = f"connect?account={name}&saved=yes"
    return _save(request, form, installation, _Step("connect", then))


@router.post("/services")
def services(request: Request, form: Sent, installation: Here) -> Response:
    """What each service, host and question means here."""
    name = form.fields.get("account", "")

    # what was named is taken in from now on, also where a look was over before
    return _save(request, form, installation, _Step("services", "bookings", name))


@router.post("/again")
async def again(request: Request, form: Sent) -> Response:
    """Start the service again, with the settings as they are now."""
    must_be_allowed(form.signed.person, "settings")
    return service_of(request).again(RedirectResponse(form.back, 303))


def _desk(request: Request, installation: Here, form: Form) -> Desk:
    must_be_allowed(form.signed.person, "settings")
    return desk_of(request, installation)


def _save(request: Request, form: Form, installation: Here, step: _Step) -> Response:
    """Write a step into the settings, or show what is wrong with all that was typed, or what
    somebody else saved meanwhile. A form that is sent twice writes the same twice, which changes
    nothing."""
    desk, told = _desk(request, installation, form), Told(step.account)
    if step.meets:
        form, theirs = met(desk, step.name, form)
        if theirs:
            told = replace(told, typed=dict(form.fields), theirs=theirs)
            return step_page(request, form.signed, installation, step.name, told)
    try:
        if step.write is not None:
            step.write(desk, form.fields)
        else:
            write_step(desk, step.name, form.fields, installation.clock.now())
        changes = desk.file.changed()
        changed = desk.file.save()
    except ChangedMeanwhileError:  # in this very moment: both meet in the form
        return _save(request, form, installation, step)
    except UnusableInputError as error:
        told = replace(told, error=error, typed=dict(form.fields))
        return step_page(request, form.signed, installation, step.name, told)
    except ConflictError as error:
        told = replace(told, wrong=str(error), typed=dict(form.fields))
        return step_page(request, form.signed, installation, step.name, told)
    with installation.write(form.signed.person.clinic) as record:
        if changed:
            note(record, form.signed.person, settings_changed(step.name, changes))
        then = step.then.format(tag=desk.file.tag) if changed else step.then.partition("?filled")[0]
        to = then or set_up(installation, record, desk.file).after(step.name)
    answer = RedirectResponse(f"/setup/{to}", 303)
    return service_of(request).again_soon(answer) if changed else answer


def _add_owner(request: Request, form: Form, installation: Here) -> Response:
    must_be_allowed(form.signed.person, "settings")
    sent = {"name": form.get("name"), "email": form.get("email"), "role": "owner"}
    by_passkey, place = form.get("do") == "passkey", place_of(request, installation.settings)
    if by_passkey:
        sent |= {"name": form.get("pk_name"), "email": form.get("pk_email")}
    try:
        with installation.write(form.signed.person.clinic) as record:
            browser = browser_of(request)
            if by_passkey and place is not None:
                made = {**form.fields, "label": form.fields.get("pk_label", "")}
                token = first_owner_by_passkey(record, sent, place, made, browser)
            else:
                token = first_owner(record, sent, form.get("password") or "", browser)
    except UnusableInputError as error:
        if by_passkey:
            error = UnusableInputError([replace(p, path=f"pk_{p.path}") for p in error.problems])
        typed = {name: said for name, said in form.fields.items() if name != "password"}
        told = Told(error=error, typed=typed)
        return step_page(request, form.signed, installation, "owner", told)
    return let_in(request, token, "/setup/clinic")
