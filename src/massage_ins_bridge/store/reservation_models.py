"""The table of what platforms asked before they booked, and of the visits that were reserved."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .models import Base, Row
from .types import PlatformRef


class ReservationRow(Row, Base):
    """One question of a platform, with the answer that it got.

    ``key_hash`` is the caller's key of the question, ``asked_hash`` the question itself, both as
    keyed hashes. ``until``: a visit of the client is reserved until then; without it none is.
    ``patient_id`` is empty where it is not certain who the client is. ``ref``: the platform's name
    of the booking, where it gave one; ``previous_ref`` that of the booking which is to be moved.
    ``booking_id``: the booking that followed, which counts in its place. ``awaited``: a booking is
    held because of it, and is decided again when it is over. ``asked_sealed`` holds what the
    booking would be, ``answer_sealed`` the answer.
    """

    __tablename__ = "reservations"
    __table_args__ = (
        UniqueConstraint("clinic", "account", "key_hash"),
        Index("ix_reservations_patient_id", "patient_id"),
        Index("ix_reservations_ref", "clinic", "account", "ref"),
        Index("ix_reservations_created_at", "created_at"),
    )
    account: Mapped[str]
    key_hash: Mapped[str] = mapped_column(String(64))
    asked_hash: Mapped[str] = mapped_column(String(64))
    patient_id: Mapped[str | None] = mapped_column(ForeignKey("patients.id"))
    ref: Mapped[str | None] = mapped_column(PlatformRef)
    previous_ref: Mapped[str | None] = mapped_column(PlatformRef)
    start_at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(String(8))
    asked_sealed: Mapped[bytes]
    answer_sealed: Mapped[bytes]
    until: Mapped[datetime | None]
    given_back_at: Mapped[datetime | None]
    booking_id: Mapped[str | None] = mapped_column(ForeignKey("bookings.id"))
    awaited: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[datetime]
