"""What the clinic knows: the facts that a decision rests on.

Every field may be ``None``, which always means *unknown* (a missing list is unknown, an empty
one says "none"). Dates are calendar days in the clinic's zone, times are aware datetimes.
The names are those of the check request; ``from_`` and ``from_date`` stand for its ``from``.
``extra`` holds, by plugin, the fields that plugins declare: ``coverage.extra["regence"]["ccn"]``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from .clinic import Clinic
from .extra import EXTRA, NO_EXTRA, PLUGINS_TOO, Extra
from .scalars import MonthDay
from .vocabulary import (
    AuthorizationKind,
    AuthorizationStatus,
    ClaimStatus,
    Funding,
    Identity,
    Injury,
    InsurerKind,
    Paid,
    Place,
    Position,
    Provider,
    Purpose,
    Unit,
)


@dataclass(frozen=True, slots=True)
class Booking:
    """One appointment. ``service`` informs and decides nothing. ``practitioner``: the key of the
    one who gives it; ``place``: where (missing: at the clinic); ``prescription``: the id of the one
    that it is booked on; ``episode``: the clinic's own label of the course of treatment;
    ``injury``: what the care is for, staff's word."""

    start: datetime
    end: datetime | None = None
    service: str | None = None
    self_pay: bool | None = None
    payer: str | None = None
    practitioner: str | None = None
    place: Place | None = None
    prescription: str | None = None
    episode: str | None = None
    injury: Injury | None = None
    extra: Extra = field(default=NO_EXTRA, metadata={EXTRA: "booking"})


@dataclass(frozen=True, slots=True)
class Patient:
    """The client. ``acknowledged_on``: the day on which they took note of their cost share.
    ``identity``: whether it is certain that the booking is theirs; missing means ``sure``.
    ``guardian_consent``: whether a guardian's consent is on file, for a client who is not of
    age. ``language``: the one in which they want to be written to."""

    name: str | None = None
    birth_date: date | None = None
    intake_received: bool | None = None
    guardian_consent: bool | None = None
    acknowledged_on: date | None = None
    identity: Identity | None = None
    language: str | None = None


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
class Attending:
    """The provider who attends an injured worker."""

    name: str | None = None
    npi: str | None = None


@dataclass(frozen=True, slots=True)
class InjuryClaim:
    """An L&I or PIP claim."""

    number: str | None = None
    status: ClaimStatus | None = None
    date_of_injury: date | None = None
    insurer_kind: InsurerKind | None = None
    closed_on: date | None = None
    accepted_diagnoses: tuple[str, ...] | None = None
    attending: Attending | None = None
    adjuster: Adjuster | None = None
    insurer: str | None = None
    policy_number: str | None = None
    benefit: ClaimBenefit | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a client is insured by: plan and claim as on the card or as the plan said, and between
    which days it is in force, both included. ``massage_benefit``: the plan said that massage by a
    massage therapist is covered, or is not. Of ``visit_limit`` visits ``visits_used`` were used, as
    the plan said on ``visits_used_on``, of the plan year that this day lies in; a plan year begins
    on ``plan_year_start`` (missing: on the first of January). ``limit_shared_with``: other
    modalities that use up the same limit."""

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
    visits_used_on: date | None = None
    plan_year_start: MonthDay | None = None
    limit_shared_with: tuple[str, ...] | None = None
    cost_share: CostShare | None = None
    claim: InjuryClaim | None = None
    extra: Extra = field(default=NO_EXTRA, metadata={EXTRA: "coverage"})


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
    """A written order. ``loss_of_function`` is the text about it; ``False`` means that somebody
    looked for it and the order documents none. ``orders``: what is ordered; missing means massage.
    """

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
    orders: tuple[str, ...] | None = None
    pain: bool | None = None
    loss_of_function: str | Literal[False] | None = None
    purpose: Purpose | None = None
    extra: Extra = field(default=NO_EXTRA, metadata={EXTRA: "prescription"})


@dataclass(frozen=True, slots=True)
class Authorization:
    """The answer of a payer (or of the clinic) whether it approves visits, or the open question.

    ``visits_asked`` were asked for on ``requested_on``; the answer is of ``decided_on``. ``used``:
    how many the payer says are used, on ``used_on``. ``codes`` and ``diagnoses``: the CPT and
    ICD-10 codes that it speaks of."""

    payer: str | None = None
    kind: AuthorizationKind | str | None = field(default=None, metadata={PLUGINS_TOO: True})
    number: str | None = None
    status: AuthorizationStatus | None = None
    requested_on: date | None = None
    decided_on: date | None = None
    visits: int | None = None
    visits_asked: int | None = None
    used: int | None = None
    used_on: date | None = None
    codes: tuple[str, ...] | None = None
    diagnoses: tuple[str, ...] | None = None
    from_: date | None = field(default=None, metadata={"name": "from"})
    to: date | None = None
    extra: Extra = field(default=NO_EXTRA, metadata={EXTRA: "authorization"})


@dataclass(frozen=True, slots=True)
class Visit:
    """A completed visit, here or elsewhere. ``prescription`` and ``episode`` as of a booking;
    ``paid`` is what the payer did with its claim: it informs, and decides nothing."""

    on: date | None = None
    payer: str | None = None
    modality: str | None = None
    provider: Provider | None = None
    claim_number: str | None = None
    prescription: str | None = None
    episode: str | None = None
    paid: Paid | None = None
    extra: Extra = field(default=NO_EXTRA, metadata={EXTRA: "visit"})


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A standing booking other than the one that is decided."""

    start: datetime | None = None
    payer: str | None = None
    modality: str | None = None
    provider: Provider | None = None
    claim_number: str | None = None
    prescription: str | None = None
    episode: str | None = None


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
