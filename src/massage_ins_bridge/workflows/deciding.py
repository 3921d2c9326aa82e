"""Deciding a client's bookings: one transaction, the client locked, in the order of their starts.

Every booking that still can change is decided, not only the one that gave the occasion: where
one takes or frees a visit, the next may have another number. So two that race for the last
visit never both get it, and never both lose it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from ..domain.answers import Decision, Requirement
from ..domain.days import local_day
from ..domain.facts import DEFAULT_ZONE, Chart
from ..store.bookings import LIVE, Bookings
from ..store.chart import load_chart
from ..store.decisions import Decisions
from ..store.models import BookingRow
from ..store.patients import Patients
from ..store.tasks import Tasks
from .effects import Planned, plan_effects
from .faults import describe
from .service import Service

log = structlog.get_logger(__name__)
_CLINIC_LOCK = 724_113_010


def lock_clinic(session: Session, service: Service) -> None:
    """Keep two deliveries from making one new client, or one new booking, twice. SQLite's
    writing transactions are serial already."""
    if not service.store.sqlite:
        session.execute(
            text("SELECT pg_advisory_xact_lock(:lock, hashtext(:clinic))"),
            {"lock": _CLINIC_LOCK % 2_000_000_000, "clinic": service.clinic},
        )


def decide_patient(
    session: Session, service: Service, patient_id: str, cause: str, now: datetime
) -> list[Planned]:
    """Decide every booking of the client that is not final; what is now to be written back."""
    patients = Patients(session, service.store.vault, service.clinic)
    if patients.get(patient_id, lock=True) is None:
        return []
    planned: list[Planned] = []
    for row in Bookings(session, service.store.vault, service.clinic).of_patient(patient_id):
        final = row.platform_status not in LIVE or row.outcome == "block"
        begun = row.start_at <= now and row.outcome is not None
        if not (final or begun):
            planned += _decide(session, service, row, cause, now)
        elif row.outcome == "block" and row.start_at > now:
            _invite(session, service, row, now)
    return planned


def _invite(session: Session, service: Service, row: BookingRow, now: datetime) -> None:
    """A blocked booking is final; where it would be allowed by now, the client may book again."""
    tasks = Tasks(session, service.store.vault, service.clinic)
    known = tasks.list(only_open=False, limit=10_000, booking_id=row.id)
    if any(task.kind == "invite" for task in known):
        return
    try:
        decision = service.host.decide(load_chart(session, service.context, row, now))
    except SQLAlchemyError:
        raise
    except Exception as error:  # noqa: BLE001 - an invitation is a courtesy
        log.error("deciding failed", booking=row.id, error=describe(error))
        return
    if decision.outcome == "allow":
        tasks.open("invite", row.id, _INVITE, now, patient_id=row.patient_id, booking_id=row.id)


def _decide(
    session: Session, service: Service, row: BookingRow, cause: str, now: datetime
) -> list[Planned]:
    decision, claim = _answer(session, service, row, now)
    bookings = Bookings(session, service.store.vault, service.clinic)
    details = bookings.details(row)
    found = replace(details, billed=decision.payer, claim_number=claim or details.claim_number)
    if found != details:
        bookings.put_details(row, found)
    row.outcome = decision.outcome
    row.decided_at = row.updated_at = now
    row.next_due = next_due(decision, _today(service, now))
    if Decisions(session, service.store.vault, service.clinic).append(row, decision, cause, now):
        _tasks(session, service, row, decision, now)
        log.info("decided", booking=row.id, outcome=decision.outcome, cause=cause)
    return plan_effects(session, service, row, decision, now)


def _answer(
    session: Session, service: Service, row: BookingRow, now: datetime
) -> tuple[Decision, str | None]:
    """The decision, and the claim number billed. Whatever goes wrong holds the booking."""
    tasks = Tasks(session, service.store.vault, service.clinic)
    try:
        chart = load_chart(session, service.context, row, now)
        decision = service.host.decide(chart)
        claim = _claim_number(service, chart)
    except SQLAlchemyError:
        raise  # nothing was decided: the run tries again
    except Exception as error:  # noqa: BLE001 - a fault must hold the booking, not lose it
        log.error("deciding failed", booking=row.id, error=describe(error))
        tasks.open(
            "deciding-failed",
            row.id,
            f"This booking could not be decided ({type(error).__name__}). It is on hold; look at "
            "the service's log and `mib doctor`, and decide it yourself meanwhile.",
            now,
            patient_id=row.patient_id,
            booking_id=row.id,
        )
        return _failed(_today(service, now), type(error).__name__), None
    tasks.close("deciding-failed", row.id, now)
    return decision, claim


def _claim_number(service: Service, chart: Chart) -> str | None:
    if chart.booking.self_pay:
        return None
    coverage = service.host.case(chart).coverage
    return coverage.claim.number if coverage is not None and coverage.claim is not None else None


_INVITE = (
    "This booking could not stand, and what was missing is there by now. It stays ended; invite "
    "the client to book again."
)


def _failed(today: date, error: str) -> Decision:
    requirement = Requirement(
        key="plugin.failed",
        status="unknown",
        effect="hold",
        rule="CP-FAILED",
        plugin="core",
        message=f"The booking could not be decided ({error}).",
        remedy="Look at the service's log and `mib doctor`; until then staff decides.",
        patient_message="We are still checking your booking and will tell you soon.",
        source="massage-ins-bridge",
    )
    return Decision(
        outcome="hold",
        payer=None,
        route=None,
        payment_at_visit=False,
        visit_number=None,
        requirements=(requirement,),
        waivers=(),
        actions=(),
        self_pay_offered=False,
        rules_as_of=today,
        ruleset={},
    )


def next_due(decision: Decision, today: date) -> date | None:
    """The first day still to come after which the decision may be another one."""
    days = [
        r.due
        for r in decision.requirements
        if r.due is not None and r.due >= today and (r.effect == "hold" or r.status == "due")
    ]
    return min(days, default=None)


def _today(service: Service, now: datetime) -> date:
    return local_day(now, service.settings.clinic_facts.timezone or DEFAULT_ZONE)


def _tasks(
    session: Session, service: Service, row: BookingRow, decision: Decision, now: datetime
) -> None:
    """The decision's actions as staff tasks; those that it no longer names are settled."""
    tasks = Tasks(session, service.store.vault, service.clinic)
    wanted = {f"{row.id}:{a.kind}:{a.rule}": a for a in decision.actions}
    for open_row in tasks.list(limit=10_000, booking_id=row.id):
        if open_row.kind == "action" and open_row.topic.removeprefix("action:") not in wanted:
            tasks.done(open_row, now)
    for topic, action in wanted.items():
        tasks.open(
            "action",
            topic,
            f"{action.kind}: {action.message}",
            now,
            patient_id=row.patient_id,
            booking_id=row.id,
            due=action.due,
        )


