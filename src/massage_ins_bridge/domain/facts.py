"""What the clinic knows: the facts that a decision rests on.

Every field may be ``None``, which always means *unknown* (a missing list is unknown, an empty
one says "none"). Dates are calendar days in the clinic's zone, times are aware datetimes.
The names are those of the check request; ``from_`` and ``from_date`` stand for its ``from``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from .vocabulary import (
    AuthorizationKind,
    AuthorizationStatus,
    ClaimStatus,
    Funding,
    Identity,
    InsurerKind,
    Network,
    Position,
    PriorApproval,
    Provider,
    Purpose,
    Unit,
)

DEFAULT_ZONE = "America/Los_Angeles"


@dataclass(frozen=True, slots=True)
class NetworkSpan:
    """The clinic's network status with one payer between two dates of service, both included, for
    the ``practitioners`` (by their keys) and ``plans`` that it names, or for all."""

    status: Network | None = None
    from_: date | None = field(default=None, metadata={"name": "from"})
    to: date | None = None
    practitioners: tuple[str, ...] | None = None
    plans: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Practitioner:
    """One who gives massages at the clinic. ``key``: the clinic's own short name of them."""

    key: str
    name: str | None = None
    npi: str | None = None


@dataclass(frozen=True, slots=True)
class Clinic:
    """The tenant and what it chose for itself. ``None`` means the rule book's own: lead days, and
    from what age a client needs no guardian (``adult_age``)."""

    network: Mapping[str, tuple[NetworkSpan, ...]] | None = None
    prior_approval: PriorApproval | None = None
    prescription_lead_days: int | None = None
    adult_age: int | None = None
    timezone: str | None = None
    name: str | None = None
    pip_payment_at_visit: bool | None = None
    practitioners: tuple[Practitioner, ...] | None = None


@dataclass(frozen=True, slots=True)
class Booking:
    """One appointment. ``service`` informs and decides nothing. ``practitioner``: the key of the
    one who gives it."""

    start: datetime
    end: datetime | None = None
    service: str | None = None
    self_pay: bool | None = None
    payer: str | None = None
    practitioner: str | None = None


@dataclass(frozen=True, slots=True)
class Patient:
    """The client. ``acknowledged_on``: the day on which they took note of their cost share.
    ``identity``: whether it is certain that the booking is theirs; missing means ``sure``.
    ``guardian_consent``: whether a guardian's consent is on file, for a client who is not of
    age."""

    name: str | None = None
    birth_date: date | None = None
    intake_received: bool | None = None
    guardian_consent: bool | None = None
    acknowledged_on: date | None = None
    identity: Identity | None = None


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What a client accepted, word for word, and when."""

    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CostShare:
    """The part that the client pays, in US dollars (percent for coinsurance)."""

    copay: Decimal | None = None
    coinsurance_percent: Decimal | None = None
    deductible: Decimal | None = None
    deductible_met: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Adjuster:
    """The insurer's person on a PIP claim."""

    name: str | None = None
    phone: str | None = None
    fax: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class ClaimBenefit:
    """A PIP policy's medical limit and what was left of it on ``asked_on``, in US dollars."""

    limit: Decimal | None = None
    left: Decimal | None = None
    asked_on: date | None = None


@dataclass(frozen=True, slots=True)
class InjuryClaim:
    """An L&I or PIP claim."""

    number: str | None = None
    status: ClaimStatus | None = None
    date_of_injury: date | None = None
    insurer_kind: InsurerKind | None = None
    closed_on: date | None = None
    accepted_diagnoses: tuple[str, ...] | None = None
    adjuster: Adjuster | None = None
    insurer: str | None = None
    policy_number: str | None = None
    benefit: ClaimBenefit | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a client is insured by: plan and claim as on the card or as the plan said, and between
    which days it is in force, both included. ``massage_benefit``: the plan said that massage by a
    massage therapist is covered, or is not. Of ``visit_limit`` massage visits ``visits_used`` are
    used."""

    payer: str | None = None
    plan: str | None = None
    group_number: str | None = None
    member_id: str | None = None
    position: Position | None = None
    funding: Funding | None = None
    staff_confirmed: bool | None = None
    from_: date | None = field(default=None, metadata={"name": "from"})
    to: date | None = None
    massage_benefit: bool | None = None
    visit_limit: int | None = None
    visits_used: int | None = None
    cost_share: CostShare | None = None
    claim: InjuryClaim | None = None


@dataclass(frozen=True, slots=True)
class Prescriber:
    """Who ordered the massage: credential as written, NPI, and the state of the licence."""

    name: str | None = None
    credential: str | None = None
    npi: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Frequency:
    """``times`` visits in each ``per``."""

    times: int | None = None
    per: Unit | None = None


@dataclass(frozen=True, slots=True)
class Duration:
    """``count`` units, counted from the day of signing."""

    count: int | None = None
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class Prescription:
    """A written order for massage. ``loss_of_function`` is the text about it; ``False`` means that
    somebody looked for it and the order documents none."""

    id: str | None = None
    signed_on: date | None = None
    received_on: date | None = None
    signed: bool | None = None
    staff_confirmed: bool | None = None
    prescriber: Prescriber | None = None
    diagnoses: tuple[str, ...] | None = None
    frequency: Frequency | None = None
    duration: Duration | None = None
    visits: int | None = None
    pain: bool | None = None
    loss_of_function: str | Literal[False] | None = None
    purpose: Purpose | None = None


@dataclass(frozen=True, slots=True)
class Authorization:
    """The answer of a payer (or of the clinic) whether it approves visits, or the open question."""

    payer: str | None = None
    kind: AuthorizationKind | None = None
    number: str | None = None
    status: AuthorizationStatus | None = None
    requested_on: date | None = None
    visits: int | None = None
    from_: date | None = field(default=None, metadata={"name": "from"})
    to: date | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """A completed visit, here or elsewhere."""

    on: date | None = None
    payer: str | None = None
    modality: str | None = None
    provider: Provider | None = None
    claim_number: str | None = None


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A standing booking other than the one that is decided."""

    start: datetime | None = None
    payer: str | None = None
    modality: str | None = None
    provider: Provider | None = None
    claim_number: str | None = None


@dataclass(frozen=True, slots=True)
class ProgressReport:
    """A report sent to the payer; ``improvement``: whether it documents any."""

    on: date | None = None
    payer: str | None = None
    improvement: bool | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """One immutable snapshot: a booking and everything known that bears on it, as of one moment.

    It is the check request, read; every door (webhook, API, command line, schedule) makes one
    and hands it to the same deciding function.
    """

    booking: Booking
    as_of: datetime
    clinic: Clinic | None = None
    patient: Patient | None = None
    coverages: tuple[Coverage, ...] | None = None
    prescriptions: tuple[Prescription, ...] | None = None
    authorizations: tuple[Authorization, ...] | None = None
    visits: tuple[Visit, ...] | None = None
    upcoming: tuple[Upcoming, ...] | None = None
    progress_reports: tuple[ProgressReport, ...] | None = None
