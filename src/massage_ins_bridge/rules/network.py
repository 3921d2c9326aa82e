"""The clinic's network status with the payer, and what follows for payment (NET-05, NET-08)."""

from __future__ import annotations

from ..api import Action, Case, Requirement


def network(case: Case) -> Requirement | None:
    """``network``: whether the clinic's status is known, and in network where it must be."""
    payer = case.payer
    if payer is None or not payer.needs_network:
        return None
    rule = case.rules["NET-08"]
    name = payer.name
    if case.network is None:
        return rule.unknown(
            "network",
            f"It is not known whether the clinic is in {name}'s network on {case.date_of_service}.",
            f"Enter the clinic's network status with {name} in the settings.",
            "We are checking how your insurance works with us.",
        )
    if case.network == "in":
        return rule.met("network", f"The clinic is in {name}'s network.")
    if payer.must_be_in_network:
        return rule.unmet(
            "network",
            "hold",
            f"The clinic is not in {name}'s network on {case.date_of_service}.",
            f"Only a provider with a {name} number is paid; refer the client or settle the number.",
            "We need to check whether we can treat you on this claim.",
        )
    return rule.met(
        "network",
        f"The clinic is out of {name}'s network: the client pays at the visit, with a superbill.",
    )


def payment_at_visit(case: Case) -> list[Action]:
    """Out of network the client pays at the visit and gets a superbill."""
    payer = case.payer
    by_network = payer is not None and payer.served and payer.settlement == "network"
    if not by_network or case.network != "out":
        return []
    rule = case.rules["NET-05"]
    day = case.date_of_service
    return [
        rule.action("collect-payment", "Take payment at the visit.", day),
        rule.action("give-superbill", "Give the client a superbill.", day),
    ]
