"""The tables of calendars that are given out, and of what was shown in them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .models import Base, Row


class CalendarRow(Row, Base):
    """A calendar that programs read at an address of its own. ``kind``: ``visits`` (of one
    ``practitioner``, by their key, or of everybody) or ``deadlines``. ``token_hash`` is the keyed
    hash of what stands in the address, which is not kept."""

    __tablename__ = "calendars"
    __table_args__ = (UniqueConstraint("token_hash"), UniqueConstraint("clinic", "name"))
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(String(12))
    practitioner: Mapped[str | None]
    token_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    rotated_at: Mapped[datetime | None]


class CalendarEntryRow(Row, Base):
    """What was last shown of a booking or a task (``subject``): a keyed hash of it, how often it
    has changed, and when it did last."""

    __tablename__ = "calendar_entries"
    __table_args__ = (UniqueConstraint("clinic", "subject"),)
    subject: Mapped[str] = mapped_column(String(60))
    shown_hash: Mapped[str] = mapped_column(String(64))
    sequence: Mapped[int] = mapped_column(Integer)
    changed_at: Mapped[datetime]
