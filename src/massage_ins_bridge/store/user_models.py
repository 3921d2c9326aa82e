"""The tables of who works at the desk, and of what they saw and did."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .models import Base, Row


class UserRow(Row, Base):
    """Somebody who signs in. ``role``: ``owner``, ``front-desk``, ``therapist`` or ``read-only``.

    ``person_sealed`` holds name, e-mail address and which of the clinic's practitioners they are;
    ``email_hash`` finds them. ``code_sealed``: the secret of their authenticator app, of which the
    newest code that was taken was that of ``code_step``; ``recovery_sealed``: hashes of the codes
    that stand in for it, each once.
    ``wrong_tries`` counts failed sign-ins since the last good one; ``locked_until`` shuts them out
    meanwhile. ``invite_hash``: of a link that works once, by which they set their password.
    """

    __tablename__ = "users"
    __table_args__ = (UniqueConstraint("clinic", "email_hash"),)
    role: Mapped[str] = mapped_column(String(12))
    person_sealed: Mapped[bytes]
    email_hash: Mapped[str] = mapped_column(String(64))
    password_hash: Mapped[str | None]
    code_sealed: Mapped[bytes | None]
    code_step: Mapped[int | None] = mapped_column(Integer)
    recovery_sealed: Mapped[bytes | None]
    invite_hash: Mapped[str | None] = mapped_column(String(64))
    invite_until: Mapped[datetime | None]
    wrong_tries: Mapped[int] = mapped_column(Integer, default=0)
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class PasskeyRow(Row, Base):
    """One passkey (WebAuthn) of a user. ``credential``: its id as the browser names it;
    ``public_key`` as COSE bytes; ``sign_count``: the authenticator's own counter."""

    __tablename__ = "passkeys"
    __table_args__ = (UniqueConstraint("credential"), Index("ix_passkeys_user_id", "user_id"))
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    credential: Mapped[str] = mapped_column(String(1400))
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(Integer, default=0)
    label: Mapped[str]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SessionRow(Row, Base):
    """A browser in which a user is signed in, found by the hash of its cookie. ``kept_sealed``: a
    form that was sent after the session was over, with its files; read only where it is asked for.
    ``browser``: which, as it says of itself."""

    __tablename__ = "sessions"
    __table_args__ = (UniqueConstraint("token_hash"), Index("ix_sessions_user_id", "user_id"))
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    token_hash: Mapped[str] = mapped_column(String(64))
    kept_sealed: Mapped[bytes | None] = mapped_column(deferred=True)
    browser: Mapped[str | None] = mapped_column(String(60))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ActRow(Row, Base):
    """What somebody at the desk did or saw; kept for good.

    ``kind``: what it was, such as ``saw-client`` or ``arrived``. ``once``: the hash of the form it
    came by, which is spent with it. ``act_sealed``: who, in which words, and how it is undone.
    """

    __tablename__ = "acts"
    __table_args__ = (
        UniqueConstraint("clinic", "once"),
        Index("ix_acts_clinic_at", "clinic", "at"),
        Index("ix_acts_patient_id_at", "patient_id", "at"),
        Index("ix_acts_booking_id", "booking_id"),
    )
    at: Mapped[datetime]
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str] = mapped_column(String(40))
    patient_id: Mapped[str | None] = mapped_column(ForeignKey("patients.id"))
    booking_id: Mapped[str | None] = mapped_column(ForeignKey("bookings.id"))
    once: Mapped[str | None] = mapped_column(String(64))
    act_sealed: Mapped[bytes]
    undone_at: Mapped[datetime | None]
