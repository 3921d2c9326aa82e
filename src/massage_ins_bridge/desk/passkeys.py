"""Passkeys (WebAuthn, https://www.w3.org/TR/webauthn-3/): adding one to somebody's sign-in, and
signing in with it. The browser's answers are judged by the library ``webauthn``; each challenge is
good once, for some minutes, and is sealed in the form that carries it."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete

from ..domain.reading import Problem, UnusableInputError
from ..store.models import MetaRow
from ..store.record import Record
from ..store.user_models import PasskeyRow, UserRow
from ..store.vault import SealError
from .errors import ConflictError, NotFoundError
from .sign_in import SignInError, begin
from .users import user_row

#: How long somebody has for an answer.
GOOD_FOR = timedelta(minutes=10)
MOST_PASSKEYS, MOST_LABEL = 20, 60
_SPENT = "passkey:"
_PLACE = "passkeys.challenge"
#: For whom a passkey is made that is to let in the first owner, whom nobody knows yet.
_FIRST = "first-owner"
#: Before the user whom a passkey has confirmed.
_CONFIRMED = "confirmed:"
#: ES256, Ed25519 and RS256, which all authenticators speak one of.
_ALGORITHMS = (-7, -8, -257)
_UNKNOWN = "That passkey is not known here. Sign in with your password."
_ONLY_WAY = "It is the only way in: a password has to be chosen first, by a link that works once."
_OVER = "That took too long, or was sent twice. Open the page again."


@dataclass(frozen=True, slots=True)
class Place:
    """Where the browser is: the name that passkeys are bound to, and the address as it says it."""

    name: str
    origin: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the browser is asked, as JSON, and what the form carries back beside its answer."""

    options: str
    token: str


@dataclass(frozen=True, slots=True)
class Passkey:
    """One of somebody's passkeys, as their page shows it."""

    id: str
    label: str
    created_at: datetime
    used_at: datetime | None


def list_passkeys(record: Record, user_id: str) -> tuple[Passkey, ...]:
    return tuple(
        Passkey(row.id, row.label, row.created_at, row.used_at)
        for row in record.users.passkeys(user_id)
    )


def ask_to_add(record: Record, user_id: str, place: Place, clinic: str) -> Asked:
    """What the browser is asked to make a passkey."""
    person = record.users.person(user_row(record, user_id))
    user = {"id": _text(user_id.encode()), "name": person.email, "displayName": person.name}
    known = [{"type": "public-key", "id": row.credential} for row in record.users.passkeys(user_id)]
    return _asked_to_make(record, place, clinic, user, known, user_id)


def ask_first_owner(record: Record, place: Place, clinic: str) -> Asked:
    """What the browser is asked of whoever sets up the desk; it fills in who they say they are."""
    user = {"id": _text(secrets.token_bytes(16)), "name": "", "displayName": ""}
    return _asked_to_make(record, place, clinic, user, [], _FIRST)


def _asked_to_make(
    record: Record,
    place: Place,
    clinic: str,
    user: Mapping[str, str],
    known: Sequence[Mapping[str, str]],
    who: str,
) -> Asked:
    challenge = secrets.token_bytes(32)
    options = {
        "rp": {"id": place.name, "name": clinic},
        "user": user,
        "challenge": _text(challenge),
        "pubKeyCredParams": [{"type": "public-key", "alg": alg} for alg in _ALGORITHMS],
        "timeout": int(GOOD_FOR.total_seconds() * 1000),
        "excludeCredentials": known,
        "authenticatorSelection": {
            "residentKey": "required",
            "requireResidentKey": True,
            "userVerification": "required",
        },
        "attestation": "none",
    }
    return Asked(json.dumps(options), _token(record, challenge, who))


def ask_to_sign_in(record: Record, place: Place) -> Asked:
    """What the browser is asked to sign in with any passkey of this place."""
    challenge = secrets.token_bytes(32)
    options = {
        "challenge": _text(challenge),
        "timeout": int(GOOD_FOR.total_seconds() * 1000),
        "rpId": place.name,
        "allowCredentials": [],
        "userVerification": "required",
    }
    return Asked(json.dumps(options), _token(record, challenge, ""))


