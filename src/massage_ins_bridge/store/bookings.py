"""Bookings as the platform gave them last; an older state never overwrites a newer one."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from .models import BookingRow
from .types import new_id
from .vault import Vault

#: The platform's states in which a booking can stand.
LIVE = ("pending", "accepted")
#: The states after a visit's time, which stay unless the booking is moved or cancelled.
DONE = ("completed", "no-show")
ENDED = ("cancelled", "rejected")


@dataclass(frozen=True, slots=True)
class Details:
    """What is personal in a booking. ``payer`` is billed by choice of the client (or staff),
    ``billed`` is the payer that the last decision found. ``by_staff``: staff chose payer and
    self-pay, and the platform's word no longer changes them."""

    service_ref: str | None = None
    service: str | None = None
    self_pay: bool | None = None
    payer: str | None = None
    billed: str | None = None
    claim_number: str | None = None
    practitioner_ref: str | None = None
    answers: dict[str, str] = field(default_factory=dict)
    by_staff: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """A booking's state on the platform, ready to be stored."""

    account: str
    ref: str
    status: str
    start: datetime
    end: datetime | None
    version: datetime | None
    recurring: bool
    previous_ref: str | None


@dataclass(frozen=True, slots=True)
class Refreshed:
    """``stale``: an older state, ignored. ``before``: the platform's state until now."""

    stale: bool
    before: str


class Bookings:
    """The bookings of one clinic, within one transaction."""

    def __init__(self, session: Session, vault: Vault, clinic: str) -> None:
        self._session = session
        self._vault = vault
        self._clinic = clinic

    def by_ref(self, account: str, ref: str) -> BookingRow | None:
        return self._session.scalar(
            select(BookingRow).where(
                BookingRow.clinic == self._clinic,
                BookingRow.account == account,
                BookingRow.ref == ref,
            )
        )

    def get(self, booking_id: str) -> BookingRow | None:
        row = self._session.get(BookingRow, booking_id)
        return row if row is not None and row.clinic == self._clinic else None

    def of_patient(self, patient_id: str) -> list[BookingRow]:
        """All bookings of a client, by start, then by arrival."""
        query = select(BookingRow).where(
            BookingRow.clinic == self._clinic, BookingRow.patient_id == patient_id
        )
        return list(self._session.scalars(query.order_by(BookingRow.start_at, BookingRow.seq)))

    def add(self, seen: Seen, patient_id: str, details: Details, now: datetime) -> BookingRow:
        arrived = select(func.max(BookingRow.seq)).where(BookingRow.patient_id == patient_id)
        last = self._session.scalar(arrived) or 0
        row = BookingRow(
            id=new_id("bkg"),
            clinic=self._clinic,
            account=seen.account,
            ref=seen.ref,
            patient_id=patient_id,
            seq=last + 1,
            round=1,
            start_at=seen.start,
            end_at=seen.end,
            platform_status=seen.status,
            version=seen.version,
            recurring=seen.recurring,
            previous_ref=seen.previous_ref,
            details_sealed=self.seal(details),
            created_at=now,
            updated_at=now,
        )
        successor = self._successor(seen)
        if successor is not None:  # the news of its being moved came before it did
            row.platform_status, row.replaced_by = "replaced", successor.id
        self._session.add(row)
        self._session.flush()
        return row

    def refresh(self, row: BookingRow, seen: Seen, now: datetime) -> Refreshed:
        """Bring a known booking to the state seen, unless that is older than the one stored."""
        before = row.platform_status
        older = seen.version and row.version and seen.version < row.version
        if seen.version and seen.version == row.version and seen.status in LIVE:
            older = older or before in ENDED  # of two at the same moment the end came second
        if older or before == "replaced" or _known(row, seen):
            return Refreshed(True, before)
        moved = row.start_at != seen.start
        status = seen.status
        if not moved and before in DONE and status in LIVE:
            status = before  # platforms go on saying "accepted" after the visit
        if not moved and (before, status) == ("accepted", "pending"):
            status = before  # news from before our own confirmation; no platform takes one back
        if moved:
            row.round += 1
            row.outcome = row.hold_state = None
            row.told_begun = False
        row.start_at, row.end_at = seen.start, seen.end
        row.platform_status = status
        row.version = seen.version or row.version
        row.recurring = seen.recurring or row.recurring
        row.previous_ref = seen.previous_ref or row.previous_ref
        row.updated_at = now
        return Refreshed(False, before)

    def replace_previous(self, row: BookingRow, now: datetime) -> BookingRow | None:
        """The booking that ``row`` was moved from stands no longer; it is returned."""
        if not row.previous_ref or row.previous_ref == row.ref:
            return None
        old = self.by_ref(row.account, row.previous_ref)
        if old is None or old.platform_status == "replaced":
            return old
        old.platform_status, old.replaced_by, old.updated_at = "replaced", row.id, now
        return old

    def details(self, row: BookingRow) -> Details:
        data: dict[str, Any] = self._vault.open_json(row.details_sealed, self._place())
        return Details(**data)

    def put_details(self, row: BookingRow, details: Details) -> None:
        row.details_sealed = self.seal(details)

    def seal(self, details: Details) -> bytes:
        return self._vault.seal_json(asdict(details), self._place())

    def _successor(self, seen: Seen) -> BookingRow | None:
        return self._session.scalar(
            select(BookingRow).where(
                BookingRow.clinic == self._clinic,
                BookingRow.account == seen.account,
                BookingRow.previous_ref == seen.ref,
                BookingRow.ref != seen.ref,
            )
        )

    def _place(self) -> str:
        return f"bookings.details:{self._clinic}"


def _known(row: BookingRow, seen: Seen) -> bool:
    """Whether a state is word for word the one that was decided last."""
    return (
        row.outcome is not None
        and seen.version is not None
        and (row.version, row.platform_status) == (seen.version, seen.status)
        and (row.start_at, row.end_at) == (seen.start, seen.end)
    )


def stands(row: BookingRow) -> bool:
    """Whether a booking takes a place: live on the platform, and held or allowed."""
    return row.platform_status in LIVE and row.outcome in ("allow", "hold")


def overdue(session: Session, today: Any, now: datetime) -> list[BookingRow]:
    """Standing bookings that a deadline has passed for since they were decided, and those whose
    time has come without staff having been told."""
    return list(
        session.scalars(
            select(BookingRow).where(
                BookingRow.platform_status.in_(LIVE),
                BookingRow.outcome.in_(("allow", "hold")),
                or_(
                    and_(BookingRow.next_due < today, BookingRow.start_at > now),
                    and_(BookingRow.start_at <= now, BookingRow.told_begun.is_(False)),
                ),
            )
        )
    )
