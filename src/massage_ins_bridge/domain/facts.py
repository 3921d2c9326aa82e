"""What the clinic knows: the facts that a decision rests on.

Every field may be ``None``, which always means *unknown* (a missing list is unknown, an empty
one says "none"). Dates are calendar days in the clinic's zone, times are aware datetimes.
What each of them means stands in ``api/_meanings.py``, and ``help`` of its class tells it.
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
from .happened import day_of
from .scalars import MonthDay
from .told import Told
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
class Booking(metaclass=Told):
    """One appointment."""

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
class Patient(metaclass=Told):
    """The client."""

    name: str | None = None
    birth_date: date | None = field(default=None, metadata=day_of("birth"))
    intake_received: bool | None = None
    guardian_consent: bool | None = None
    acknowledged_on: date | None = field(default=None, metadata=day_of("the acknowledgement"))
    identity: Identity | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What a client accepted, word for word, and when."""

    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CostShare(metaclass=Told):
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
class ClaimBenefit(metaclass=Told):
    """A PIP policy's medical limit and what was left of it on ``asked_on``, in US dollars."""

    limit: Decimal | None = None
    left: Decimal | None = None
    asked_on: date | None = field(default=None, metadata=day_of("the insurer's answer"))


@dataclass(frozen=True, slots=True)
class Attending(metaclass=Told):
    """The provider who attends an injured worker."""

    name: str | None = None
    npi: str | None = None


@dataclass(frozen=True, slots=True)
class InjuryClaim(metaclass=Told):
    """An L&I or PIP claim."""

    number: str | None = None
    status: ClaimStatus | None = None
    date_of_injury: date | None = field(default=None, metadata=day_of("the injury"))
    insurer_kind: InsurerKind | None = None
    closed_on: date | None = None
    accepted_diagnoses: tuple[str, ...] | None = None
    attending: Attending | None = None
    adjuster: Adjuster | None = None
    insurer: str | None = None
    policy_number: str | None = None
    benefit: ClaimBenefit | None = None


@dataclass(frozen=True, slots=True)
class Coverage(metaclass=Told):
    """What a client is insured by: plan and claim as on the card or as the plan said, and between
    which days it is in force, both included. Of ``visit_limit`` visits ``visits_used`` were
    used, as the plan said on ``visits_used_on``, of the plan year that this day lies in."""

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
    visits_used_on: date | None = field(default=None, metadata=day_of("the plan's count"))
    plan_year_start: MonthDay | None = None
    limit_shared_with: tuple[str, ...] | None = None
    cost_share: CostShare | None = None
    claim: InjuryClaim | None = None
    extra: Extra = field(default=NO_EXTRA, metadata={EXTRA: "coverage"})


@dataclass(frozen=True, slots=True)
class Prescriber(metaclass=Told):
    """Who ordered the massage: credential as written, NPI, and the state of the licence."""

    name: str | None = None
    credential: str | None = None
    npi: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Frequency(metaclass=Told):
    """``times`` visits in each ``per``."""

    times: int | None = None
    per: Unit | None = None


@dataclass(frozen=True, slots=True)
class Duration(metaclass=Told):
    """``count`` units, counted from the day of signing."""

    count: int | None = None
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class Prescription(metaclass=Told):
    """A written order."""

    id: str | None = None
    signed_on: date | None = field(default=None, metadata=day_of("signing", on_paper=True))
    received_on: date | None = field(default=None, metadata=day_of("receipt"))
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
class Authorization(metaclass=Told):
    """The answer of a payer (or of the clinic) whether it approves visits, or the open question."""

    payer: str | None = None
    kind: AuthorizationKind | str | None = field(default=None, metadata={PLUGINS_TOO: True})
    number: str | None = None
    status: AuthorizationStatus | None = None
    requested_on: date | None = field(default=None, metadata=day_of("the request"))
    decided_on: date | None = field(default=None, metadata=day_of("the decision"))
    visits: int | None = None
    visits_asked: int | None = None
    used: int | None = None
    used_on: date | None = field(default=None, metadata=day_of("the payer's count"))
    codes: tuple[str, ...] | None = None
    diagnoses: tuple[str, ...] | None = None
    from_: date | None = field(default=None, metadata={"name": "from"})
    to: date | None = None
    extra: Extra = field(default=NO_EXTRA, metadata={EXTRA: "authorization"})


@dataclass(frozen=True, slots=True)
class Visit(metaclass=Told):
    """A completed visit, here or elsewhere."""

    on: date | None = field(default=None, metadata=day_of("the visit"))
    payer: str | None = None
    modality: str | None = None
    provider: Provider | None = None
    claim_number: str | None = None
    prescription: str | None = None
    episode: str | None = None
    paid: Paid | None = None
    extra: Extra = field(default=NO_EXTRA, metadata={EXTRA: "visit"})


@dataclass(frozen=True, slots=True)
class Upcoming(metaclass=Told):
    """A standing booking other than the one that is decided."""

    start: datetime | None = None
    payer: str | None = None
    modality: str | None = None
    provider: Provider | None = None
    claim_number: str | None = None
    prescription: str | None = None
    episode: str | None = None
    end: datetime | None = None
    extra: Extra = field(default=NO_EXTRA, metadata={EXTRA: "booking"})


@dataclass(frozen=True, slots=True)
class ProgressReport(metaclass=Told):
    """A report sent to the payer."""

    on: date | None = field(default=None, metadata=day_of("the report"))
    payer: str | None = None
    improvement: bool | None = None


@dataclass(frozen=True, slots=True)
class Chart(metaclass=Told):
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
