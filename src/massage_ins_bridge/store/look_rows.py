"""The tables of what is to be looked at on a platform. They name no person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .models import Base
from .types import PlatformRef


class LookRow(Base):
    """A booking of a platform that is to be read (again), whether or not it is on record.

    ``event``: what the platform told of it last (a ``HintKind``). ``tries``: how many looks there
    were. ``absent``: the last of them did not find it. Deleted when nothing is left to look for.
    """

    __tablename__ = "looks"
    __table_args__ = (
        UniqueConstraint("clinic", "account", "ref"),
        Index("ix_looks_due_at", "due_at"),
    )
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    clinic: Mapped[str] = mapped_column(String(64))
    account: Mapped[str]
    ref: Mapped[str] = mapped_column(PlatformRef)
    event: Mapped[str] = mapped_column(String(12))
    tries: Mapped[int] = mapped_column(Integer, default=0)
    absent: Mapped[bool] = mapped_column(Boolean, default=False)
    due_at: Mapped[datetime]
    created_at: Mapped[datetime]


class FirstLookRow(Base):
    """How far the look at all bookings of an account is; it only observes until ``done_at``.

    ``platform`` names what the account was connected to: another platform is looked at anew.
    ``cursor`` is where the next page begins; ``said`` why the last page did not come. ``past``:
    how many of the bookings ``taken`` in had begun.
    """

    __tablename__ = "first_looks"
    clinic: Mapped[str] = mapped_column(String(64), primary_key=True)
    account: Mapped[str] = mapped_column(String(200), primary_key=True)
    platform: Mapped[str] = mapped_column(String(300))
    wanted_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    cursor: Mapped[str | None] = mapped_column(Text)
    taken: Mapped[int] = mapped_column(Integer, default=0)
    past: Mapped[int] = mapped_column(Integer, default=0)
    said: Mapped[str | None] = mapped_column(String(500))
