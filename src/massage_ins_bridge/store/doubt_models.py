"""The tables of doubts who somebody is, and of receipts of what staff settled."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .models import Base, Row


class DoubtRow(Row, Base):
    """That a client may be another one on file; without ``candidate_id``, that nobody can say who
    they are. ``verdict``, once it is settled: ``same`` or ``other``, as staff said, or ``cleared``,
    where staff corrected what had made the doubt."""

    __tablename__ = "doubts"
    __table_args__ = (
        UniqueConstraint("patient_id", "candidate_id"),
        Index("ix_doubts_candidate_id", "candidate_id"),
    )
    patient_id: Mapped[str] = mapped_column(ForeignKey("patients.id"))
    candidate_id: Mapped[str | None] = mapped_column(ForeignKey("patients.id"))
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    verdict: Mapped[str | None] = mapped_column(String(8))


class ReceiptRow(Row, Base):
    """One act of staff with what it changed, by which it is undone. Only ever added; what is undone
    is marked."""

    __tablename__ = "receipts"
    __table_args__ = (Index("ix_receipts_patient_id", "patient_id"),)
    kind: Mapped[str] = mapped_column(String(20))
    patient_id: Mapped[str] = mapped_column(ForeignKey("patients.id"))
    other_id: Mapped[str | None] = mapped_column(ForeignKey("patients.id"))
    booking_id: Mapped[str | None] = mapped_column(ForeignKey("bookings.id"))
    data_sealed: Mapped[bytes]
    created_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
