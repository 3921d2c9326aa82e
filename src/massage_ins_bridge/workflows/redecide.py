"""Deciding again: after a new fact, and when a deadline has passed."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy import select

from ..domain.days import local_day
from ..domain.facts import DEFAULT_ZONE
from ..store.bookings import LIVE, overdue
from ..store.models import BookingRow, EffectRow, WakeupRow
from ..store.tasks import Tasks, wake
from .deciding import decide_patient
from .faults import describe
from .intake import Taken
from .service import Service

log = structlog.get_logger(__name__)
#: So long after its end a visit that nobody closed becomes a task.
GRACE = timedelta(hours=2)
#: By outcome, the effects that it asks for.
_ASKED_BY = {"allow": ("confirm",), "hold": ("hold", "manual"), "block": ("block",)}


def redecide(service: Service, wakeup_id: str) -> Taken:
    """Decide a client's standing bookings for one wakeup, once however often it is called."""
    try:
        with service.store.write() as session:
            row = session.get(WakeupRow, wakeup_id, with_for_update=True)
            if row is None or row.done_at is not None:
                return Taken()
            now = service.clock.now()
            planned = decide_patient(session, service, row.patient_id, row.cause, now)
            tasks = Tasks(session, service.store.vault, service.clinic)
            tasks.close("deciding-failed", row.patient_id, now)
            row.done_at = now
        return Taken(tuple(planned))
    except Exception as error:  # noqa: BLE001 - a new fact must not go unheard
        log.error("deciding will be tried again", wakeup=wakeup_id, error=describe(error))
        return Taken(again=True)


def enforce_observed(service: Service) -> list[str]:
    """Wake the clients whose outcomes were only observed, on accounts that enforce by now. A
    block that was never written is decided anew: its client was never told.

    Returns the wakeups to run.
    """
    enforcing = [name for name, account in service.accounts.items() if account.enforces]
    now = service.clock.now()
    standing = (
        select(BookingRow, EffectRow.kind)
        .join(EffectRow, EffectRow.booking_id == BookingRow.id)
        .where(
            EffectRow.state == "observed",
            EffectRow.round == BookingRow.round,
            EffectRow.account.in_(enforcing),
            BookingRow.platform_status.in_(LIVE),
            BookingRow.start_at > now,
        )
    )
    with service.store.write() as session:
        patients: dict[str, str] = {}
        for row, kind in session.execute(standing):
            if kind not in _ASKED_BY.get(row.outcome or "", ()):
                continue  # overtaken by another outcome since
            if row.outcome == "block":
                row.outcome = None
            patients[row.patient_id] = row.clinic
        return [wake(session, clinic, p, "enforcing", now) for p, clinic in patients.items()]


def give_to_staff(service: Service, wakeup_id: str) -> Taken:
    """A task, where a client's bookings could not be decided again several times in a row."""
    with service.store.write() as session:
        row = session.get(WakeupRow, wakeup_id)
        if row is not None and row.done_at is None:
            Tasks(session, service.store.vault, service.clinic).open(
                "deciding-failed",
                row.patient_id,
                _NOT_DECIDED,
                service.clock.now(),
                patient_id=row.patient_id,
            )
    return Taken()


def pass_deadlines(service: Service) -> list[str]:
    """Wake the clients whose deadline has passed, and tell staff of bookings that have begun.

    Returns the wakeups to run. Only deciding changes an outcome: a deadline merely asks again.
    """
    now = service.clock.now()
    today = local_day(now, service.settings.clinic_facts.timezone or DEFAULT_ZONE)
    with service.store.read() as session:
        if not overdue(session, today, now):
            return []
    wakeups: list[str] = []
    with service.store.write() as session:
        tasks = Tasks(session, service.store.vault, service.clinic)
        woken = set(
            session.scalars(select(WakeupRow.patient_id).where(WakeupRow.done_at.is_(None)))
        )
        for row in overdue(session, today, now):
            if row.start_at <= now:
                _begun(tasks, row, now)
            elif row.patient_id not in woken:
                woken.add(row.patient_id)
                wakeups.append(wake(session, row.clinic, row.patient_id, "deadline", now))
    return wakeups


def _begun(tasks: Tasks, row: BookingRow, now: datetime) -> None:
    if row.outcome == "hold":
        kind, message = "hold-begun", _HOLD_BEGUN
    else:
        if now < (row.end_at or row.start_at) + GRACE:
            return
        kind, message = "visit-not-closed", _NOT_CLOSED
    row.told_begun = True
    tasks.open(kind, row.id, message, now, patient_id=row.patient_id, booking_id=row.id)


_NOT_DECIDED = (
    "Something new is on file for this client, and her bookings could not be decided again. They "
    "stand as they were; look at the service's log and `mib doctor`, and at the bookings yourself. "
    "The bridge goes on trying."
)
_HOLD_BEGUN = (
    "This booking's time has come while it was still on hold. The bridge does not cancel it: "
    "decide with the client how it is paid for."
)
_NOT_CLOSED = (
    "This booking's time has passed. It counts as a visit until you mark it completed or no-show."
)
