"""Who signs in at the desk, as the owner changes it. Each change is on record, by whatever door it
comes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from ..domain.reading import Problem, UnusableInputError, read
from ..store.record import Record
from . import users
from .acts import Done, note
from .errors import ConflictError
from .installation import Installation
from .own_sign_in import OwnSignIn, forget_app, own_sign_in
from .own_sign_in import end_session as ended
from .passkeys import Passkey, list_passkeys
from .passkeys import remove_passkey as removed
from .roles import ROLE_NAMES, Person, Role
from .staff_words import must_say
from .users import User

#: Who an act is by that a program asks for says so; a key is as good as the owner.
_ROLE: Role = "owner"
_OWNERS = "Owners are let in and changed at the desk or on the command line, not by a program."
_FIRST = "the first one is the owner: nobody else could let others in"


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who was let in, with the token of the link by which they choose a password, which is
    not kept."""

    user: User
    token: str


@dataclass(frozen=True, slots=True)
class BySent:
    """Who has it done."""

    by: str


@dataclass(frozen=True, slots=True)
class LetInSent:
    """Somebody as a program sends them; ``by``: who has it done."""

    name: str
    email: str
    role: Role
    by: str
    practitioner: str | None = None


@dataclass(frozen=True, slots=True)
class LetIn:
    """The same read: who is meant, and on whose word."""

    user: dict[str, Any]
    by: Person


@dataclass(frozen=True, slots=True)
class UserList:
    users: tuple[User, ...]


@dataclass(frozen=True, slots=True)
class LinkView:
    """``link``: by it somebody chooses a password, once, within a week."""

    user: User
    link: str


@dataclass(frozen=True, slots=True)
class SignsIn:
    """Somebody, and how they sign in."""

    user: User
    signs_in: OwnSignIn
    passkeys: tuple[Passkey, ...]


def list_users(record: Record) -> UserList:
    """Everybody who is or was let in."""
    return UserList(tuple(users.shown(record, row) for row in record.users.all()))


def signs_in(record: Record, user_id: str) -> SignsIn:
    """Raises ``NotFoundError``."""
    user = users.shown(record, users.user_row(record, user_id))
    return SignsIn(user, own_sign_in(record, user_id, None), list_passkeys(record, user_id))


def must_be_no_owner(record: Record, user_id: str = "", role: str = "") -> None:
    """For programs. Raises ``ConflictError`` where somebody is an owner, or would become one: a key
    that was stolen, and is revoked, must leave nobody behind who may do everything."""
    row = record.users.get(user_id) if user_id else None
    if role == _ROLE or (row is not None and row.role == _ROLE):
        raise ConflictError(_OWNERS)


def read_by(record: Record, data: Any) -> Person:
    """On whose word a program does it. Raises ``UnusableInputError``."""
    return on_word_of(record, read(BySent, data).by)


def on_word_of(record: Record, by: str) -> Person:
    """Who has a program do something. Raises ``UnusableInputError`` where that is nobody."""
    must_say("by", by)
    return Person(record.clinic, by, _ROLE)


def must_be_practitioner(installation: Installation, key: str | None) -> None:
    """Raises ``UnusableInputError`` for a therapist who is none of those in the settings: bookings
    of theirs there are none."""
    known = [one.key for one in installation.settings.clinic_facts.practitioners or ()]
    if key and known and key not in known:
        said = f"is no practitioner of the clinic; known are {', '.join(filter(None, known))}"
        raise UnusableInputError([Problem("practitioner", said)])


def read_let_in(installation: Installation, record: Record, data: Any) -> LetIn:
    """Raises ``UnusableInputError``."""
    said = asdict(read(LetInSent, data))
    must_be_practitioner(installation, said["practitioner"])
    by = read_by(record, {"by": said.pop("by")})
    return LetIn({name: value for name, value in said.items() if value is not None}, by)


def link_view(installation: Installation, made: Invited) -> LinkView:
    return LinkView(made.user, address_of(installation, made.token))


