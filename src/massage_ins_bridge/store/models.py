"""The tables. Every row names its clinic; what is personal stands in ``…_sealed`` columns only."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    Boolean,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from .types import KINDS, NAMES, PlatformRef, Serial

_MOVED = text("previous_ref IS NOT NULL")
_REPLACED = text("replaced_by IS NOT NULL")


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = KINDS


#: In a column's ``info``: the place that its values are bound to, where that is another one.
SEALED_IN = "sealed_in"


class Row:
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    clinic: Mapped[str] = mapped_column(String(64))


class DeliveryRow(Row, Base):
    """What came in, as it came. ``raw_sealed`` is emptied when the retention time is over, and
    at once where it speaks of no booking of the clinic's.

    ``done_at`` with ``result`` is the receipt: the delivery has been dealt with. It is written in
    the deciding transaction. ``result``: ``decided``, ``unchanged``, ``nothing`` or ``task``.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("clinic", "account", "key_hash"),
        Index("ix_deliveries_done_at", "done_at"),
    )
    account: Mapped[str]
    key_hash: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime]
    signed_at: Mapped[datetime | None]
    raw_sealed: Mapped[bytes | None]
    done_at: Mapped[datetime | None]
    result: Mapped[str | None] = mapped_column(String(12))
    booking_id: Mapped[str | None] = mapped_column(String(40))


class PatientRow(Row, Base):
    """A client: the contract's patient record and how to reach them, sealed.

    ``known_as_sealed``: further names, addresses and numbers with which they booked. ``found_by``:
    the form of the keys by which they are found. ``doubtful``: they may be somebody else on file.
    ``merged_into``: the client who is the same person, and holds their chart.
    """

    __tablename__ = "patients"
    facts_sealed: Mapped[bytes]
    contact_sealed: Mapped[bytes]
    known_as_sealed: Mapped[bytes | None]
    found_by: Mapped[int] = mapped_column(Integer, default=0)
    doubtful: Mapped[bool] = mapped_column(Boolean, default=False)
    merged_into: Mapped[str | None] = mapped_column(String(40))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class IdentityRow(Base):
    """A value by which a client is found, as keyed hash. ``kind``: ``person`` (a platform's id of
    them), ``member``, ``claim`` (its number), ``email``, ``phone``, ``name``, ``birth``,
    ``exact``."""

    __tablename__ = "patient_identities"
    __table_args__ = (
        UniqueConstraint("clinic", "kind", "value_hash", "patient_id"),
        Index("ix_patient_identities_patient_id", "patient_id"),
    )
    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    clinic: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(12))
    value_hash: Mapped[str] = mapped_column(String(64))
    patient_id: Mapped[str] = mapped_column(ForeignKey("patients.id"))


