"""``/v1/bookings``, ``/v1/tasks`` and ``/v1/check``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from sqlalchemy import select
from sqlalchemy.orm import Session

from ..domain.reading import Problem, UnusableInputError, read
from ..domain.request import Request as CheckRequest
from ..domain.request import read_request
from ..store.bookings import LIVE, Bookings
from ..store.decisions import Decisions, effects_of
from ..store.models import BookingRow, EffectRow, TaskRow
from ..store.patients import Patients
from ..store.tasks import Tasks, wake
from ..workflows.service import Service
from .access import api_clinic, service_of
from .bodies import json_body
from .closing import Ending, close
from .problems import ProblemError, not_found
from .schemas import body

router = APIRouter(prefix="/v1", tags=["bookings"])
Clinic = Annotated[str, Depends(api_clinic)]
Bridge = Annotated[Service, Depends(service_of)]
Body = Annotated[Any, Depends(json_body)]
Limit = Annotated[int, Query(ge=1, le=500)]
Flag = Annotated[bool, Query()]
_STATES = {"allow": "allowed", "hold": "on hold", "block": "blocked"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of the list of bookings."""

    outcome: Literal["allow", "hold", "block"] | None = None
    patient: str | None = None
    account: str | None = None
    ref: str | None = None
    starts_from: datetime | None = None
    starts_before: datetime | None = None
    limit: Limit = 100


@router.get("/bookings")
def list_bookings(
    clinic: Clinic, service: Bridge, wanted: Annotated[Wanted, Depends()]
) -> dict[str, Any]:
    """Bookings by start, with their last decision's outcome; filters narrow the list."""
    query = select(BookingRow).where(BookingRow.clinic == clinic)
    for column, value in (
        (BookingRow.outcome, wanted.outcome),
        (BookingRow.patient_id, wanted.patient),
        (BookingRow.account, wanted.account),
        (BookingRow.ref, wanted.ref),
    ):
        query = query if value is None else query.where(column == value)
    if wanted.starts_from is not None:
        query = query.where(BookingRow.start_at >= _aware(wanted.starts_from))
    if wanted.starts_before is not None:
        query = query.where(BookingRow.start_at < _aware(wanted.starts_before))
    query = query.order_by(BookingRow.start_at, BookingRow.id).limit(wanted.limit)
    with service.store.read() as session:
        rows = session.scalars(query).all()
        return {"bookings": [booking_json(session, service, clinic, row) for row in rows]}


@router.get("/bookings/{booking_id}")
def get_booking(booking_id: str, clinic: Clinic, service: Bridge) -> dict[str, Any]:
    """One booking with all its decisions, oldest first, and the effects that followed."""
    with service.store.read() as session:
        row = _booking(session, service, clinic, booking_id)
        return _whole(session, service, clinic, row)


@dataclass(frozen=True, slots=True)
class Choice:
    """What staff may change of a booking: who is billed, or that nobody is."""

    payer: str | None = None
    self_pay: bool | None = None


@router.patch("/bookings/{booking_id}", openapi_extra=body(Choice))
def change_booking(booking_id: str, clinic: Clinic, service: Bridge, data: Body) -> dict[str, Any]:
    """Say who is billed, where the client chose another coverage or self-pay. The booking is
    re-decided; a blocked one stays blocked. ``null`` takes a choice away; from then on the
    platform's word changes neither. An empty object changes nothing."""
    choice = read(Choice, data)
    if data.get("payer") is not None and choice.payer is None:
        raise UnusableInputError([Problem("payer", "is empty; name the payer, or send null")])
    run = None
    with service.store.write() as session:
        row = _locked(session, service, clinic, booking_id)
        if data:
            bookings = Bookings(session, service.store.vault, clinic)
            given = {name: getattr(choice, name) for name in data}
            bookings.put_details(row, replace(bookings.details(row), **given, by_staff=True))
            run = wake(session, clinic, row.patient_id, "booking-changed", service.clock.now())
        shown = _whole(session, service, clinic, row)
    if run is not None:
        service.on_work("redecide", run)
    return shown


@router.post("/bookings/{booking_id}/{done}")
def close_booking(booking_id: str, done: Ending, clinic: Clinic, service: Bridge) -> dict[str, Any]:
    """Say how a visit ended, or correct it. A completed one counts from now on as a visit of the
    chart, a no-show does not; the client's bookings are re-decided. Saying the same again changes
    nothing; 409 for a booking that has not begun, or that does not stand."""
    run = None
    with service.store.write() as session:
        row = _locked(session, service, clinic, booking_id)
        now = service.clock.now()
        if close(session, service, clinic, row, done, now):
            run = wake(session, clinic, row.patient_id, f"booking-{done}", now)
        shown = _whole(session, service, clinic, row)
    if run is not None:
        service.on_work("redecide", run)
    return shown


