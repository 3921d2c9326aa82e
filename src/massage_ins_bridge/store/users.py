"""Who works at the desk, and the browsers in which they are signed in."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, or_, select, update

from .scope import Scope
from .types import new_id
from .user_models import PasskeyRow, SessionRow, UserRow

_PERSON = "users.person"
_CODE = "users.code"
_RECOVERY = "users.recovery"
_EMAIL = "users.email"
_HAS_A_WAY = or_(
    UserRow.password_hash.is_not(None), exists().where(PasskeyRow.user_id == UserRow.id)
)
_CAN_SIGN_IN = (UserRow.removed_at.is_(None), _HAS_A_WAY)


@dataclass(frozen=True, slots=True)
class UserPerson:
    """Who a user is; ``practitioner``: the name of the practitioner that they are, for a
    therapist."""

    name: str
    email: str
    practitioner: str | None = None


def token_hash(token: str) -> str:
    """Plain SHA-256 suffices: tokens hold 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


class Users:
    """The users of one clinic, within one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._session = scope.session

    def any(self) -> bool:
        """Whether anybody can sign in: who was let in, and has neither chosen a password nor made a
        passkey, cannot yet."""
        query = select(UserRow.id).where(self._ours, *_CAN_SIGN_IN).limit(1)
        return self._session.scalar(query) is not None

    def all(self) -> list[UserRow]:
        """Everybody who is or was let in, oldest first."""
        query = select(UserRow).where(self._ours).order_by(UserRow.created_at, UserRow.id)
        return list(self._session.scalars(query))

    def get(self, user_id: str) -> UserRow | None:
        row = self._session.get(UserRow, user_id)
        return row if row is not None and row.clinic == self._scope.clinic else None

    def by_email(self, email: str, *, lock: bool = False) -> UserRow | None:
        query = select(UserRow).where(self._ours, UserRow.email_hash == self._email_hash(email))
        return self._session.scalar(query.with_for_update() if lock else query)

    def by_invite(self, token: str) -> UserRow | None:
        """Who a link was made for, while it works."""
        query = select(UserRow).where(self._ours, UserRow.invite_hash == token_hash(token))
        row = self._session.scalar(query.with_for_update())
        if row is None or row.invite_until is None or row.removed_at is not None:
            return None
        return row if row.invite_until > self._scope.now else None

    def any_passkeys(self) -> bool:
        """Whether somebody who is let in signs in by a passkey."""
        query = select(PasskeyRow.id).join(UserRow, PasskeyRow.user_id == UserRow.id)
        found = self._session.scalar(query.where(self._ours, UserRow.removed_at.is_(None)).limit(1))
        return found is not None

    def has_a_way(self, row: UserRow) -> bool:
        """Whether somebody has a password, or a passkey."""
        return row.password_hash is not None or bool(self.passkeys(row.id))

    def owners(self, *, invited: bool = False) -> int:
        """How many owners can sign in, or were ``invited`` to."""
        which = (UserRow.removed_at.is_(None),) if invited else _CAN_SIGN_IN
        query = select(func.count()).where(self._ours, UserRow.role == "owner", *which)
        return self._session.scalar(query) or 0

    def add(self, person: UserPerson, role: str) -> UserRow:
        row = UserRow(
            id=new_id("usr"),
            clinic=self._scope.clinic,
            role=role,
            person_sealed=self._seal(person),
            email_hash=self._email_hash(person.email),
            created_at=self._scope.now,
        )
        self._session.add(row)
        self._session.flush()
        return row

    def person(self, row: UserRow) -> UserPerson:
        place = self._scope.place(_PERSON)
        return UserPerson(**self._scope.vault.open_json(row.person_sealed, place))

    def change(self, row: UserRow, person: UserPerson) -> None:
        row.person_sealed = self._seal(person)
        row.email_hash = self._email_hash(person.email)

    def code(self, row: UserRow) -> bytes | None:
        """The secret of their authenticator app."""
        if row.code_sealed is None:
            return None
        return self._scope.vault.open_bytes(row.code_sealed, self._scope.place(_CODE))

    def set_code(self, row: UserRow, secret: bytes | None) -> None:
        place = self._scope.place(_CODE)
        sealed = None if secret is None else self._scope.vault.seal_bytes(secret, place)
        row.code_sealed, row.code_step = sealed, None
        if secret is None:
            row.recovery_sealed = None

    def recovery(self, row: UserRow) -> list[str]:
        """The hashes of the codes that stand in for the app's, those that are left."""
        if row.recovery_sealed is None:
            return []
        found: list[str] = self._scope.vault.open_json(
            row.recovery_sealed, self._scope.place(_RECOVERY)
        )
        return found

    def set_recovery(self, row: UserRow, hashes: Sequence[str]) -> None:
        place = self._scope.place(_RECOVERY)
        row.recovery_sealed = self._scope.vault.seal_json(list(hashes), place)

    def sessions(self, user_id: str) -> list[SessionRow]:
        """The sessions of somebody that nobody ended, the newest first."""
        query = select(SessionRow).where(
            SessionRow.user_id == user_id, SessionRow.ended_at.is_(None)
        )
        return list(self._session.scalars(query.order_by(SessionRow.created_at.desc())))

    def passkeys(self, user_id: str) -> list[PasskeyRow]:
        """The passkeys of somebody, oldest first."""
        query = select(PasskeyRow).where(
            PasskeyRow.user_id == user_id, PasskeyRow.clinic == self._scope.clinic
        )
        return list(self._session.scalars(query.order_by(PasskeyRow.created_at, PasskeyRow.id)))

    def passkey(self, credential: str) -> PasskeyRow | None:
        """The passkey of an id, as browsers name it."""
        query = select(PasskeyRow).where(
            PasskeyRow.credential == credential, PasskeyRow.clinic == self._scope.clinic
        )
        return self._session.scalar(query)

    def add_passkey(
        self, user_id: str, credential: str, public_key: bytes, sign_count: int, label: str
    ) -> PasskeyRow:
        row = PasskeyRow(
            id=new_id("psk"),
            clinic=self._scope.clinic,
            user_id=user_id,
            credential=credential,
            public_key=public_key,
            sign_count=sign_count,
            label=label,
            created_at=self._scope.now,
        )
        self._session.add(row)
        self._session.flush()
        return row

    def begin_session(self, user_id: str, browser: str = "") -> tuple[SessionRow, str]:
        """A new session with its token, which is not kept; ``browser`` as people call it."""
        token = secrets.token_urlsafe(32)
        row = SessionRow(
            id=new_id("ses"),
            clinic=self._scope.clinic,
            user_id=user_id,
            browser=browser[:60] or None,
            token_hash=token_hash(token),
            created_at=self._scope.now,
            seen_at=self._scope.now,
        )
        self._session.add(row)
        self._session.flush()
        return row, token

    def session(self, token: str) -> SessionRow | None:
        """The session of a token, whether or not it is over."""
        query = select(SessionRow).where(SessionRow.token_hash == token_hash(token))
        row = self._session.scalar(query)
        return row if row is not None and row.clinic == self._scope.clinic else None

    def forget_kept(self, before: datetime) -> None:
        """Empty what is kept of sessions that were over, or last used, before then."""
        last = func.coalesce(SessionRow.ended_at, SessionRow.seen_at)
        ours = SessionRow.clinic == self._scope.clinic
        kept = SessionRow.kept_sealed.is_not(None)
        empty = update(SessionRow).where(ours, kept, last < before).values(kept_sealed=None)
        self._session.execute(empty)

    def end_sessions(self, user_id: str, but: str | None = None) -> None:
        """Sign somebody out everywhere, ``but`` for one session."""
        for row in self.sessions(user_id):
            if row.id != but:
                row.ended_at = self._scope.now

    @property
    def _ours(self) -> ColumnElement[bool]:
        return UserRow.clinic == self._scope.clinic

    def _email_hash(self, email: str) -> str:
        return self._scope.vault.fingerprint(email.strip().casefold(), self._scope.place(_EMAIL))

    def _seal(self, person: UserPerson) -> bytes:
        return self._scope.vault.seal_json(asdict(person), self._scope.place(_PERSON))
