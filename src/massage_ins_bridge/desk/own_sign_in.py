"""How somebody signs in, on their own page: the code of an app beside the password, the codes that
stand in for it, and the browsers in which they are signed in."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from ..domain.reading import Problem, UnusableInputError
from ..store.models import MetaRow
from ..store.record import Record
from ..store.user_models import UserRow
from .errors import ConflictError, NotFoundError
from .passkeys import Place, add_passkey
from .passwords import hashed
from .sign_in import code_step, is_over, recovery_hash
from .users import add_user, change_user, note_own, set_password, user_row

#: RFC 4226, 4: a secret of 160 bits.
SECRET_BYTES = 20
RECOVERY_CODES, RECOVERY_LENGTH = 10, 10
#: Where new codes are kept until they are shown.
_SHOWN = "users.codes"
#: Letters and digits that nobody takes for one another.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Offer:
    """An app's secret that is not in use yet: as people type it, and as apps read it."""

    secret: str
    uri: str

    @property
    def in_groups(self) -> str:
        return " ".join(self.secret[n : n + 4] for n in range(0, len(self.secret), 4))


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A browser in which somebody is signed in; ``here``: it is the one that asks."""

    id: str
    browser: str
    since: datetime
    seen: datetime
    here: bool


@dataclass(frozen=True, slots=True)
class OwnSignIn:
    """How somebody signs in. ``has_password``: else by passkeys alone; ``codes_left``: how many
    codes stand in for the app's."""

    has_password: bool
    has_code: bool
    codes_left: int
    browsers: tuple[SignedIn, ...]


def own_sign_in(record: Record, user_id: str, session_id: str | None) -> OwnSignIn:
    row = user_row(record, user_id)
    return OwnSignIn(
        row.password_hash is not None,
        row.code_sealed is not None,
        len(record.users.recovery(row)),
        tuple(
            SignedIn(one.id, one.browser or "A browser", one.created_at, one.seen_at, here)
            for one in record.users.sessions(user_id)
            if not is_over(record, one)
            for here in [one.id == session_id]
        ),
    )


def has_password(record: Record, user_id: str) -> bool:
    """Whether somebody signs in by a password, too."""
    return user_row(record, user_id).password_hash is not None


def offer(record: Record, user_id: str, clinic: str) -> Offer:
    """A new secret for an app; nothing is kept of it before ``turn_on``."""
    secret = base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()
    return offer_of(record, user_id, clinic, secret)


def offer_of(record: Record, user_id: str, clinic: str, secret: str) -> Offer:
    """The same offer again, for a form that comes back."""
    email = record.users.person(user_row(record, user_id)).email
    label = quote(f"{clinic.replace(':', ' ')}:{email}", safe="@:")
    said = urlencode({"secret": secret, "issuer": clinic}, quote_via=quote)
    return Offer(secret, f"otpauth://totp/{label}?{said}")


def first_owner(record: Record, data: Any, password: str, browser: str) -> str:
    """The token of the first owner's session; who was let in by that e-mail address, and has chosen
    no password, becomes the owner.

    Raises ``UnusableInputError`` with all that is wrong, and ``ConflictError`` where somebody signs
    in already.
    """
    _must_be_first(record)
    problems: list[Problem] = []
    try:
        row = _owner(record, data)
    except UnusableInputError as error:
        problems += error.problems
    try:
        known = hashed(password)
    except UnusableInputError as error:
        problems += error.problems
    if problems:
        raise UnusableInputError(problems)
    row.password_hash = known
    note_own(record, row, "user-added", "Is the owner.")
    return record.users.begin_session(row.id, browser)[1]


def first_owner_by_passkey(
    record: Record, data: Any, place: Place, sent: Mapping[str, str], browser: str
) -> str:
    """The same for an owner with a passkey in the place of a password (``passkeys.add_passkey``).
    Raises as ``first_owner`` does."""
    _must_be_first(record)
    row = _owner(record, data)
    add_passkey(record, row.id, place, sent, first=True)
    note_own(record, row, "user-added", "Is the owner, by a passkey.")
    return record.users.begin_session(row.id, browser)[1]


def _must_be_first(record: Record) -> None:
    if record.users.any():
        raise ConflictError("There is an owner already: sign in.")


