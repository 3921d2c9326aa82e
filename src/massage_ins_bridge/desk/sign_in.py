"""Signing in and out, and who a browser belongs to."""

from __future__ import annotations

import hmac
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as hour
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from ..domain.days import local_day
from ..domain.reading import Problem, UnusableInputError
from ..store.record import Record
from ..store.user_models import SessionRow, UserRow
from ..store.users import token_hash
from .errors import DeskError, NotFoundError
from .installation import Installation
from .passwords import fits
from .roles import Person
from .say import counted
from .users import note_own, set_password

#: After so many failed tries somebody is shut out, for minutes that double with each further one.
TRIES, FIRST_MINUTES, MOST_MINUTES = 5, 1, 60
#: A browser that nobody touches is signed out; all are, each night.
QUIET_MINUTES = 30
#: An authenticator app's code (RFC 6238): six digits, of which each lasts half a minute.
CODE_DIGITS, CODE_SECONDS = 6, 30
#: Of the hash that forms carry so many characters do, 128 bits.
CSRF_LENGTH = 32
#: The same whoever is meant, and also while they are shut out: it tells nobody who may sign in.
_WRONG = (
    f"That email and password do not go together. After {TRIES} wrong tries wait some minutes, or "
    "ask the owner for a new link."
)


_TOO_OFTEN = "Too many wrong tries; wait some minutes."


class SignInError(DeskError):
    """Somebody is not let in; ``needs_code``: what is missing is the code of their app."""

    def __init__(self, words: str, *, needs_code: bool = False) -> None:
        super().__init__(words)
        self.needs_code = needs_code


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody signs in with; ``browser``: in which, as people call it."""

    email: str
    password: str
    code: str = ""
    browser: str = ""


def sign_in(installation: Installation, clinic: str, entry: Entry) -> str:
    """The token of a new session. A failed try counts, although it is refused.

    Raises ``SignInError``, whose words tell nobody who may sign in.
    """
    with installation.read(clinic) as record:
        row = record.users.by_email(entry.email)
        known = row.password_hash if row is not None and row.removed_at is None else None
        shut = row is not None and _is_shut_out(record, row)
    good = fits(entry.password, known) and not shut  # slow on purpose: outside of the transaction
    with installation.write(clinic) as record:
        row = record.users.by_email(entry.email, lock=True)
        failure = _tried(record, row, entry, good=good)
        if failure is None and row is not None:
            return begin(record, row, entry.browser)
    raise failure or SignInError(_WRONG)


def begin(record: Record, row: UserRow, browser: str) -> str:
    """The token of a new session, which is on record."""
    note_own(record, row, "signed-in", f"Signed in{f', {browser}' if browser else ''}.")
    return record.users.begin_session(row.id, browser)[1]


def choose_password(installation: Installation, clinic: str, token: str, entry: Entry) -> str:
    """Set the password that somebody chose by their link, and sign them in. Who has an app is asked
    for its code as well: a link stands in for the password alone.

    Raises ``NotFoundError`` for a link that works no more, ``UnusableInputError``, and
    ``SignInError`` for the code.
    """
    with installation.write(clinic) as record:
        row = record.users.by_invite(token)
        if row is None:
            raise NotFoundError("link")
        failure = _tried(record, row, entry, good=True)
        if failure is None:
            set_password(record, row, entry.password)
            note_own(record, row, "password-set", "Chose a password by a link.")
            return begin(record, row, entry.browser)
    raise failure


def must_know_password(
    installation: Installation, person: Person, password: str, field: str
) -> None:
    """Raises ``UnusableInputError`` at ``field`` where somebody who is signed in does not give
    their password. Wrong tries count as those of signing in do."""
    with installation.read(person.clinic) as record:
        row = record.users.get(person.user_id or "")
        known = row.password_hash if row is not None else None
        shut = row is not None and _is_shut_out(record, row)
    good = fits(password, known)  # slow on purpose: outside of the transaction
    if good and not shut:
        return
    if not shut:
        with installation.write(person.clinic) as record:
            row = record.users.get(person.user_id or "")
            if row is not None:
                _count_wrong(record, row)
    said = _TOO_OFTEN if shut else "That is not your password of now."
    raise UnusableInputError([Problem(field, said)])


def _is_shut_out(record: Record, row: UserRow) -> bool:
    return row.locked_until is not None and row.locked_until > record.now


def _tried(record: Record, row: UserRow | None, entry: Entry, *, good: bool) -> SignInError | None:
    """Count the try; why it fails, where it does."""
    if row is None or row.removed_at is not None:
        return SignInError(_WRONG)
    if _is_shut_out(record, row):
        return SignInError(_WRONG)
    if good:
        secret = record.users.code(row)
        if secret is None or _second_fits(record, row, secret, entry.code):
            row.wrong_tries, row.locked_until = 0, None
            return None
        if not entry.code.strip():
            return SignInError("Enter the code from your app.", needs_code=True)
    left = _count_wrong(record, row)
    if left <= 0 or not good:
        return SignInError(_WRONG)
    tries = "1 try is" if left == 1 else f"{left} tries are"
    return SignInError(f"That code does not fit. {tries} left.", needs_code=True)


def _count_wrong(record: Record, row: UserRow) -> int:
    """Count a wrong try, and shut somebody out after too many; how many are left."""
    row.wrong_tries += 1
    left = TRIES - row.wrong_tries
    if left <= 0:
        minutes = min(FIRST_MINUTES * 2 ** min(-left, 16), MOST_MINUTES)
        row.locked_until = record.now + timedelta(minutes=minutes)
        said = f"Was shut out for {counted(minutes, 'minute')}: {row.wrong_tries} wrong tries."
        note_own(record, row, "shut-out", said)
    return left


def _second_fits(record: Record, row: UserRow, secret: bytes, code: str) -> bool:
    """Whether it is the app's code, which is good once (RFC 6238, 5.2), or one of those that stand
    in for it, which is spent."""
    step = code_step(secret, code)
    if step is not None:
        fresh = step > (row.code_step or 0)
        row.code_step = max(step, row.code_step or 0)
        return fresh
    left, given = record.users.recovery(row), recovery_hash(code)
    if given not in left:
        return False
    record.users.set_recovery(row, [one for one in left if one != given])
    return True


def recovery_hash(code: str) -> str:
    """What is kept of a code that stands in for the app's, however it is typed."""
    return token_hash("".join(c for c in code.casefold() if c.isalnum()))