def complete_visit(session: Session, service: Service, row: BookingRow, now: datetime) -> None:
    """What is owed after a completed visit, as staff tasks."""
    if row.outcome == "block":
        return
    tasks = Tasks(session, service.store.vault, service.clinic)
    try:
        chart = load_chart(session, service.context, row, now)
        actions, failures = service.host.visit_complete(
            service.host.case(chart), service.host.decide(chart)
        )
    except SQLAlchemyError:
        raise
    except Exception as error:  # noqa: BLE001 - the visit stays completed whatever fails
        log.error("visit complete failed", booking=row.id, error=describe(error))
        actions, failures = (), ()
        _visit_failed(tasks, row, type(error).__name__, now)
    for failure in failures:
        _visit_failed(tasks, row, failure.plugin, now)
    for action in actions:
        topic = f"{row.id}:{action.kind}:{action.rule}"
        tasks.close("action", topic, now)  # the same work, asked for when the visit was booked
        tasks.open(
            "after-visit",
            topic,
            f"{action.kind}: {action.message}",
            now,
            patient_id=row.patient_id,
            booking_id=row.id,
            due=action.due,
        )


def _visit_failed(tasks: Tasks, row: BookingRow, what: str, now: datetime) -> None:
    tasks.open(
        "after-visit-failed",
        f"{row.id}:{what}",
        f"What is owed after this visit could not be worked out ({what}); see to it yourself.",
        now,
        patient_id=row.patient_id,
        booking_id=row.id,
    )
