"""Deciding a client's bookings: one transaction, the client locked, in the order of their starts.

Every booking that still can change is decided, not only the one that gave the occasion: where
one takes or frees a visit, the next may have another number. So two that race for the last
visit never both get it, and never both lose it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ..domain.answers import Decision, Requirement
from ..domain.describe import describe
from ..domain.facts import Chart
from ..domain.source import project_rule
from ..gate.settle import STILL_CHECKING
from ..store.bookings import ENDED, LIVE
from ..store.record import Record
from ..store.task_models import WakeupRow
from .after_refusal import after_refusal
from .by_hand import by_hand, tell_staff
from .client_file import ClientFile, Held, load_client
from .form_answers import file_coverage
from .held_back import held_back
from .installation import Installation
from .occasion import Before, occasion_of
from .owed.bring import bring_tasks
from .pause import FACTS
from .plan_writes import leave_alone, plan_writes
from .platform_words import as_named
from .reservations import weighed
from .said import settle_said
from .staff_words import carry_over, fulfil, in_force
from .tasks import TaskKind, ask
from .who import ask_who_it_is
from .whose import still_judged

log = structlog.get_logger(__name__)
DECISIONS = "decisions"


def decide_client(
    installation: Installation, record: Record, patient_id: str, cause: str
) -> ClientFile | None:
    """Decide every booking of the client that stands on its platform and has not begun, and see to
    those that were refused. What is to be written back is left to be done with the record."""
    file = load_client(record, patient_id, lock=True)
    if file is None:
        return None
    insured = [_name_anew(installation, record, held) for held in file.bookings]
    if any(insured):
        file = load_client(record, patient_id) or file
    decided: dict[str, Decision | None] = {}
    for held in file.bookings:
        row = held.row
        account = installation.accounts.get(row.account)
        if row.platform_status not in LIVE:
            after_refusal(installation, record, file, held)
        elif account is not None and not still_judged(account, held.details):
            leave_alone(record, held)
        elif row.outcome is None or row.start_at > record.now:
            decided[row.id] = _decide(installation, record, file, held, cause)
    bring_tasks(installation, record, file, decided)
    settle_said(record, file)
    if file.patient.identity == "doubtful":
        ask_who_it_is(record, patient_id, [held.row for held in file.bookings])
    return file


def _name_anew(installation: Installation, record: Record, held: Held) -> bool:
    """Services and hosts may be named, or called otherwise, after their bookings were taken in. Of
    one that is over only who gave it is filled in: what was billed for it stays. Whether what the
    client said of their insurance matters by that, and was filed."""
    row, account = held.row, installation.accounts.get(held.row.account)
    if account is None or row.platform_status in ENDED:
        return False
    known = held.details
    named = as_named(account, known)
    if row.platform_status not in LIVE or row.start_at <= record.now:
        named = replace(known, practitioner=known.practitioner or named.practitioner)
    held.put_details(named)
    insured = bool(known.self_pay and not named.self_pay)
    if insured:
        file_coverage(installation, record, row, named)
    return insured


def _decide(
    installation: Installation, record: Record, file: ClientFile, held: Held, cause: str
) -> Decision:
    row, now = held.row, record.now
    before = Before(row.outcome, row.decided_at, row.next_due)
    decision, claim_number = _answer(installation, record, file, held)
    decision = held_back(installation, file, row, decision)
    held.put_details(
        replace(
            held.details,
            billed=decision.payer,
            claim_number=claim_number or held.details.claim_number,
        )
    )
    carry_over(record, file, held)
    row.outcome = in_force(held.words, now).outcome(decision.outcome)
    row.decided_at = row.updated_at = now
    row.next_due = next_due(decision, record.today)
    if record.decisions.append(row, held.last, decision, cause):
        log.info("decided", booking=row.id, outcome=decision.outcome, cause=cause)
        installation.counts.add(DECISIONS, outcome=decision.outcome)
    if row.outcome != "block":
        fulfil(record, held)
        occasion = FACTS
    else:
        alone = file.unreserved
        occasion = occasion_of(installation, record, alone, held, before, decision, cause)
    if by_hand(row):
        tell_staff(installation, record, held, replace(decision, outcome=row.outcome))
    else:
        plan_writes(installation, record, held, decision, occasion)
    return decision


def _answer(
    installation: Installation, record: Record, file: ClientFile, held: Held
) -> tuple[Decision, str | None]:
    """The decision, and the claim number billed. Whatever goes wrong holds the booking."""
    row, host = held.row, installation.host
    try:
        case = host.case(_chart(installation, record, file, held))
        decision = weighed(installation, record, file, held, host.decide_case(case))
        claim = case.coverage.claim if case.coverage is not None else None
    except SQLAlchemyError:
        raise  # nothing was decided: the run tries again
    except Exception as error:  # noqa: BLE001 - a fault must hold the booking, not lose it
        log.error("deciding failed", booking=row.id, error=describe(error))
        what = type(error).__name__
        ask(record, TaskKind.DECIDING_FAILED, row.id, about=row, what=what)
        return failed_decision(record.today, what), None
    if any(t.kind == TaskKind.DECIDING_FAILED and t.done_at is None for t in held.tasks):
        record.tasks.close((TaskKind.DECIDING_FAILED, row.id))
    billed = claim.number if claim is not None and not held.details.self_pay else None
    return decision, billed


def _chart(installation: Installation, record: Record, file: ClientFile, held: Held) -> Chart:
    return file.chart(record, installation.settings.clinic_facts, held)


def failed_decision(today: date, error: str) -> Decision:
    """The hold that stands where deciding itself failed."""
    requirement = Requirement(
        key="plugin.failed",
        status="unknown",
        effect="hold",
        rule="CP-FAILED",
        plugin="core",
        message=f"The booking could not be decided ({error}).",
        remedy="Look at the service's log and `mib doctor`; until then staff decides.",
        patient_message=STILL_CHECKING,
        source=project_rule("a fault must never free a booking and never lose one"),
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
        self_pay_terms=None,
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


def decide_again(installation: Installation, wakeup_id: str) -> bool:
    """Decide a client's standing bookings for one wakeup, once however often it is called.
    Whether another try is due: a new fact must not go unheard."""
    try:
        with installation.write_about(WakeupRow, wakeup_id) as (record, row):
            if row is None or row.done_at is not None:
                return False
            decide_client(installation, record, row.patient_id, row.cause)
            record.tasks.close((TaskKind.NOT_DECIDED_AGAIN, row.patient_id))
            row.done_at = record.now
    except Exception as error:  # noqa: BLE001 - see above
        log.error("deciding will be tried again", wakeup=wakeup_id, error=describe(error))
        return True
    return False


def give_to_staff(installation: Installation, wakeup_id: str) -> None:
    """A task, where a client's bookings could not be decided again several times in a row."""
    with installation.write_about(WakeupRow, wakeup_id) as (record, row):
        if row is not None and row.done_at is None:
            ask(record, TaskKind.NOT_DECIDED_AGAIN, row.patient_id, patient_id=row.patient_id)