@router.get("/tasks", tags=["tasks"])
def list_tasks(
    clinic: Clinic,
    service: Bridge,
    include_done: Flag = False,  # noqa: FBT002 - a query parameter
    booking: str | None = None,
    limit: Limit = 200,
) -> dict[str, Any]:
    """What staff is asked to do, newest first."""
    with service.store.read() as session:
        tasks = Tasks(session, service.store.vault, clinic)
        rows = tasks.list(only_open=not include_done, limit=limit, booking_id=booking)
        return {"tasks": [_task(tasks, row) for row in rows]}


@router.post("/tasks/{task_id}/done", tags=["tasks"])
def finish_task(task_id: str, clinic: Clinic, service: Bridge) -> dict[str, Any]:
    """Mark a task as done; doing so twice changes nothing."""
    with service.store.write() as session:
        tasks = Tasks(session, service.store.vault, clinic)
        row = tasks.get(task_id)
        if row is None:
            raise not_found("task")
        tasks.done(row, service.clock.now())
        return _task(tasks, row)


@router.post(
    "/check",
    tags=["check"],
    openapi_extra=body(CheckRequest),
    dependencies=[Depends(api_clinic)],
)
def check(service: Bridge, data: Body) -> dict[str, Any]:
    """What would be decided of a check request. Nothing is stored."""
    chart = read_request(data, service.clock.now(), service.settings.clinic_facts)
    return service.host.decide(chart).to_dict()


def booking_json(
    session: Session, service: Service, clinic: str, row: BookingRow
) -> dict[str, Any]:
    """A booking as the API shows it."""
    details = Bookings(session, service.store.vault, clinic).details(row)
    account = service.accounts.get(row.account)
    return {
        "id": row.id,
        "account": row.account,
        "ref": row.ref,
        "patient": row.patient_id,
        "start": row.start_at.isoformat(),
        "end": row.end_at.isoformat() if row.end_at else None,
        "service": details.service,
        "self_pay": details.self_pay,
        "payer": details.billed or details.payer,
        "platform_status": row.platform_status,
        "outcome": row.outcome,
        "state": state_of(row),
        "hold": row.hold_state,
        "enforcement": account.settings.enforcement if account else "observe",
        "recurring": row.recurring,
        "replaced_by": row.replaced_by,
        "decided_at": row.decided_at.isoformat() if row.decided_at else None,
    }


def state_of(row: BookingRow) -> str:
    """A booking's state in plain words."""
    return state_in_words(row.outcome, row.platform_status)


def state_in_words(outcome: str | None, platform_status: str) -> str:
    """What a booking's outcome and its state on the platform come to."""
    if outcome == "block" and platform_status != "replaced":
        return "blocked"
    if platform_status in LIVE:
        return _STATES.get(outcome or "", "not decided")
    return {"replaced": "moved", "no-show": "not shown up"}.get(platform_status, platform_status)


def _whole(session: Session, service: Service, clinic: str, row: BookingRow) -> dict[str, Any]:
    decisions = Decisions(session, service.store.vault, clinic)
    return {
        **booking_json(session, service, clinic, row),
        "decisions": [
            {
                "id": d.id,
                "number": d.number,
                "cause": d.cause,
                "decided_at": d.decided_at.isoformat(),
                "decision": decisions.data(d),
            }
            for d in decisions.of_booking(row.id)
        ],
        "effects": [_effect(e) for e in effects_of(session, row.id)],
    }


def _booking(session: Session, service: Service, clinic: str, booking_id: str) -> BookingRow:
    row = Bookings(session, service.store.vault, clinic).get(booking_id)
    if row is None:
        raise not_found("booking")
    return row


def _locked(session: Session, service: Service, clinic: str, booking_id: str) -> BookingRow:
    """The booking as it is now that nobody else changes it."""
    row = _booking(session, service, clinic, booking_id)
    Patients(session, service.store.vault, clinic).get(row.patient_id, lock=True)
    session.refresh(row)
    return row


def _effect(row: EffectRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "state": row.state,
        "reached": row.reached,
        "reason": row.reason,
        "detail": row.detail,
        "attempts": row.attempts,
        "created_at": row.created_at.isoformat(),
        "done_at": row.done_at.isoformat() if row.done_at else None,
    }


def _task(tasks: Tasks, row: TaskRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "message": tasks.message(row),
        "patient": row.patient_id,
        "booking": row.booking_id,
        "due": row.due.isoformat() if row.due else None,
        "created_at": row.created_at.isoformat(),
        "done_at": row.done_at.isoformat() if row.done_at else None,
    }


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ProblemError(422, "A time needs its offset from UTC, such as 2026-12-08T10:00Z.")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ProblemError(422, "A time lies outside of the calendar in UTC.") from None
