"""Self-pay bookings: no insurance rule applies to them, with one exception in law."""

from __future__ import annotations

from ..domain.answers import Decision, Requirement
from ..domain.payer import Payer, PayerIndex, unserved
from ..domain.rule import Rule
from .case import CORE, Case
from .combine import names_workers_care


def decide_self_pay(case: Case, payers: PayerIndex) -> Decision:
    """Allow, unless the booking names a payer whose care may never be paid by the client."""
    named = case.booking.payer
    match = payers.find(named)
    payer = match.payer if match else unserved(named) if named else None
    rule = _forbids(case, payer) if payer is not None else None
    if payer is None or rule is None:
        return _decision(case, "allow", None, ())
    requirement = rule.unmet(
        "coverage",
        "hold",
        f"The booking is marked as self-pay and names {payer.name}, whose care the client may "
        "never be asked to pay for.",
        f"Find out whether this visit treats the {payer.name} claim: if so book it on the claim, "
        "if not take the payer off the booking.",
        "We need to check how this visit is paid for. Please do not pay anything yet.",
    )
    name = payer.key if payer.served else payer.name
    return _decision(case, "hold", name, (requirement,))


def _forbids(case: Case, payer: Payer) -> Rule | None:
    """The rule against paying oneself, the payer's own or, where nobody serves it, ours."""
    if names_workers_care(case, payer):
        return case.all_rules[CORE]["CP-WORKER"]
    if payer.self_pay_rule is None:
        return None
    return case.all_rules.get(payer.plugin, {}).get(payer.self_pay_rule)


def _decision(
    case: Case, outcome: str, payer: str | None, requirements: tuple[Requirement, ...]
) -> Decision:
    allowed = outcome == "allow"
    return Decision(
        outcome="allow" if allowed else "hold",
        payer=payer,
        route="self-pay" if allowed else None,
        payment_at_visit=allowed,
        visit_number=None,
        requirements=requirements,
        waivers=(),
        actions=(),
        self_pay_offered=False,
        rules_as_of=case.date_of_service,
        ruleset={},
    )
