"""Bookings that the client pays herself: no insurance rule applies, with one exception in law."""

from __future__ import annotations

from ..domain.answers import Decision, Requirement
from ..domain.payer import PayerIndex
from .case import Case


def decide_self_pay(case: Case, payers: PayerIndex) -> Decision:
    """Allow, unless the booking names a payer whose care may never be paid by the client."""
    match = payers.find(case.booking.payer)
    if match is not None and match.payer.self_pay_rule is not None:
        rule = case.all_rules.get(match.payer.plugin, {}).get(match.payer.self_pay_rule)
        if rule is not None:
            requirement = rule.unmet(
                "coverage",
                "hold",
                f"The booking is marked as self-pay and names {match.payer.name}, "
                "whose care the client may never be asked to pay for.",
                f"Find out whether this visit treats the {match.payer.name} claim: if so book it "
                "on the claim, if not take the payer off the booking.",
                "We need to check how this visit is paid for. Please do not pay anything yet.",
            )
            return _decision(case, "hold", match.payer.key, (requirement,))
    return _decision(case, "allow", None, ())


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
