"""``/v1/users``: who signs in at the desk, and in which browsers. What only they themselves can do
(their password, an app, a passkey) is done on their own page; here it is seen, and taken away. Of
owners a program changes nothing but where they are signed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Response

from ...desk import people, users
from ...desk.acts import Done, note
from ...desk.installation import Installation
from ...store.record import Record
from ..door.given import Body, Clinic, Here
from .operation import answer, operation
from .schemas import GIVEN, LINES

router = APIRouter(prefix="/v1/users", tags=["users"])
_USER, _WHOLE = GIVEN.of(users.User), GIVEN.of(people.SignsIn)
_LINK = GIVEN.of(people.LinkView)
_SENT, _BY = LINES.of(people.LetInSent), LINES.of(people.BySent)


@router.get("", **operation(GIVEN.of(people.UserList)))
def list_users(clinic: Clinic, installation: Here) -> Response:
    """Everybody who is or was let in, oldest first."""
    with installation.read(clinic) as record:
        return answer(people.list_users(record))


@router.post("", **operation(_LINK, 409, takes=_SENT, status=201))
def add_user(clinic: Clinic, installation: Here, data: Body) -> Response:
    """Let somebody in; the answer has the link by which they choose a password, this once.
    409 where the e-mail address is in use, there is no owner yet, or they would be one."""
    with installation.write(clinic) as record:
        sent = people.read_let_in(installation, record, data)
        people.must_be_no_owner(record, role=sent.user["role"])
        made = people.let_in(record, sent.by, sent.user)
    return answer(people.link_view(installation, made), 201)


@router.get("/{user_id}", **operation(_WHOLE, 404))
def get_user(user_id: str, clinic: Clinic, installation: Here) -> Response:
    """Somebody, with how they sign in: how many codes stand in for their app's, their passkeys, and
    the browsers in which they are signed in."""
    with installation.read(clinic) as record:
        return answer(people.signs_in(record, user_id))


@router.put("/{user_id}", **operation(_USER, 404, 409, takes=_SENT))
def change_user(user_id: str, clinic: Clinic, installation: Here, data: Body) -> Response:
    """Change who somebody is, or their role. 409 for an address in use, and
    for owners."""
    with installation.write(clinic) as record:
        sent = people.read_let_in(installation, record, data)
        people.must_be_no_owner(record, user_id, sent.user["role"])
        note(record, sent.by, people.change(record, user_id, sent.user))
        return _shown(record, user_id)


@router.post("/{user_id}/link", **operation(_LINK, 404, 409, takes=_BY))
def give_user_link(user_id: str, clinic: Clinic, installation: Here, data: Body) -> Response:
    """A new link by which somebody chooses a password; a former one stops working. 409 for who is
    shut out, and for owners."""
    with installation.write(clinic) as record:
        who = people.read_by(record, data)
        people.must_be_no_owner(record, user_id)
        made = people.give_link(record, who, user_id)
    return answer(people.link_view(installation, made))


@router.post("/{user_id}/shut-out", **operation(_USER, 404, 409, takes=_BY))
def shut_user_out(user_id: str, clinic: Clinic, installation: Here, data: Body) -> Response:
    """Shut somebody out, at once and everywhere. 409 for owners."""
    return _done(installation, clinic, user_id, data, people.shut_out)


@router.post("/{user_id}/let-in-again", **operation(_USER, 404, 409, takes=_BY))
def let_user_in_again(user_id: str, clinic: Clinic, installation: Here, data: Body) -> Response:
    """Take that back. 409 for owners."""
    return _done(installation, clinic, user_id, data, people.let_back)


@router.post("/{user_id}/forget-app", **operation(_USER, 404, 409, takes=_BY))
def forget_user_app(user_id: str, clinic: Clinic, installation: Here, data: Body) -> Response:
    """Ask somebody for no code any more, who has lost their app; they are signed out. 409
    for owners."""
    return _done(installation, clinic, user_id, data, people.forget)


@router.post("/{user_id}/sign-out", **operation(_WHOLE, 404, takes=_BY))
def sign_user_out(user_id: str, clinic: Clinic, installation: Here, data: Body) -> Response:
    """Sign somebody out in all browsers."""
    with installation.write(clinic) as record:
        note(record, people.read_by(record, data), people.sign_out(record, user_id))
        return answer(people.signs_in(record, user_id))


@router.post("/{user_id}/sessions/{session_id}/end", **operation(_WHOLE, 404, takes=_BY))
def end_user_session(
    user_id: str, session_id: str, clinic: Clinic, installation: Here, data: Body
) -> Response:
    """Sign somebody out in one browser."""
    with installation.write(clinic) as record:
        note(record, people.read_by(record, data), people.end_session(record, user_id, session_id))
        return answer(people.signs_in(record, user_id))


@router.post("/{user_id}/passkeys/{passkey_id}/remove", **operation(_WHOLE, 404, 409, takes=_BY))
def remove_user_passkey(
    user_id: str, passkey_id: str, clinic: Clinic, installation: Here, data: Body
) -> Response:
    """Let nobody in by a passkey any more, such as that of a device that was lost. 409 for the only
    way in of somebody without a password."""
    with installation.write(clinic) as record:
        who = people.read_by(record, data)
        note(record, who, people.remove_passkey(record, user_id, passkey_id))
        return answer(people.signs_in(record, user_id))


def _done(
    installation: Installation,
    clinic: str,
    user_id: str,
    data: Any,
    act: Callable[[Record, str], Done],
) -> Response:
    """What a program may do to anybody but an owner, on record with whose word it was."""
    with installation.write(clinic) as record:
        who = people.read_by(record, data)
        people.must_be_no_owner(record, user_id)
        note(record, who, act(record, user_id))
        return _shown(record, user_id)


def _shown(record: Record, user_id: str) -> Response:
    return answer(users.shown(record, users.user_row(record, user_id)))
