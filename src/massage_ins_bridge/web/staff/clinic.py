"""The clinic's own pages: accounts, rules, people, and the audit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from ...desk import people as desk_people
from ...desk.account_page import account_cards
from ...desk.acts import Done
from ...desk.audit import Wanted, audit
from ...desk.errors import NotFoundError
from ...desk.installation import Installation
from ...desk.machine_health import machine_health
from ...desk.roles import ROLE_NAMES, ROLES, must_be_allowed
from ...desk.sync import sync
from ...desk.users import shown
from ...domain.reading import UnusableInputError
from ...domain.scalars import FIRST_YEAR, LAST_YEAR
from ...store.record import Record
from ..door.given import Here
from .forms import Form, Sent, act
from .looks import page, problems_of
from .person import Signed, Who, here_or
from .routes import StaffRoute

router = APIRouter(include_in_schema=False, route_class=StaffRoute)
LABELS = {
    "name": "Name",
    "email": "Email",
    "role": "Role",
}
#: What the buttons beside somebody do.
_PRESSED: Mapping[str, Callable[[Record, str], Done]] = {
    "app": desk_people.forget,
    "back": desk_people.let_back,
    "out": desk_people.sign_out,
    "remove": desk_people.shut_out,
}
#: How much of a search is taken.
_MOST_TYPED, _MOST_ID, _DIGITS = 100, 60, 6
Number = Annotated[int, Query(ge=0, le=100_000)]
Id = Annotated[str, Query(max_length=60)]


@router.get("/accounts")
def accounts(request: Request, who: Who, installation: Here) -> Response:
    """How each account is."""
    with installation.read(who.person.clinic) as record:
        cards = account_cards(installation, record)
        parts = machine_health(installation, record)
        return page(request, record, who, "accounts.html", cards=cards, parts=parts)


@router.post("/accounts/{name}/look")
def look(name: str, form: Sent, installation: Here) -> Response:
    """Have a platform asked now."""
    must_be_allowed(form.signed.person, "work")

    def do(record: Record) -> Done:
        sync(installation, record, name, full=form.get("do") == "all", by_hand=False)
        return Done("looked", f"{name} is asked now. What it says appears within a minute.")

    return act(installation, form, do)


@router.get("/people")
def people(request: Request, who: Who, installation: Here) -> Response:
    """Who signs in."""
    must_be_allowed(who.person, "people")
    return _people(request, who, installation)


@router.post("/people")
def person_added(request: Request, form: Sent, installation: Here) -> Response:
    """Let somebody in; the answer shows the link by which they choose a password."""
    must_be_allowed(form.signed.person, "people")
    try:
        with installation.write(form.signed.person.clinic) as record:
            made = desk_people.let_in(record, form.signed.person, _sent_user(form))
    except UnusableInputError as error:
        return _people(request, form.signed, installation, error=error, typed=dict(form.fields))
    return _people(request, form.signed, installation, invited=made)


@router.post("/people/{user_id}")
def person_changed(request: Request, user_id: str, form: Sent, installation: Here) -> Response:
    """A new link, shut out, or let in again; who they are, and what they may do."""
    must_be_allowed(form.signed.person, "people")
    pressed = form.get("do") or ""
    if pressed == "invite":
        with installation.write(form.signed.person.clinic) as record:
            made = desk_people.give_link(record, form.signed.person, user_id)
        return _people(request, form.signed, installation, invited=made)
    if pressed != "change" and pressed not in _PRESSED:
        raise NotFoundError("button")

    def do(record: Record) -> Done:
        if pressed == "change":
            return desk_people.change(record, user_id, _sent_user(form))
        return _PRESSED[pressed](record, user_id)

    try:
        return act(installation, form, do)
    except UnusableInputError as error:
        return _people(request, form.signed, installation, error=error, changed=user_id)


@router.get("/audit")
def audited(
    request: Request,
    who: Who,
    installation: Here,
    user: Id = "",
    client: Id = "",
    day: Annotated[str, Query(max_length=10)] = "",
    number: Number = 0,
) -> Response:
    """Who saw and did what; of a ``day`` that is none, of all days."""
    return _audit(request, who, installation, Wanted(user, client, "", _day(day), "", number))


@router.post("/audit")
def searched(request: Request, form: Sent, installation: Here) -> Response:
    """The same by a client's name and by words: these stand in no address."""
    said, typed = form.fields, form.fields.get("number", "")
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < _DIGITS else 0
    wanted = Wanted(
        said.get("user", "")[:_MOST_ID],
        said.get("client", "")[:_MOST_ID],
        said.get("name", "")[:_MOST_TYPED],
        _day(said.get("day", "")),
        said.get("words", "")[:_MOST_TYPED],
        number,
    )
    return _audit(request, form.signed, installation, wanted)


def _audit(request: Request, who: Signed, installation: Any, wanted: Wanted) -> Response:
    with installation.read(who.person.clinic) as record:
        found = audit(record, request.app.state.opened, who.person, wanted)
        return page(request, record, who, "audit.html", found=found, wanted=wanted)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


@router.get("/keys")
def keys(request: Request, who: Who, installation: Here) -> Response:
    """The keyboard's keys."""
    with installation.read(who.person.clinic) as record:
        return page(request, record, who, "keys.html")


def _people(
    request: Request,
    who: Signed,
    installation: Any,
    *,
    invited: desk_people.Invited | None = None,
    error: UnusableInputError | None = None,
    typed: dict[str, str] | None = None,
    changed: str = "",
) -> Response:
    with installation.read(who.person.clinic) as record:
        return page(
            request,
            record,
            who,
            "people.html",
            422 if error else 200,
            users=[shown(record, row) for row in record.users.all()],
            roles=[(role, ROLE_NAMES[role]) for role in ROLES],
            names=ROLE_NAMES,
            practitioners=installation.settings.clinic_facts.practitioners or (),
            link=_link(request, installation, invited.token) if invited else "",
            invited=invited.user.name if invited else "",
            changed=changed,
            now=record.now,
            problems=problems_of(error, LABELS),
            typed=typed or {},
        )


def _sent_user(form: Form) -> dict[str, Any]:
    return {k: form.get(k) for k in ("name", "email", "role", "practitioner") if form.get(k)}


def _link(request: Request, installation: Installation, token: str) -> str:
    return here_or(request, installation.settings, f"/invite/{token}")