class FactRow(Row, Base):
    """One coverage, prescription, authorization, progress report or acknowledgement."""

    __tablename__ = "facts"
    __table_args__ = (Index("ix_facts_patient_id_kind", "patient_id", "kind"),)
    patient_id: Mapped[str] = mapped_column(ForeignKey("patients.id"))
    kind: Mapped[str] = mapped_column(String(20))
    data_sealed: Mapped[bytes]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class VisitRow(Row, Base):
    """One completed visit, from whatever door it became known.

    ``booking_id``: the booking that it was, where there is one. ``filed_by``: ``staff`` (or a
    program with a key) wrote it down, or it is the ``booking`` that was marked completed. ``day``
    is the clinic's; ``data_sealed`` is the visit in the contract's shape. ``claim_state``:
    ``open`` until the visit is billed.
    """

    __tablename__ = "visits"
    __table_args__ = (
        Index("ix_visits_patient_id", "patient_id"),
        UniqueConstraint("booking_id"),
    )
    patient_id: Mapped[str] = mapped_column(ForeignKey("patients.id"))
    booking_id: Mapped[str | None] = mapped_column(ForeignKey("bookings.id"))
    filed_by: Mapped[str] = mapped_column(String(8))
    day: Mapped[date | None]
    data_sealed: Mapped[bytes | None] = mapped_column(info={SEALED_IN: "facts.data"})
    claim_state: Mapped[str] = mapped_column(String(12), default="open")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class BookingRow(Row, Base):
    """A platform's booking as last seen, and what was decided of it.

    ``arrival`` is the order of arrival among the client's bookings. ``revision`` grows when a
    booking is moved, so that each revision has writes of its own. ``version`` is the platform's own
    and opaque. ``looked_at``: our time at which the platform's state was last read; ``told_at``:
    the platform's sending time of the last delivery whose word was taken. The two are never
    compared. ``to_read``: what stands here was only told, or contradicts what was told: it is to
    be read (again), and nothing that cannot be taken back rests on it. ``begun_told``: staff knows
    that its time came while it was open. ``accepted_by``: who accepted it, where it is accepted:
    ``platform`` (its service asks nobody), ``bridge``, ``person``, or ``unknown``. ``warned_due``:
    the deadline whose refusal staff was warned of. ``stood``: it was there before the bridge
    looked, or while its account observed: staff lets through what is written to it.
    ``details_sealed`` holds service, payer and form answers. ``account`` is empty where no platform
    knows the booking. ``stood_as``: the state in which it was closed by hand, to which it goes
    back. ``called_off_at``: our time at which it was seen to be called off. ``arrived_at``: when
    the client was at the desk.
    """

    __tablename__ = "bookings"
    __table_args__ = (
        UniqueConstraint("clinic", "account", "ref"),
        UniqueConstraint("patient_id", "arrival"),
        Index("ix_bookings_of_client", "clinic", "patient_id", "start_at", "arrival"),
        Index("ix_bookings_by_start", "clinic", "start_at", "id", "outcome", "platform_status"),
        Index(
            "ix_bookings_moved_from",
            "clinic",
            "account",
            "previous_ref",
            sqlite_where=_MOVED,
            postgresql_where=_MOVED,
        ),
        Index(
            "ix_bookings_replaced_by",
            "clinic",
            "replaced_by",
            sqlite_where=_REPLACED,
            postgresql_where=_REPLACED,
        ),
    )
    account: Mapped[str]
    ref: Mapped[str] = mapped_column(PlatformRef)
    patient_id: Mapped[str] = mapped_column(ForeignKey("patients.id"))
    arrival: Mapped[int] = mapped_column(Serial)
    revision: Mapped[int] = mapped_column(Integer, default=1)
    start_at: Mapped[datetime]
    end_at: Mapped[datetime | None]
    platform_status: Mapped[str] = mapped_column(String(12))
    version: Mapped[str | None] = mapped_column(PlatformRef)
    looked_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    to_read: Mapped[bool] = mapped_column(Boolean, default=False)
    recurring: Mapped[bool] = mapped_column(Boolean, default=False)
    previous_ref: Mapped[str | None] = mapped_column(PlatformRef)
    replaced_by: Mapped[str | None] = mapped_column(String(40))
    outcome: Mapped[str | None] = mapped_column(String(8))
    hold_state: Mapped[str | None] = mapped_column(String(12))
    decided_at: Mapped[datetime | None]
    next_due: Mapped[date | None]
    begun_told: Mapped[bool] = mapped_column(Boolean, default=False)
    accepted_by: Mapped[str | None] = mapped_column(String(12))
    warned_due: Mapped[date | None]
    stood: Mapped[bool] = mapped_column(Boolean, default=False)
    stood_as: Mapped[str | None] = mapped_column(String(12))
    called_off_at: Mapped[datetime | None]
    arrived_at: Mapped[datetime | None]
    details_sealed: Mapped[bytes]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class DecisionRow(Row, Base):
    """One decision, whole. Only ever added."""

    __tablename__ = "decisions"
    __table_args__ = (Index("ix_decisions_in_order", "booking_id", "number", "id"),)
    booking_id: Mapped[str] = mapped_column(ForeignKey("bookings.id"))
    number: Mapped[int] = mapped_column(Integer)
    outcome: Mapped[str] = mapped_column(String(8))
    cause: Mapped[str] = mapped_column(String(40))
    decided_at: Mapped[datetime]
    decision_sealed: Mapped[bytes]


class WriteRow(Row, Base):
    """One change that is wanted of a channel. Its id is the idempotency id of every try.

    ``channel``: ``platform``, a change of the booking's state there, or ``notice``, what a platform
    that acts by itself is told beside (later calendar, e-mail, payer). ``subject``: the id of what
    it is about, a booking on both. ``revision``: the booking's; of a notice its own number.
    ``state``: ``waiting`` (for ``due_at``), ``queued``, ``done``, ``observed`` (would have been),
    ``superseded``, ``failed``. ``wanted_at``: when it was last asked for. ``by_clock``: nobody did
    anything, time passed or the rules are newer. ``said_hash``: a keyed hash of what a notice says.
    """

    __tablename__ = "writes"
    __table_args__ = (
        UniqueConstraint("channel", "subject", "revision", "kind"),
        Index("ix_writes_subject", "subject"),
        Index("ix_writes_state", "state"),
    )
    channel: Mapped[str] = mapped_column(String(12))
    account: Mapped[str]
    subject: Mapped[str] = mapped_column(String(40))
    number: Mapped[int] = mapped_column(Integer)
    revision: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12))
    reached: Mapped[str | None] = mapped_column(String(12))
    detail: Mapped[str | None] = mapped_column(String(500))
    reason: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime]
    wanted_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    by_clock: Mapped[bool] = mapped_column(Boolean, default=False)
    done_at: Mapped[datetime | None]
    said_hash: Mapped[str | None] = mapped_column(String(64))


class WordRow(Row, Base):
    """What a member of staff said of a booking; kept for good, and only ever ended.

    ``kind``: ``allow`` or ``block`` (an override), ``stop`` (a refusal), ``now`` (carry it out),
    ``let-through`` (write to a booking that stood before the account enforced). ``until``: when it
    ends by itself. ``said_sealed`` holds who said it and why, and who took it back.
    """

    __tablename__ = "staff_words"
    __table_args__ = (Index("ix_staff_words_booking_id", "booking_id"),)
    booking_id: Mapped[str] = mapped_column(ForeignKey("bookings.id"))
    kind: Mapped[str] = mapped_column(String(12))
    until: Mapped[datetime | None]
    said_sealed: Mapped[bytes]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ApiKeyRow(Row, Base):
    __tablename__ = "api_keys"
    __table_args__ = (UniqueConstraint("key_hash"), UniqueConstraint("clinic", "name"))
    name: Mapped[str]
    key_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class MetaRow(Base):
    """Small things to remember, such as how far an account was reconciled."""

    __tablename__ = "meta"
    clinic: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    value: Mapped[str] = mapped_column(String(400))