def _owner(record: Record, data: Any) -> UserRow:
    row = record.users.by_email(str(data.get("email") or ""))
    if row is not None and row.removed_at is None:
        return change_user(record, row.id, data)
    return add_user(record, data)


def change_password(record: Record, user_id: str, password: str) -> None:
    """Set somebody's password on their own word; they are signed out everywhere. Raises
    ``UnusableInputError``."""
    row = user_row(record, user_id)
    set_password(record, row, password)
    note_own(record, row, "password-set", "Changed the password.")


def turn_on(record: Record, user_id: str, secret: str, code: str) -> tuple[str, ...]:
    """Ask for an app's code from now on; the codes that stand in for it, shown this once.

    Raises ``UnusableInputError`` for a code that is not the app's, or was used already.
    """
    row = user_row(record, user_id)
    raw = _secret(secret)
    if raw is None:
        raise UnusableInputError([Problem("code", "open this page again: its secret is not whole")])
    step = code_step(raw, code)
    if step is None:
        said = "does not fit; wait for the next one, and see that the phone's clock is right"
        raise UnusableInputError([Problem("code", said)])
    if row.code_step is not None and step <= row.code_step:
        raise UnusableInputError([Problem("code", "was used already; wait for the next one")])
    record.users.set_code(row, raw)
    row.code_step = step
    note_own(record, row, "app-on", "Has an app whose code is asked for.")
    return _new_codes(record, row)


def turn_off(record: Record, user_id: str) -> None:
    """Ask for no code any more."""
    row = user_row(record, user_id)
    record.users.set_code(row, None)
    note_own(record, row, "app-off", "Is asked for no code any more.")


def renew_codes(record: Record, user_id: str) -> tuple[str, ...]:
    """New codes that stand in for the app's; the former ones are good no more. Raises
    ``NotFoundError``."""
    row = user_row(record, user_id)
    if row.code_sealed is None:
        raise NotFoundError("app")
    note_own(record, row, "codes-renewed", "Has new codes that stand in for the app's.")
    return _new_codes(record, row)


def forget_app(record: Record, user_id: str) -> None:
    """For somebody who has lost both app and codes: their password alone suffices again. Whoever
    is signed in as them is signed out. Raises ``NotFoundError``."""
    row = user_row(record, user_id)
    record.users.set_code(row, None)
    record.users.end_sessions(user_id)


def end_session(record: Record, user_id: str, session_id: str) -> None:
    """Sign somebody out of one browser. Raises ``NotFoundError``."""
    found = next((one for one in record.users.sessions(user_id) if one.id == session_id), None)
    if found is None:
        raise NotFoundError("browser that is signed in")
    found.ended_at = record.now


def keep_to_show(record: Record, user_id: str, codes: Sequence[str]) -> None:
    """Keep new codes, sealed, until the next page shows them."""
    sealed = record.vault.seal_json(" ".join(codes), record.place(_SHOWN))
    value = base64.b64encode(sealed).decode()
    record.session.merge(MetaRow(clinic=record.clinic, name=f"{_SHOWN}:{user_id}", value=value))


def take_to_show(record: Record, user_id: str) -> tuple[str, ...]:
    """The codes that were kept so; they are forgotten by it. None where they were shown already."""
    row = record.session.get(MetaRow, (record.clinic, f"{_SHOWN}:{user_id}"))
    if row is None:
        return ()
    said = record.vault.open_json(base64.b64decode(row.value), record.place(_SHOWN))
    record.session.delete(row)
    return tuple(str(said).split())


def _secret(text: str) -> bytes | None:
    try:
        raw = base64.b32decode(text)
    except ValueError:
        return None
    return raw if len(raw) == SECRET_BYTES else None


def _new_codes(record: Record, row: UserRow) -> tuple[str, ...]:
    made = [
        "".join(secrets.choice(_ALPHABET) for _ in range(RECOVERY_LENGTH))
        for _ in range(RECOVERY_CODES)
    ]
    record.users.set_recovery(row, [recovery_hash(code) for code in made])
    half = RECOVERY_LENGTH // 2
    return tuple(f"{code[:half]}-{code[half:]}" for code in made)
