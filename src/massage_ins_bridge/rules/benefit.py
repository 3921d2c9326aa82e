"""Whether the plan covers massage (CP-BENEFIT), and its own limit of visits (NET-12)."""

from __future__ import annotations

from ..api import Case, Requirement


def benefit(case: Case) -> Requirement | None:
    """``benefit``: whether the plan covers massage, and its visits last to this one. A limit that
    is not known only warns: knowing it is up to the client."""
    if case.payer is None or not case.payer.has_benefit or case.coverage is None:
        return None
    if case.coverage.massage_benefit is False:
        return case.rules["CP-BENEFIT"].unmet(
            "benefit",
            "block",
            f"The plan of {case.payer.name} said that it covers no massage by a massage therapist.",
            "Offer self-pay.",
            "Your plan does not cover massage, so the visit cannot take place on insurance. "
            "You are welcome to pay for it yourself.",
        )
    rule = case.rules["NET-12"]
    limit, used = case.coverage.visit_limit, case.coverage.visits_used
    if limit is None or used is None:
        return rule.unknown(
            "benefit",
            "The plan's limit of massage visits, or how many are used, is not known.",
            "Ask the client, or look it up with the plan.",
            "Please find out how many massage visits your plan allows.",
            effect="warn",
        )
    if case.booked is None and used < limit:
        return rule.unknown(
            "benefit",
            "Other bookings before this one are not known, so the plan's limit cannot be checked.",
            "Record the client's standing bookings.",
            "We are checking how many visits your plan has left.",
        )
    key = case.payer.key
    booked = 0
    for entry in case.booked or ():
        booked += entry.here and entry.payer == key
    if used + booked >= limit:
        return rule.unmet(
            "benefit",
            "block",
            f"The plan allows {limit} visits: {used} are used and {booked} booked before this one.",
            "Offer self-pay.",
            "Your plan's massage visits are used up. You are welcome to pay for it yourself.",
        )
    return rule.met("benefit", f"{used} of {limit} visits used, {booked} booked before this one.")
