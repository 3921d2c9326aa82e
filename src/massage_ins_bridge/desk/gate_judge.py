"""What a platform that asks before it books may be told: the decision that the booking would get,
as far as it may be acted upon, and whether a visit is reserved for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ..domain.answers import Decision, Outcome
from ..domain.describe import describe
from ..domain.facts import Upcoming
from ..store.bookings import Details
from ..store.record import Record
from .accounts import Account
from .client_file import ClientFile, as_booked
from .clock_check import clock_is_wrong
from .decide import failed_decision
from .held_back import unread
from .installation import Installation
from .looked import complete
from .reserved import Reserved, upcoming_of

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """A booking to come, with the file that it is judged on: the client's, or a stranger's."""

    start: datetime
    end: datetime | None
    file: ClientFile
    details: Details


@dataclass(frozen=True, slots=True)
class Judged:
    """What is answered, with the decision that it rests on where there is one. ``details``: the
    booking's, with what it would bill; ``reserves``: whether a visit is reserved for it."""

    outcome: Outcome
    decision: Decision | None
    details: Details
    reserves: bool


def judge(installation: Installation, record: Record, account: Account, of: Asked) -> Judged:
    """What the booking would be decided as. A visit that is reserved for another one is nobody
    else's, and nobody is refused for it."""
    reserved = [r.upcoming for r in of.file.reserved]
    decision, claim = _decide(installation, record, of, reserved)
    details = replace(of.details, billed=decision.payer, claim_number=claim)
    outcome = decision.outcome
    if outcome == "block":
        contested = _only_reserved(installation, record, of)
    else:
        contested = _takes_another(installation, record, of, details)
    reserves = outcome != "block" and not contested
    if contested or _must_wait(installation, record, account, of, outcome):
        outcome = "hold"
    return Judged(outcome, decision, details, reserves)


def _must_wait(
    installation: Installation, record: Record, account: Account, of: Asked, outcome: Outcome
) -> bool:
    """Whether nothing may be said but that staff looks: the clock is wrong, nobody knows who the
    client is, the account's bookings are not all known yet, or one of the client's is to be read
    before anything is refused."""
    if clock_is_wrong(installation):
        return True
    if outcome == "block" and any(unread(installation, held.row) for held in of.file.bookings):
        return True
    if of.details.self_pay is True:
        return False
    return not of.file.patient_id or (account.can("upcoming") and not complete(record, account))


def _only_reserved(installation: Installation, record: Record, of: Asked) -> bool:
    """Whether what is refused is so for a reservation alone, which may come to nothing."""
    if not of.file.reserved:
        return False
    return _decide(installation, record, of, ())[0].outcome != "block"


def _takes_another(installation: Installation, record: Record, of: Asked, details: Details) -> bool:
    """Whether the booking would take a visit that is reserved for a later one: who asked first has
    it for as long as the reservation lives."""
    own = upcoming_of(of.start, of.end, details, record.vocabulary)
    for reserved in of.file.reserved:
        if reserved.row.outcome != "allow" or reserved.row.start_at <= of.start:
            continue
        later = _as_asked(record, of, reserved)
        others = [r.upcoming for r in of.file.reserved if r is not reserved]
        if _decide(installation, record, later, others)[0].outcome != "allow":
            continue
        if _decide(installation, record, later, [*others, own])[0].outcome != "allow":
            return True
    return False


def _as_asked(record: Record, of: Asked, reserved: Reserved) -> Asked:
    """The booking for which a visit is reserved."""
    details = record.reservations.details(reserved.row)
    return Asked(reserved.row.start_at, None, of.file, details)


def _decide(
    installation: Installation, record: Record, of: Asked, others: Iterable[Upcoming]
) -> tuple[Decision, str | None]:
    """The decision beside ``others``, and the claim number billed. Whatever goes wrong holds."""
    clinic = installation.settings.clinic_facts
    try:
        booking = as_booked(of.details, of.start, of.end, record.vocabulary)
        case = installation.host.case(of.file.chart_of_none(record, clinic, booking, others))
        decision = installation.host.decide_case(case)
        claim = case.coverage.claim if case.coverage is not None else None
    except SQLAlchemyError:
        raise
    except Exception as error:  # noqa: BLE001 - a fault must hold the booking
        log.error("deciding failed before a booking", error=describe(error))
        return failed_decision(record.today, type(error).__name__), None
    return decision, claim.number if claim is not None and not of.details.self_pay else None
