"""Bookings as the platform gave them last; an older state never overwrites a newer one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from ..domain.vocabulary import Injury, Place
from .models import BookingRow
from .scope import Scope, of_clients
from .types import new_id

#: The platform's states in which a booking can stand.
LIVE = ("pending", "accepted")
#: The states after a visit's time, which stay unless the booking is moved or cancelled.
DONE = ("completed", "no-show")
ENDED = ("cancelled", "rejected")
#: What stands in the place of an account where no platform knows the booking.
NO_ACCOUNT = ""
DETAILS = "bookings.details"
#: What staff alone says of a booking: no platform knows it.
SAID = ("place", "prescription", "episode", "injury")
#: How long a reading may have been under way when a later one was stored. A difference beyond that
#: says that our clock was set back, and nothing of the order.
RACE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Details:
    """What is personal in a booking. ``payer`` is billed by choice of the client (or staff),
    ``billed`` is the payer that the last decision found. ``practitioner``: the key of whoever gives
    it, as the settings name the platform's host, or as staff said. ``place``, ``prescription``,
    ``episode`` and ``injury`` are staff's word alone. ``extra``: fields that
    plugins declare, by plugin. ``by_staff``: staff chose payer and self-pay,
    and the platform's word no longer changes them. ``person``: who booked, in the platform's words:
    ``name``, ``email``, ``phone``, ``ref``, as far as they are said."""

    service_ref: str | None = None
    service: str | None = None
    self_pay: bool | None = None
    payer: str | None = None
    billed: str | None = None
    claim_number: str | None = None
    practitioner: str | None = None
    place: Place | None = None
    prescription: str | None = None
    episode: str | None = None
    injury: Injury | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    host_refs: tuple[str, ...] = ()
    answers: dict[str, str] = field(default_factory=dict)
    by_staff: bool = False
    person: dict[str, str] = field(default_factory=dict)

    @property
    def insurer(self) -> str | None:
        """Who is billed, as far as it is known; nobody where the client pays."""
        return None if self.self_pay else self.billed or self.payer


@dataclass(frozen=True, slots=True)
class Seen:
    """A booking's state on the platform, ready to be stored.

    It was either read there (``looked_at``: our time when the reading began) or told by a delivery
    (``told_at``: the platform's time of sending). Two clocks: they are never compared. ``to_read``:
    it is to be read (again). ``unmarked``: a no-show is taken back.
    """

    account: str
    ref: str
    status: str
    start: datetime
    end: datetime | None
    version: str | None
    recurring: bool
    previous_ref: str | None
    looked_at: datetime | None = None
    told_at: datetime | None = None
    asks_confirmation: bool | None = None
    to_read: bool = False
    unmarked: bool = False


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What became of a state. ``changed``: it was news, and the booking is to be decided anew.
    ``before``: the platform's state until now."""

    changed: bool
    before: str


class Bookings:
    """The bookings of one clinic, within one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._session = scope.session

    def by_ref(self, account: str, ref: str) -> BookingRow | None:
        return self._one(_BY_REF, account=account, ref=ref)

    def get(self, booking_id: str) -> BookingRow | None:
        row = self._session.get(BookingRow, booking_id)
        return row if row is not None and row.clinic == self._scope.clinic else None

    def of_client(self, patient_id: str) -> list[BookingRow]:
        """All bookings of a client, by start, then by arrival."""
        return self.of_clients([patient_id])[patient_id]

    def of_clients(self, patient_ids: Sequence[str]) -> dict[str, list[BookingRow]]:
        """The same of several clients."""
        return self._scope.by_client(_OF_CLIENTS, patient_ids)

    def add(self, seen: Seen, patient_id: str, details: Details) -> BookingRow:
        last = self._session.scalar(_LAST_ARRIVAL, {"patient_id": patient_id}) or 0
        row = BookingRow(
            id=new_id("bkg"),
            clinic=self._scope.clinic,
            account=seen.account,
            ref=seen.ref,
            patient_id=patient_id,
            arrival=last + 1,
            revision=1,
            start_at=seen.start,
            end_at=seen.end,
            platform_status=seen.status,
            version=seen.version,
            looked_at=seen.looked_at,
            told_at=seen.told_at,
            to_read=seen.to_read,
            recurring=seen.recurring,
            previous_ref=seen.previous_ref,
            accepted_by=self._first_accepted_by(seen),
            details_sealed=self.seal(details),
            created_at=self._scope.now,
            updated_at=self._scope.now,
        )
        successor = self._one(_SUCCESSOR, account=seen.account, ref=seen.ref)
        if successor is not None:  # the news of its being moved came before it did
            _replace(row, successor)
        self._session.add(row)
        self._session.flush()
        return row

    def refresh(self, row: BookingRow, seen: Seen) -> Refreshed:
        """Bring a known booking to the state seen, unless that is older than the one stored."""
        before = row.platform_status
        if before == "replaced" or _older(row, seen):
            return Refreshed(False, before)
        row.looked_at = seen.looked_at or row.looked_at
        row.told_at = seen.told_at or row.told_at
        doubted, row.to_read = row.to_read, seen.to_read
        if _same(row, seen):
            return Refreshed(doubted != row.to_read, before)
        moved = row.start_at != seen.start
        status = seen.status
        if not moved and before in DONE and status in LIVE:
            unmarked = seen.unmarked and before == "no-show"
            status = status if unmarked else before  # platforms say "accepted" after the visit too
        if not moved and (before, status) == ("accepted", "pending") and seen.looked_at is None:
            status = before  # a word from before our own confirmation
        row.accepted_by = _accepted_by(row, before, status)
        if moved:
            row.revision += 1
            row.hold_state = None
            row.begun_told = False
        if moved or (before in ENDED and status in LIVE):  # decided anew, whatever was decided
            row.outcome = None
        row.start_at, row.end_at = seen.start, seen.end
        row.platform_status = status
        row.version = seen.version or row.version
        row.recurring = seen.recurring or row.recurring
        row.previous_ref = seen.previous_ref or row.previous_ref
        row.updated_at = self._scope.now
        return Refreshed(True, before)

    def _first_accepted_by(self, seen: Seen) -> str | None:
        """Who accepted a booking that is accepted when it is first seen: the platform, where its
        service asks nobody. One that was moved stays a person's where it was one."""
        if seen.status != "accepted":
            return None
        former = self.by_ref(seen.account, seen.previous_ref) if seen.previous_ref else None
        if former is not None and former.accepted_by == "person":
            return "person"
        by_itself = seen.asks_confirmation is False and not seen.previous_ref
        return "platform" if by_itself else "unknown"

    def replace_previous(self, row: BookingRow) -> BookingRow | None:
        """The booking that ``row`` was moved from stands no longer; it is returned."""
        if not row.previous_ref or row.previous_ref == row.ref:
            return None
        old = self.by_ref(row.account, row.previous_ref)
        if old is None or old.platform_status == "replaced":
            return old
        _replace(old, row)
        old.updated_at = self._scope.now
        return old

    def details(self, row: BookingRow) -> Details:
        return self.opened(row.details_sealed)

    def opened(self, sealed: bytes) -> Details:
        return read_details(self._scope.vault.open_json(sealed, self._scope.place(DETAILS)))

    def put_details(self, row: BookingRow, details: Details) -> None:
        row.details_sealed = self.seal(details)

    def seal(self, details: Details) -> bytes:
        return self._scope.vault.seal_json(asdict(details), self._scope.place(DETAILS))

    def _one(self, query: Select[BookingRow], **wanted: str) -> BookingRow | None:
        return self._session.scalar(query, {"clinic": self._scope.clinic, **wanted})


def read_details(data: dict[str, Any]) -> Details:
    """Details as they were sealed, by this release or an earlier one."""
    former = data.pop("practitioner_ref", None)  # as it was called before there were several
    hosts = data.pop("host_refs", [former] if former else ())
    return Details(**data, host_refs=tuple(hosts))


# made once: making a statement costs as much as running it
_OF_ACCOUNT = select(BookingRow).where(
    BookingRow.clinic == bindparam("clinic"), BookingRow.account == bindparam("account")
)
_BY_REF = _OF_ACCOUNT.where(BookingRow.ref == bindparam("ref"))
_SUCCESSOR = _OF_ACCOUNT.where(
    BookingRow.previous_ref == bindparam("ref"), BookingRow.ref != bindparam("ref")
)
_OF_CLIENTS = of_clients(BookingRow).order_by(BookingRow.start_at, BookingRow.arrival)
_LAST_ARRIVAL = select(func.max(BookingRow.arrival)).where(
    BookingRow.patient_id == bindparam("patient_id")
)


def _replace(row: BookingRow, by: BookingRow) -> None:
    row.platform_status, row.replaced_by = "replaced", by.id
    row.to_read = False  # what it was does not matter any more


def _accepted_by(row: BookingRow, before: str, status: str) -> str | None:
    """Who accepted a booking whose state changes. What the bridge itself wrote does not come this
    way first (see ``write_back``), so that a pending one is accepted by a person."""
    if status != "accepted" or before == status:
        return row.accepted_by
    if before in ("pending", "rejected"):
        return "person"
    return row.accepted_by if row.accepted_by == "person" else "unknown"


def _older(row: BookingRow, seen: Seen) -> bool:
    """Whether a state is older than the one stored: what was read is compared with what was read,
    what was told with what was told."""
    if seen.looked_at is not None:
        if row.looked_at is None:
            return False
        since = seen.looked_at - row.looked_at
        return -RACE < since < timedelta(0) or (abs(since) < RACE and _from_before(row, seen))
    if seen.told_at is None or row.told_at is None:
        return False
    if seen.told_at == row.told_at and seen.status in LIVE:
        return row.platform_status in ENDED  # of two at the same moment the end came second
    return seen.told_at < row.told_at


def _from_before(row: BookingRow, seen: Seen) -> bool:
    """Whether a platform shows its row as it was before our own write: it may read from a copy that
    lags. What was only told, or not shown, is no write of ours."""
    back = (seen.status, row.platform_status)
    behind = (back[0] in LIVE and back[1] in ENDED) or back == ("pending", "accepted")
    return behind and seen.version is not None and seen.version == row.version and not row.to_read


def _same(row: BookingRow, seen: Seen) -> bool:
    """Whether a state is word for word the one that was decided last."""
    return (
        row.outcome is not None
        and seen.version == row.version
        and (seen.version is not None or seen.looked_at is None)
        and row.platform_status == seen.status
        and (row.start_at, row.end_at) == (seen.start, seen.end)
    )


def called_off_late(row: BookingRow, hours: int) -> bool:
    """Whether a booking was seen to be called off fewer ``hours`` before its time, and not after
    it. One that may not stand was not the client's to call off."""
    if row.platform_status != "cancelled" or row.called_off_at is None or row.outcome == "block":
        return False
    return timedelta(0) <= row.start_at - row.called_off_at < timedelta(hours=hours)
