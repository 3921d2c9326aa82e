"""Users of the desk: adding, inviting, changing and removing them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from ..domain.reading import Problem, UnusableInputError, read
from ..store.acts import About, Act
from ..store.record import Record
from ..store.user_models import UserRow
from ..store.users import UserPerson, token_hash
from .errors import ConflictError, NotFoundError
from .odd_characters import refuse_odd_characters
from .passwords import hashed
from .roles import Role, role_may
from .staff_words import must_say

#: How long a link works by which somebody sets their password.
INVITE_DAYS = 7
_LAST = (
    "This is the only owner, or the only one who can sign in. Make somebody else an owner first, "
    "and have them choose their password."
)


@dataclass(frozen=True, slots=True)
class UserSent:
    """``practitioner``: the name of the clinic's practitioner that they are, as in the settings;
    a therapist sees their own bookings by it."""

    name: str
    email: str
    role: Role
    practitioner: str | None = None


@dataclass(frozen=True, slots=True)
class User:
    """A user as the doors show them. ``locked_until``: shut out after too many failed tries;
    ``can_sign_in``: they have a password, or a passkey."""

    id: str
    name: str
    email: str
    role: Role
    practitioner: str | None
    can_sign_in: bool
    has_code: bool
    locked_until: datetime | None
    removed_at: datetime | None


def shown(record: Record, row: UserRow) -> User:
    person = record.users.person(row)
    return User(
        id=row.id,
        name=person.name,
        email=person.email,
        role=row.role,  # type: ignore[arg-type]
        practitioner=person.practitioner,
        can_sign_in=record.users.has_a_way(row),
        has_code=row.code_sealed is not None,
        locked_until=row.locked_until,
        removed_at=row.removed_at,
    )


def as_sent(user: User) -> dict[str, Any]:
    """What somebody is, as it is sent."""
    said = {"name": user.name, "email": user.email, "role": user.role}
    return {**said, "practitioner": user.practitioner} if user.practitioner else said


def add_user(record: Record, data: Any) -> UserRow:
    """Let somebody in; they cannot sign in before they set a password (``invite``).

    Raises ``UnusableInputError``, and ``ConflictError`` where the e-mail address is in use.
    """
    sent = _read(data)
    known = record.users.by_email(sent.email)
    if known is not None and known.removed_at is None:
        raise ConflictError(f"{sent.email} is in use; change that user instead.")
    person = UserPerson(sent.name, sent.email, sent.practitioner)
    if known is None:
        return record.users.add(person, sent.role)
    record.users.change(known, person)
    known.role, known.removed_at, known.password_hash = sent.role, None, None
    known.wrong_tries, known.locked_until = 0, None
    record.users.set_code(known, None)
    for passkey in record.users.passkeys(known.id):  # of whoever had the address before
        record.session.delete(passkey)
    return known


def change_user(record: Record, user_id: str, data: Any) -> UserRow:
    """Change who somebody is, or their role.

    Raises ``NotFoundError``, ``UnusableInputError``, and ``ConflictError`` for an address in use
    or the only owner.
    """
    row, sent = user_row(record, user_id), _read(data)
    other = record.users.by_email(sent.email)
    if other is not None and other.id != row.id:
        raise ConflictError(f"{sent.email} is in use by somebody else.")
    if sent.role != "owner":
        _must_not_be_the_only_owner(record, row)
    record.users.change(row, UserPerson(sent.name, sent.email, sent.practitioner))
    row.role = sent.role
    return row


def remove_user(record: Record, user_id: str) -> UserRow:
    """Shut somebody out, at once and everywhere; what they did stays on record.

    Raises ``NotFoundError``, and ``ConflictError`` for the only owner.
    """
    row = user_row(record, user_id)
    if row.removed_at is None:
        _must_not_be_the_only_owner(record, row)
        row.removed_at, row.invite_hash = record.now, None
        record.users.end_sessions(row.id)
    return row


def workers(record: Record) -> dict[str, str]:
    """By id, the names of those who can sign in and may see to tasks."""
    found = [row for row in record.users.all() if can_work(record, row)]
    named = [(row.id, record.users.person(row).name) for row in found]
    return dict(sorted(named, key=lambda one: one[1].casefold()))


def can_work(record: Record, row: UserRow) -> bool:
    """Whether they can sign in, and may see to tasks."""
    there = row.removed_at is None and record.users.has_a_way(row)
    return there and role_may(row.role, "work")


def _must_not_be_the_only_owner(record: Record, row: UserRow) -> None:
    """Raises ``ConflictError`` for the only owner, and for the only one who can sign in: those who
    were let in and have chosen no password may never do so."""
    alone = record.users.owners(invited=True) < 2
    if record.users.has_a_way(row):
        alone = alone or record.users.owners() < 2
    if row.role == "owner" and alone:
        raise ConflictError(_LAST)


def let_in_again(record: Record, user_id: str) -> UserRow:
    """Take a removal back. Raises ``NotFoundError``."""
    row = user_row(record, user_id)
    row.removed_at = None
    return row


def invite(record: Record, user_id: str) -> str:
    """The token of a link that works once, for a week, by which somebody sets their password. A
    former link stops working; their old password works until a new one is set.

    Raises ``NotFoundError``, and ``ConflictError`` for somebody who is shut out.
    """
    row = user_row(record, user_id)
    if row.removed_at is not None:
        raise ConflictError("They are shut out. Let them in again first.")
    token = secrets.token_urlsafe(24)
    row.invite_hash = token_hash(token)
    row.invite_until = record.now + timedelta(days=INVITE_DAYS)
    return token


def note_own(record: Record, row: UserRow, kind: str, said: str) -> None:
    """Put on record what somebody did of their own sign-in, or what befell it."""
    record.acts.add(kind, Act(record.users.person(row).name, said), row.id, About())


def set_password(record: Record, row: UserRow, password: str) -> None:
    """Set a password; whoever is signed in as that user elsewhere is signed out.

    Raises ``UnusableInputError``.
    """
    row.password_hash = hashed(password)
    row.invite_hash = row.invite_until = row.locked_until = None
    row.wrong_tries = 0
    record.users.end_sessions(row.id)


def user_row(record: Record, user_id: str) -> UserRow:
    """Raises ``NotFoundError``."""
    row = record.users.get(user_id)
    if row is None:
        raise NotFoundError("user")
    return row


def _read(data: Any) -> UserSent:
    refuse_odd_characters(data, one_line=True)
    sent = read(UserSent, data)
    sent = replace(sent, name=(sent.name or "").strip(), email=(sent.email or "").strip())
    must_say("name", sent.name)
    if "@" not in sent.email[1:-1] or " " in sent.email:
        problem = Problem("email", "is no e-mail address; write one such as dana@example.com")
        raise UnusableInputError([problem])
    return sent
