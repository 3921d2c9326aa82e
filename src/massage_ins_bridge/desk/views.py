"""Read models: what the doors show of the record. Their fields are the keys of the JSON, times are
aware and dates are the clinic's days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Annotated, Any, Literal, cast

from ..domain.answers import Decision, Finding, Outcome
from ..domain.extra import EXTRA
from ..domain.vocabulary import Injury, Place
from ..store.bookings import SAID, called_off_late
from ..store.lists import State, state_of
from ..store.models import BookingRow, DecisionRow, PatientRow, WordRow, WriteRow
from ..store.record import Record
from ..store.task_models import TaskRow
from ..store.writes import EMAIL
from .coming import Coming, coming, refused_at
from .installation import Installation
from .staff_words import in_force
from .task_cures import what_closes
from .tasks import TaskKind, seen_to_by

PlatformStatus = Literal[
    "pending", "accepted", "cancelled", "rejected", "no-show", "completed", "replaced"
]
WriteState = Literal["waiting", "queued", "done", "observed", "superseded", "failed"]
AcceptedBy = Literal["platform", "bridge", "person", "unknown"]


@dataclass(frozen=True, slots=True)
class Booking:
    """A booking with its last decision's outcome. ``account`` and ``enforcement`` are null where no
    platform knows it. ``payer``: who is billed, as far as is known; ``hold``: how a hold is kept;
    ``replaced_by``: the booking that it was moved to; ``called_off_late``: whether it was called
    off so near its time that the clinic's policy speaks of it; ``arrived_at``: since when the
    client is here."""

    id: str
    account: str | None
    ref: str
    patient: str
    start: datetime
    end: datetime | None
    service: str | None
    practitioner: str | None
    place: Place | None
    prescription: str | None
    episode: str | None
    injury: Injury | None
    extra: Mapping[str, Any] = field(metadata={EXTRA: "booking"})
    self_pay: bool | None
    payer: str | None
    platform_status: PlatformStatus
    outcome: Outcome | None
    state: State
    hold: str | None
    enforcement: Literal["enforce", "observe"] | None
    recurring: bool
    called_off_late: bool
    replaced_by: str | None
    arrived_at: datetime | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class BookingDecision:
    """One decision on a booking; ``cause`` is what gave the occasion. ``next``: what will be done
    by itself while it is the last one, or null."""

    id: str
    number: int
    cause: str
    decided_at: datetime
    decision: Annotated[Mapping[str, Any], Decision]
    next: Coming | None = None


@dataclass(frozen=True, slots=True)
class Write:
    """One change that is wanted of a channel. ``reached``: how it was done; ``reason``: what the
    client is told; ``detail``: what the channel said; ``due_at``: until when it waits;
    ``by_clock``: nobody did anything, time passed or the rules are newer."""

    id: str
    channel: str
    kind: str
    state: WriteState
    reached: str | None
    reason: str
    detail: str | None
    created_at: datetime
    wanted_at: datetime
    due_at: datetime | None
    by_clock: bool
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class StaffWord:
    """What a member of staff said of a booking: ``allow`` or ``block`` (an override), ``stop`` (a
    refusal), ``now`` (carry it out), ``let-through`` (write to a booking that stood before)."""

    kind: str
    name: str
    reason: str
    said_at: datetime
    until: datetime | None
    ended_at: datetime | None
    ended_by: str | None


@dataclass(frozen=True, slots=True)
class WholeBooking(Booking):
    """A booking with all its decisions, oldest first, the writes that followed, and what staff
    said. ``outcome`` is what counts: an ``override`` outranks the last decision, and a ``stopped``
    refusal is a hold. ``refused_at``: when a refusal that waits is carried out. ``accepted_by``:
    who accepted it on the platform."""

    accepted_by: AcceptedBy | None
    override: Literal["allow", "block"] | None
    stopped: bool
    refused_at: datetime | None
    words: tuple[StaffWord, ...]
    decisions: tuple[BookingDecision, ...]
    writes: tuple[Write, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """Something for staff. ``closes``: what closes it. ``due``: the last day in time on which
    somebody is at the desk; ``last_day``: the rule's own, which may be a holiday. ``closed_by``:
    ``staff``, or ``fact`` where what is on file settled it. ``given_to``: the user who sees to it,
    nobody where they can sign in no more; ``snoozed_until``: the day on which it is shown again.
    ``button``: where to POST who says so (``{"name": …}``) for the bridge to do it."""

    id: str
    kind: Annotated[str, TaskKind]
    message: str
    closes: str
    patient: str | None
    booking: str | None
    due: date | None
    last_day: date | None
    button: str | None
    created_at: datetime
    done_at: datetime | None
    closed_by: Literal["staff", "fact"] | None
    given_to: str | None
    snoozed_until: date | None


@dataclass(frozen=True, slots=True)
class Review:
    """What the rules say of a prescription for one standing booking: findings field by field, what
    may be cured, and the plugins that could not say."""

    booking: str
    findings: tuple[Finding, ...]
    may_cure: tuple[str, ...]
    failed_plugins: tuple[str, ...]


def bookings(
    installation: Installation, record: Record, rows: Sequence[BookingRow]
) -> tuple[Booking, ...]:
    """The rows as the doors show them."""
    return tuple(Booking(**_booking(installation, record, row)) for row in rows)


def whole_booking(installation: Installation, record: Record, row: BookingRow) -> WholeBooking:
    """A booking with all that followed from it."""
    decisions = [_decision(record, d) for d in record.decisions.of_booking(row.id)]
    writes = record.writes.of_bookings([row.id]).get(row.id, [])
    words = record.words.of_bookings([row.id]).get(row.id, [])
    said = in_force(words, record.now)
    following = coming(row, words, writes, record.now, record.zone)
    if decisions:
        decisions[-1] = replace(decisions[-1], next=following)
    return WholeBooking(
        **_booking(installation, record, row),
        accepted_by=cast(AcceptedBy | None, row.accepted_by),
        override=said.override,
        stopped=said.stopped,
        refused_at=refused_at(following),
        words=tuple(_word(record, word) for word in words),
        decisions=tuple(decisions),
        writes=tuple(_write(w) for w in writes),
    )


def mails(record: Record, row: BookingRow) -> list[Write]:
    """The e-mails to the client about a booking, those that did not leave as well, oldest first."""
    return [_write(w) for w in record.writes.of_bookings([row.id], EMAIL).get(row.id, [])]


def _booking(installation: Installation, record: Record, row: BookingRow) -> dict[str, Any]:
    details = record.bookings.details(row)
    account = installation.accounts.get(row.account)
    return {
        "id": row.id,
        "account": row.account or None,
        "ref": row.ref,
        "patient": row.patient_id,
        "start": row.start_at,
        "end": row.end_at,
        "service": details.service,
        "practitioner": details.practitioner,
        **{name: getattr(details, name) for name in SAID},
        "extra": details.extra,
        "self_pay": details.self_pay,
        "payer": details.billed or details.payer,
        "platform_status": row.platform_status,
        "outcome": row.outcome,
        "state": state_of(row.outcome, row.platform_status),
        "hold": row.hold_state,
        "enforcement": account.settings.enforcement
        if account
        else ("observe" if row.account else None),
        "recurring": row.recurring,
        "called_off_late": called_off_late(row, installation.settings.tasks.late_cancel_hours),
        "replaced_by": row.replaced_by,
        "arrived_at": row.arrived_at,
        "decided_at": row.decided_at,
    }


def _decision(record: Record, row: DecisionRow) -> BookingDecision:
    return BookingDecision(
        row.id, row.number, row.cause, row.decided_at, record.decisions.data(row)
    )


def _word(record: Record, row: WordRow) -> StaffWord:
    said = record.words.said(row)
    return StaffWord(
        kind=row.kind,
        name=said.name,
        reason=said.reason,
        said_at=row.created_at,
        until=row.until,
        ended_at=row.ended_at,
        ended_by=said.ended_by,
    )


def _write(row: WriteRow) -> Write:
    return Write(**{f.name: getattr(row, f.name) for f in fields(Write)})


def task(record: Record, row: TaskRow) -> Task:
    """A task as the doors show it."""
    message = record.tasks.message(row)
    return Task(
        id=row.id,
        kind=row.kind,
        message=message,
        closes=what_closes(row.kind, message),
        patient=row.patient_id,
        booking=row.booking_id,
        due=row.due,
        last_day=row.last_day,
        button=_button(row),
        created_at=row.created_at,
        done_at=row.done_at,
        closed_by="fact" if row.closed_by == "fact" else "staff" if row.done_at else None,
        given_to=seen_to_by(record, row),
        snoozed_until=row.snoozed_until,
    )


def _button(row: TaskRow) -> str | None:
    refuses = row.kind == TaskKind.BLOCK_BY_HAND and row.done_at is None
    return f"/v1/bookings/{row.booking_id}/refusal/now" if refuses else None


def client(record: Record, row: PatientRow) -> dict[str, Any]:
    """The client in the contract's shape, with their id and how they are reached."""
    contact = record.clients.contact(row)
    facts = record.clients.facts(row)
    identity = "doubtful" if row.doubtful else "sure"
    reached = {"email": contact.email, "phone": contact.phone}
    return {"id": row.id, "identity": identity, **reached, **facts}
