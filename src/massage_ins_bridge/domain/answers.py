"""What plugins answer: requirements, waivers and actions, and the decision made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from .facts import Prescription
from .slots import filled_directly
from .source import Source
from .told import Told

Outcome = Literal["allow", "hold", "block"]
Status = Literal["met", "unmet", "due", "waived", "unknown"]
Cost = Literal["none", "warn", "hold", "block"]
Route = Literal["claim", "superbill", "self-pay"]
Strength = Literal["firm", "doubtful"]
#: On which terms self-pay is offered: freely, or by an agreement for this service signed before.
Terms = Literal["free", "signed-before"]

COST_RANK: Mapping[str, int] = {"none": 0, "warn": 1, "hold": 2, "block": 3}
STATUS_RANK: Mapping[str, int] = {"met": 0, "waived": 1, "due": 2, "unknown": 3, "unmet": 4}

#: The keys that outsiders rely on, in the order a reader meets them.
REQUIREMENT_KEYS: tuple[str, ...] = (
    "plugin.failed",
    "coverage",
    "coordination",
    "network",
    "intake",
    "guardian-consent",
    "prescription",
    "prescription.signature",
    "prescription.diagnosis",
    "prescription.frequency",
    "prescription.duration",
    "prescription.prescriber",
    "prescription.current",
    "prescription.visits",
    "prescription.orders",
    "prescription.purpose",
    "prescription.lead-time",
    "diagnosis.reimbursable",
    "medical-necessity",
    "clinic-approval",
    "referral",
    "prior-authorization",
    "claim",
    "progress-report",
    "same-day-care",
    "place",
    "benefit",
    "cost-share",
    "identity",
)
#: The keys that the host alone names: no plugin may ask for them, or waive them.
HOST_KEYS: frozenset[str] = frozenset({"plugin.failed", "identity"})

ACTION_KINDS: frozenset[str] = frozenset(
    {
        "request-authorization",
        "request-extension",
        "chase-authorization",
        "request-referral",
        "send-lni-form",
        "send-progress-report",
        "ask-prescriber",
        "review-prescription",
        "confirm-coverage",
        "check-benefit",
        "settle-coordination",
        "submit-claim",
        "give-superbill",
        "collect-payment",
        "appeal",
    }
)

#: Requirements that rest on the coverage: until staff confirmed it, none of them is met.
RESTS_ON_COVERAGE: frozenset[str] = frozenset(
    {"coverage", "coordination", "referral", "prior-authorization", "claim", "benefit"}
)


@filled_directly
@dataclass(frozen=True, slots=True)
class Requirement(metaclass=Told):
    """One thing that a rule asks of a booking: how it stands, and what that costs now.

    Only ``unmet`` and ``unknown`` cost anything, and ``unknown`` at most a hold; what is met or
    waived may warn. No text speaks of paying oneself, which the gate adds where it may be offered.
    """

    key: str
    status: Status
    effect: Cost
    rule: str
    plugin: str
    message: str
    remedy: str
    patient_message: str
    source: Source
    due: date | None = None
    payer: str | None = None
    not_covered: bool = False


@dataclass(frozen=True, slots=True)
class Waiver(metaclass=Told):
    """A plugin's statement that a requirement does not apply here, and why.

    A ``firm`` waiver makes the requirement ``waived``. A ``doubtful`` one is not confirmed by
    anybody: it makes an ``unmet`` requirement ``unknown`` and leaves every other as it is.
    """

    key: str
    rule: str
    plugin: str
    strength: Strength
    reason: str
    source: Source
    confirm_with_plan: bool = False
    advice: str = ""
    payer: str | None = None


@filled_directly
@dataclass(frozen=True, slots=True)
class Action(metaclass=Told):
    """Work that somebody owes, by ``due`` where there is a day for it."""

    kind: str
    rule: str
    message: str
    due: date | None = None
    cures: str | None = None


@filled_directly
@dataclass(frozen=True, slots=True)
class Answer(metaclass=Told):
    """All that one plugin says of one booking."""

    requirements: tuple[Requirement, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    actions: tuple[Action, ...] = ()
    prescription: Prescription | None = None


@dataclass(frozen=True, slots=True)
class Finding(metaclass=Told):
    """What a plugin noticed on one field of a prescription document."""

    field: str
    status: Status
    rule: str
    plugin: str
    message: str
    remedy: str
    source: Source


@dataclass(frozen=True, slots=True)
class UploadAnswer(metaclass=Told):
    """What a plugin says of an uploaded prescription in view of one standing booking."""

    findings: tuple[Finding, ...] = ()
    may_cure: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PluginFailure:
    """A plugin that could not answer: it counts as a hold until it is repaired or disabled.
    ``cause`` is what it raised, for its author alone: the text may hold a client's facts."""

    plugin: str
    reason: str
    cause: BaseException | None = field(default=None, compare=False, repr=False)


@filled_directly
@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided on one booking, and why.

    ``payer`` is the key of a payer that a plugin serves, else the name as it was given.
    ``requirements`` come in the order of ``REQUIREMENT_KEYS``, failed plugins first.
    ``rules_as_of`` is the date of service, ``ruleset`` the version of each asked plugin's rules.
    """

    outcome: Outcome
    payer: str | None
    route: Route | None
    payment_at_visit: bool
    visit_number: int | None
    requirements: tuple[Requirement, ...]
    waivers: tuple[Waiver, ...]
    actions: tuple[Action, ...]
    self_pay_offered: bool
    self_pay_terms: Terms | None
    rules_as_of: date
    ruleset: Mapping[str, str]

    def to_dict(self) -> dict[str, Any]:
        """The decision as plain JSON values, keys in their fixed order."""
        return {
            "outcome": self.outcome,
            "payer": self.payer,
            "route": self.route,
            "payment_at_visit": self.payment_at_visit,
            "visit_number": self.visit_number,
            "requirements": [_requirement(r, self.payer) for r in self.requirements],
            "waivers": [_waiver(w, self.payer) for w in self.waivers],
            "actions": [_action(a) for a in self.actions],
            "self_pay_offered": self.self_pay_offered,
            "self_pay_terms": self.self_pay_terms,
            "rules_as_of": self.rules_as_of.isoformat(),
            "ruleset": dict(sorted(self.ruleset.items())),
        }


def _requirement(item: Requirement, billed: str | None) -> dict[str, Any]:
    return {
        "key": item.key,
        "payer": item.payer or billed,
        "status": item.status,
        "effect": item.effect,
        "rule": item.rule,
        "plugin": item.plugin,
        "message": item.message,
        "remedy": item.remedy,
        "patient_message": item.patient_message,
        "due": item.due.isoformat() if item.due else None,
        "source": item.source.to_dict(),
    }


def _waiver(item: Waiver, billed: str | None) -> dict[str, Any]:
    return {
        "key": item.key,
        "payer": item.payer or billed,
        "rule": item.rule,
        "plugin": item.plugin,
        "strength": item.strength,
        "reason": item.reason,
        "source": item.source.to_dict(),
        "confirm_with_plan": item.confirm_with_plan,
    }


def _action(item: Action) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "due": item.due.isoformat() if item.due else None,
        "rule": item.rule,
        "message": item.message,
    }
