"""The tables of what is to be done for a client: by staff, and by the bridge itself."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .models import Base, Row


class TaskRow(Row, Base):
    """Something for staff. ``matter`` is what it is about, as a keyed hash: it names payers' rules
    beside a client. ``topic`` is the matter for as long as nobody else may raise it, and the row's
    id afterwards.

    ``due``: the day for staff, on which somebody is at the desk; ``last_day``: the rule's own,
    where there is one. ``closed_by``: ``staff``, or ``fact`` where what is on file settled it.
    ``given_to``: the user who sees to it; ``snoozed_until``: the day on which it is shown again.
    """

    __tablename__ = "tasks"
    __table_args__ = (
        Index("ix_tasks_by_due", "clinic", "done_at", "due"),
        Index("ix_tasks_of_booking", "booking_id", "clinic", "done_at", "kind"),
        Index("ix_tasks_patient_id", "patient_id"),
        UniqueConstraint("clinic", "topic"),
    )
    kind: Mapped[str] = mapped_column(String(40))
    topic: Mapped[str] = mapped_column(String(160))
    matter: Mapped[str | None] = mapped_column(String(160))
    patient_id: Mapped[str | None] = mapped_column(ForeignKey("patients.id"))
    booking_id: Mapped[str | None] = mapped_column(ForeignKey("bookings.id"))
    message_sealed: Mapped[bytes]
    due: Mapped[date | None]
    last_day: Mapped[date | None]
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(String(8))
    given_to: Mapped[str | None] = mapped_column(String(40))
    snoozed_until: Mapped[date | None]


class WakeupRow(Row, Base):
    """A client whose standing bookings are to be decided again; written with the new fact."""

    __tablename__ = "wakeups"
    __table_args__ = (Index("ix_wakeups_done_at", "done_at"),)
    patient_id: Mapped[str] = mapped_column(ForeignKey("patients.id"))
    cause: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
