"""The tables of the client's own page: links to it, papers that came in, what was done on it, and
the clinic's own wording of e-mails."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .models import Base, Row


class LinkRow(Row, Base):
    """One address of a client's page: of one booking, or of the client where ``booking_id`` is
    empty. The token itself is not kept. ``made_for``: ``mail``, or who of staff made it is in
    ``made_by_sealed``. A booking's link goes with it where it is moved."""

    __tablename__ = "links"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        Index("ix_links_patient_id", "patient_id"),
        Index("ix_links_booking_id", "booking_id"),
    )
    patient_id: Mapped[str] = mapped_column(ForeignKey("patients.id"))
    booking_id: Mapped[str | None] = mapped_column(ForeignKey("bookings.id"))
    token_hash: Mapped[str] = mapped_column(String(64))
    made_for: Mapped[str] = mapped_column(String(12))
    made_by_sealed: Mapped[bytes | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class DocumentRow(Row, Base):
    """One file of a paper, sealed as it came. ``paper`` is the same for the files that came
    together, ``number`` their order. ``kind``: ``prescription``, ``card``, ``intake``, ``consent``
    or ``other``. ``pages`` is unknown for a PDF of before they were opened. ``created_by``:
    ``client`` or ``staff``. ``state``: ``new`` until somebody has ``filed`` what it says, or found
    it ``unusable``; ``fact_id``: the prescription that they wrote down from it."""

    __tablename__ = "documents"
    __table_args__ = (
        UniqueConstraint("clinic", "patient_id", "kind", "sha256"),
        Index("ix_documents_patient_id", "patient_id"),
        Index("ix_documents_paper", "paper"),
    )
    patient_id: Mapped[str] = mapped_column(ForeignKey("patients.id"))
    booking_id: Mapped[str | None] = mapped_column(ForeignKey("bookings.id"))
    paper: Mapped[str] = mapped_column(String(40))
    number: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(20))
    sha256: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int] = mapped_column(Integer)
    pages: Mapped[int | None] = mapped_column(Integer)
    name_sealed: Mapped[bytes]
    bytes_sealed: Mapped[bytes] = mapped_column(deferred=True)
    created_by: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(8), default="new")
    filed_at: Mapped[datetime | None]
    fact_id: Mapped[str | None] = mapped_column(String(40))


class PageActRow(Row, Base):
    """What a client did on their page, word for word. Only ever added. ``once_hash`` is the form's
    one-time token: a form that is sent twice is one act."""

    __tablename__ = "page_acts"
    __table_args__ = (
        UniqueConstraint("link_id", "once_hash"),
        Index("ix_page_acts_patient_id", "patient_id"),
    )
    link_id: Mapped[str] = mapped_column(ForeignKey("links.id"))
    patient_id: Mapped[str] = mapped_column(ForeignKey("patients.id"))
    booking_id: Mapped[str | None] = mapped_column(ForeignKey("bookings.id"))
    kind: Mapped[str] = mapped_column(String(20))
    once_hash: Mapped[str] = mapped_column(String(64))
    said_sealed: Mapped[bytes]
    created_at: Mapped[datetime]


class MailTextRow(Row, Base):
    """The clinic's own wording of one e-mail in one language, in place of the one shipped."""

    __tablename__ = "mail_texts"
    __table_args__ = (UniqueConstraint("clinic", "name", "language"),)
    name: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(8))
    text_sealed: Mapped[bytes]
    changed_at: Mapped[datetime]
