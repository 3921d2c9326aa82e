"""The clinic as the rules see it: its practitioners, networks and what it chose for itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .told import Told
from .vocabulary import LateAuthorization, Network, PriorApproval

DEFAULT_ZONE = "America/Los_Angeles"


@dataclass(frozen=True, slots=True)
class NetworkSpan(metaclass=Told):
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
class Clinic(metaclass=Told):
    """The tenant and what it chose for itself. ``None`` means the rule book's own: lead days, and
    from what age a client needs no guardian (``adult_age``). ``late_authorization``: what an
    authorization costs that can no longer come in time. ``fees``: by payer, what a visit costs, in
    US dollars."""

    network: Mapping[str, tuple[NetworkSpan, ...]] | None = None
    prior_approval: PriorApproval | None = None
    prescription_lead_days: int | None = None
    adult_age: int | None = None
    timezone: str | None = None
    name: str | None = None
    pip_payment_at_visit: bool | None = None
    practitioners: tuple[Practitioner, ...] | None = None
    late_authorization: LateAuthorization | None = None
    fees: Mapping[str, Decimal] | None = None