def address_of(installation: Installation, token: str) -> str:
    """Where a link to choose a password leads: to this machine where the pages open on it alone.
    Raises ``StartError``."""
    settings = installation.settings
    if settings.staff_page == "sign-in" or settings.port == 0:  # that one is not known here
        return f"{settings.address}/invite/{token}"
    return f"http://127.0.0.1:{settings.port}/invite/{token}"


def let_in_once(record: Record, by: Person, data: Any, once: str) -> Invited:
    """Let somebody in by a form; one that was sent before gives them a new link, for nobody saw the
    first one. Raises as ``let_in`` does."""
    if once and record.acts.by_form(once) is not None:
        known = record.users.by_email(str(data.get("email", "")))
        if known is not None:
            return give_link(record, by, known.id)
    return let_in(record, by, data, once or None)


def let_in(record: Record, by: Person, data: Any, once: str | None = None) -> Invited:
    """Let somebody in. ``once``: the form by which it is done.

    Raises ``UnusableInputError``, also for a first one who is no owner, and ``ConflictError`` where
    the e-mail address is in use.
    """
    row = users.add_user(record, data)
    if not record.users.owners(invited=True):
        raise UnusableInputError([Problem("role", _FIRST)])
    made = users.shown(record, row)
    done = Done("user-added", f"{made.name} is let in as {ROLE_NAMES[made.role]}.")
    note(record, by, done, once)
    return Invited(made, users.invite(record, row.id))


def give_link(record: Record, by: Person, user_id: str) -> Invited:
    """A new link for somebody. Raises ``NotFoundError``, and ``ConflictError`` where they are shut
    out."""
    token = users.invite(record, user_id)
    who = users.shown(record, users.user_row(record, user_id))
    note(record, by, Done("link-given", f"{who.name} is given a link to choose a password."))
    return Invited(who, token)


def change(record: Record, user_id: str, data: Any) -> Done:
    """Change who somebody is, or their role. Raises as ``users.change_user`` does."""
    before = users.shown(record, users.user_row(record, user_id))
    after = users.shown(record, users.change_user(record, user_id, data))
    said = f"{after.name} is changed."
    if after.role != before.role:
        said = f"{after.name} is {ROLE_NAMES[after.role]}, and was {ROLE_NAMES[before.role]}."
    needs = {"user": user_id, "before": users.as_sent(before), "after": users.as_sent(after)}
    return Done("user-changed", said, undo="user-changed", needs=needs)


def shut_out(record: Record, user_id: str) -> Done:
    """Shut somebody out. Raises as ``users.remove_user`` does."""
    who = users.shown(record, users.remove_user(record, user_id))
    return Done("user-removed", f"{who.name} is shut out.", undo="user", needs={"user": user_id})


def let_back(record: Record, user_id: str) -> Done:
    """Take that back. Raises ``NotFoundError``."""
    who = users.shown(record, users.let_in_again(record, user_id))
    return Done("user-back", f"{who.name} is let in again.")


def forget(record: Record, user_id: str) -> Done:
    """Ask somebody for the code of their app no more. Raises ``NotFoundError``."""
    forget_app(record, user_id)
    who = users.shown(record, users.user_row(record, user_id))
    return Done("app-forgotten", f"{who.name} signs in without their app.")


def sign_out(record: Record, user_id: str) -> Done:
    """Sign somebody out in all browsers. Raises ``NotFoundError``."""
    row = users.user_row(record, user_id)
    record.users.end_sessions(row.id)
    return Done("signed-out", f"{record.users.person(row).name} is signed out everywhere.")


def end_session(record: Record, user_id: str, session_id: str) -> Done:
    """Sign somebody out in one browser. Raises ``NotFoundError``."""
    row = users.user_row(record, user_id)
    ended(record, row.id, session_id)
    return Done("signed-out", f"{record.users.person(row).name} is signed out in one browser.")


def remove_passkey(record: Record, user_id: str, passkey_id: str) -> Done:
    """Let nobody in by a passkey any more. Raises ``NotFoundError`` and ``ConflictError``."""
    row = users.user_row(record, user_id)
    label, name = removed(record, row.id, passkey_id), record.users.person(row).name
    return Done("passkey-removed", f"The passkey {label} of {name} lets nobody in any more.")
