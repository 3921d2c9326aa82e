"""Who signs in: letting somebody in, and changing who they are and what they may do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from ...desk import people as desk_people
from ...desk.acts import Done
from ...desk.errors import NotFoundError
from ...desk.installation import Installation
from ...desk.roles import ROLE_NAMES, ROLES, must_be_allowed
from ...desk.users import User, shown, user_row
from ...domain.reading import UnusableInputError
from ...store.record import Record
from ..door.given import Here
from .forms import Form, Sent, act
from .looks import page, problems_of
from .person import Signed, Who, here_or
from .quicker import meet, was_of
from .routes import StaffRoute

router = APIRouter(include_in_schema=False, route_class=StaffRoute)
LABELS = {
    "name": "Name",
    "email": "Email",
    "role": "May",
    "practitioner": "Who they are, for a therapist",
}
#: What the buttons beside somebody do.
_PRESSED: Mapping[str, Callable[[Record, str], Done]] = {
    "app": desk_people.forget,
    "back": desk_people.let_back,
    "out": desk_people.sign_out,
    "remove": desk_people.shut_out,
}


@dataclass(frozen=True, slots=True)
class _Filled:
    """What came of a form: the link for whoever was ``invited``, or what is wrong with what was
    ``typed`` over what ``was``, of whom (``changed``, nobody for somebody new); ``theirs``: what
    somebody else saved of them meanwhile, in the fields that both changed."""

    invited: desk_people.Invited | None = None
    error: UnusableInputError | None = None
    typed: Mapping[str, str] = field(default_factory=dict)
    was: str = ""
    changed: str = ""
    theirs: Mapping[str, str] = field(default_factory=dict)


class _QuickerError(Exception):
    """Somebody else changed the same of them: ``typed`` is what was typed, with what the other
    alone changed; ``theirs`` what is to be chosen."""

    def __init__(self, typed: Mapping[str, str], theirs: Mapping[str, str]) -> None:
        super().__init__()
        self.typed, self.theirs = typed, theirs


@router.get("/people")
def people(request: Request, who: Who, installation: Here) -> Response:
    """Who signs in."""
    must_be_allowed(who.person, "people")
    return _people(request, who, installation, _Filled())


@router.post("/people")
def person_added(request: Request, form: Sent, installation: Here) -> Response:
    """Let somebody in; the answer shows the link by which they choose a password."""
    must_be_allowed(form.signed.person, "people")
    try:
        with installation.write(form.signed.person.clinic) as record:
            sent = _sent_user(form.fields)
            made = desk_people.let_in_once(record, form.signed.person, sent, form.once)
    except UnusableInputError as error:
        filled = _Filled(error=error, typed=dict(form.fields))
        return _people(request, form.signed, installation, filled)
    return _people(request, form.signed, installation, _Filled(invited=made))


@router.post("/people/{user_id}")
def person_changed(request: Request, user_id: str, form: Sent, installation: Here) -> Response:
    """A new link, shut out, or let in again; who they are, and what they may do."""
    must_be_allowed(form.signed.person, "people")
    pressed = form.get("do") or ""
    if pressed == "invite":
        with installation.write(form.signed.person.clinic) as record:
            made = desk_people.give_link(record, form.signed.person, user_id)
        return _people(request, form.signed, installation, _Filled(invited=made))
    if pressed != "change" and pressed not in _PRESSED:
        raise NotFoundError("button")

    def do(record: Record) -> Done:
        if pressed == "change":
            return desk_people.change(record, user_id, _sent_user(_met(record, user_id, form)))
        return _PRESSED[pressed](record, user_id)

    try:
        return act(installation, form, do)
    except UnusableInputError as error:
        filled = _Filled(error=error, typed=dict(form.fields), was=form.was, changed=user_id)
    except _QuickerError as error:
        filled = _Filled(typed=error.typed, theirs=error.theirs, changed=user_id)
    return _people(request, form.signed, installation, filled)


def _met(record: Record, user_id: str, form: Form) -> Mapping[str, str]:
    """What was typed, with what another owner alone changed since the form was made: a form of
    before gives nobody back what was taken from them. One that does not say how it stood is taken
    as it is. Raises ``_QuickerError``."""
    if not form.was:
        return form.fields
    values, theirs = meet(form, _values(shown(record, user_row(record, user_id))))
    if theirs:
        raise _QuickerError(values, theirs)
    return values


def _values(user: User) -> dict[str, str]:
    """The fields of somebody's form as they stand."""
    said = {"name": user.name, "email": user.email, "role": user.role}
    return {**said, "practitioner": user.practitioner or ""}


def _people(request: Request, who: Signed, installation: Any, filled: _Filled) -> Response:
    invited = filled.invited
    named: dict[str, str] = dict(ROLE_NAMES) | _practitioners(installation)
    theirs = [(LABELS[name], named.get(said, said)) for name, said in filled.theirs.items()]
    with installation.read(who.person.clinic) as record:
        users = [shown(record, row) for row in record.users.all()]
        was = {user.id: was_of(_values(user)) for user in users}
        return page(
            request,
            record,
            who,
            "people.html",
            422 if filled.error else 409 if theirs else 200,
            users=users,
            values={user.id: _values(user) for user in users},
            was=was | ({filled.changed: filled.was} if filled.was else {}),
            roles=[(role, ROLE_NAMES[role]) for role in ROLES],
            names=ROLE_NAMES,
            practitioners=_practitioners(installation),
            link=_link(request, installation, invited.token) if invited else "",
            invited=invited.user.name if invited else "",
            changed=filled.changed,
            now=record.now,
            problems=[
                {**one, "path": f"{filled.changed}-{one['path']}"} if filled.changed else one
                for one in problems_of(filled.error, LABELS)
            ],
            typed=filled.typed,
            theirs=theirs,
        )


def _practitioners(installation: Any) -> dict[str, str]:
    """By key, what the clinic's practitioners are called."""
    known = installation.settings.clinic_facts.practitioners or ()
    return {one.key: one.name or one.key for one in known}


def _sent_user(fields: Mapping[str, str]) -> dict[str, Any]:
    return {k: fields[k] for k in ("name", "email", "role", "practitioner") if fields.get(k)}


def _link(request: Request, installation: Installation, token: str) -> str:
    return here_or(request, installation.settings, f"/invite/{token}")