def add_passkey(
    record: Record, user_id: str, place: Place, sent: Mapping[str, str], *, first: bool = False
) -> PasskeyRow:
    """Add the passkey that a browser has made (``answer``, with its ``token``), under a ``label``;
    ``first``: it was asked for by ``ask_first_owner``.

    Raises ``UnusableInputError``.
    """
    from webauthn import verify_registration_response
    from webauthn.helpers.exceptions import WebAuthnException

    label = sent.get("label", "").strip()[:MOST_LABEL] or "Passkey"
    if len(record.users.passkeys(user_id)) >= MOST_PASSKEYS:
        raise _wrong("label", f"There are {MOST_PASSKEYS} already; remove one first.")
    challenge = _spend(record, sent.get("token", ""), _FIRST if first else user_id)
    if challenge is None:
        raise _wrong("label", _OVER)
    try:
        made = verify_registration_response(
            credential=sent.get("answer", ""),
            expected_challenge=challenge,
            expected_rp_id=place.name,
            expected_origin=place.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        raise _wrong("label", "The browser made no passkey that can be used. Try again.") from None
    credential = _text(made.credential_id)
    if record.users.passkey(credential) is not None:
        raise _wrong("label", "This passkey is here already.")
    return record.users.add_passkey(
        user_id, credential, made.credential_public_key, made.sign_count, label
    )


def sign_in_by_passkey(record: Record, place: Place, token: str, answer: str, browser: str) -> str:
    """The token of a new session. A passkey asks its owner for a finger, a face or a code, so that
    nothing else is asked. Raises ``SignInError``."""
    return begin(record, _shown_by(record, place, token, answer), browser)


def confirm_by_passkey(record: Record, user_id: str, place: Place, sent: Mapping[str, str]) -> str:
    """A word that it is they who sit there, by a passkey of theirs; good for one further passkey
    in the next minutes (``is_confirmed``). Raises ``UnusableInputError``."""
    try:
        user = _shown_by(record, place, sent.get("token", ""), sent.get("answer", ""))
    except SignInError as error:
        raise _wrong("passkey", str(error)) from None
    if user.id != user_id:
        raise _wrong("passkey", "That passkey is somebody else's.")
    return _token(record, secrets.token_bytes(32), _CONFIRMED + user_id)


def must_be_confirmed(record: Record, user_id: str, word: str) -> None:
    """Spend such a word. Raises ``UnusableInputError`` where it is none of theirs, or over."""
    if _spend(record, word, _CONFIRMED + user_id) is None:
        raise _wrong("passkey", "Confirm once more that it is you, with your passkey.")


def _shown_by(record: Record, place: Place, token: str, answer: str) -> UserRow:
    """Whose passkey answers. Raises ``SignInError``."""
    from webauthn import verify_authentication_response
    from webauthn.helpers.exceptions import WebAuthnException

    challenge = _spend(record, token, "")
    if challenge is None:
        raise SignInError(_OVER)
    row = record.users.passkey(_credential(answer))
    user = record.users.get(row.user_id) if row is not None else None
    if row is None or user is None or user.removed_at is not None:
        raise SignInError(_UNKNOWN)
    try:
        done = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=place.name,
            expected_origin=place.origin,
            credential_public_key=row.public_key,
            credential_current_sign_count=row.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        raise SignInError("That passkey was not taken. Try again, or use your password.") from None
    row.sign_count, row.used_at = done.new_sign_count, record.now
    return user


def rename_passkey(record: Record, user_id: str, passkey_id: str, label: str) -> None:
    """Raises ``NotFoundError`` and ``UnusableInputError``."""
    row = _own(record, user_id, passkey_id)
    if not label.strip():
        raise _wrong("label", "is missing; write what you call it")
    row.label = label.strip()[:MOST_LABEL]


def remove_passkey(record: Record, user_id: str, passkey_id: str) -> str:
    """Let nobody in by it any more; what it was called. Raises ``NotFoundError``, and
    ``ConflictError`` for the only way in of somebody without a password."""
    row = _own(record, user_id, passkey_id)
    alone = len(record.users.passkeys(user_id)) == 1
    if alone and user_row(record, user_id).password_hash is None:
        raise ConflictError(_ONLY_WAY)
    record.session.delete(row)
    return row.label


def _own(record: Record, user_id: str, passkey_id: str) -> PasskeyRow:
    found = next((r for r in record.users.passkeys(user_id) if r.id == passkey_id), None)
    if found is None:
        raise NotFoundError("passkey of yours")
    return found


def _wrong(path: str, message: str) -> UnusableInputError:
    return UnusableInputError([Problem(path, message)])


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _credential(answer: str) -> str:
    try:
        data: Any = json.loads(answer)
    except ValueError:
        return ""
    found = data.get("id") if isinstance(data, dict) else None
    return found if isinstance(found, str) else ""


def _token(record: Record, challenge: bytes, user_id: str) -> str:
    said = {"challenge": challenge.hex(), "user": user_id, "at": record.now.isoformat()}
    return _text(record.vault.seal_json(said, record.place(_PLACE)))


def _spend(record: Record, token: str, user_id: str) -> bytes | None:
    """The challenge of a token that was made for that user and was not used yet; it is now."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        said = record.vault.open_json(raw, record.place(_PLACE))
    except (SealError, ValueError):
        return None
    made = datetime.fromisoformat(said["at"])
    if said["user"] != user_id or not timedelta() <= record.now - made <= GOOD_FOR:
        return None
    name = _SPENT + hashlib.sha256(bytes.fromhex(said["challenge"])).hexdigest()
    if record.session.get(MetaRow, (record.clinic, name)) is not None:
        return None
    old = (record.now - 2 * GOOD_FOR).isoformat()
    spent = (MetaRow.clinic == record.clinic, MetaRow.name.startswith(_SPENT), MetaRow.value < old)
    record.session.execute(delete(MetaRow).where(*spent))
    record.session.add(MetaRow(clinic=record.clinic, name=name, value=record.now.isoformat()))
    return bytes.fromhex(said["challenge"])
