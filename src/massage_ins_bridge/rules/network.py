"""The clinic's network status with the payer, and what follows for payment (NET-05, NET-08)."""

from __future__ import annotations

from ..api import Action, Case, Requirement, in_words


def network(case: Case) -> Requirement | None:
    """``network``: whether the clinic's status is known, and in network where it must be."""
    payer = case.payer
    if payer is None or not payer.needs_network:
        return None
    rule, name, day = case.rules["NET-08"], payer.name, in_words(case.date_of_service)
    if not payer.served:
        return rule.unknown(
            "network",
            f"Whether the clinic is in the network of {name} is not judged without rules for it.",
            f"Ask {name}, and decide this booking by hand.",
            "We are checking how your insurance works with us.",
        )
    if case.network is None:
        return rule.unknown(
            "network",
            f"It is not known whether the clinic is in the network of {name} on {day}.",
            f"Enter the clinic's network status with {name} in the settings. Where it differs by "
            "therapist or plan, name them on the booking and the coverage.",
            "We are checking how your insurance works with us.",
        )
    if case.network == "in":
        return rule.met("network", f"The clinic is in the network of {name}.")
    if payer.must_be_in_network:
        return rule.unmet(
            "network",
            "hold",
            f"The clinic is not in the network of {name} on {day}.",
            f"{name} pays its own providers alone. Refer the client, or settle it with {name}.",
            "We are checking if we can treat you on this claim.",
        )
    return rule.met(
        "network",
        f"The clinic is out of the network of {name}. The client pays at the visit and gets a bill "
        "to send in.",
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
        rule.action("give-superbill", "Give the client a bill to send to the insurance.", day),
    ]