def code_fits(secret: bytes, code: str, at: float | None = None) -> bool:
    """Whether a code is the app's, of now or of the half minute before or after."""
    return code_step(secret, code, at) is not None


def code_step(secret: bytes, code: str, at: float | None = None) -> int | None:
    """Which half minute's code of the app it is: that of now, the one before or after; ``None`` for
    none of them."""
    given = "".join(code.split())
    app = TOTP(secret, CODE_DIGITS, SHA1(), CODE_SECONDS, enforce_key_length=False)  # noqa: S303 - what the apps use
    now = time.time() if at is None else at
    for step in (0, -1, 1):
        try:
            app.verify(given.encode(), int(now + step * CODE_SECONDS))
        except InvalidToken:
            continue
        return int(now + step * CODE_SECONDS) // CODE_SECONDS
    return None


def who_is(record: Record, token: str) -> tuple[SessionRow, Person] | None:
    """Whose browser it is; ``None`` where it is signed out, or its user was removed."""
    session = record.users.session(token)
    if session is None or is_over(record, session):
        return None
    user = record.users.get(session.user_id)
    if user is None or user.removed_at is not None:
        return None
    person = record.users.person(user)
    return session, Person(
        clinic=record.clinic,
        name=person.name,
        role=user.role,  # type: ignore[arg-type]
        user_id=user.id,
        practitioner=person.practitioner,
    )


def is_over(record: Record, session: SessionRow) -> bool:
    """Whether a session was ended, by its person, by quiet or by the night."""
    quiet = record.now - session.seen_at > timedelta(minutes=QUIET_MINUTES)
    night = local_day(session.created_at, record.zone) != record.today
    return session.ended_at is not None or quiet or night


@dataclass(frozen=True, slots=True)
class SignsOut:
    """In how many seconds somebody is signed out by themselves; ``night``: the day's end does it,
    which nobody can put off."""

    seconds: int
    night: bool


def signs_out(record: Record, session: SessionRow) -> SignsOut:
    """When a session ends where nobody does anything any more."""
    quiet = session.seen_at + timedelta(minutes=QUIET_MINUTES)
    midnight = datetime.combine(record.today + timedelta(days=1), hour(), ZoneInfo(record.zone))
    left = min(quiet, midnight) - record.now
    return SignsOut(max(0, int(left.total_seconds())), midnight <= quiet)


def csrf_of(record: Record, token: str) -> str:
    """What every form of a session carries: no other site can know it."""
    return record.vault.fingerprint(token, record.place("sessions.csrf"))[:CSRF_LENGTH]


def csrf_fits(known: str, given: str) -> bool:
    return hmac.compare_digest(known.encode(), given.encode())
