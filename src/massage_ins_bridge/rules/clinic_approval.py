"""The clinic's own approval of every insurance booking, where the clinic wants one (NET-10)."""

from __future__ import annotations

from ..api import Case, Requirement, anything, authorization_state

KEY = "clinic-approval"


def clinic_approval(case: Case) -> Requirement | None:
    """``clinic-approval``, where the clinic approves every insurance booking itself."""
    if case.clinic.prior_approval != "always" or case.beside:
        return None
    rule = case.rules["NET-10"]
    state = authorization_state(
        case, (KEY,), None, complete=anything, counts_visits=False, not_required_counts=False
    ).state
    client = "We are checking your visit before we confirm it, and will tell you soon."
    if state == "covered":
        return rule.met(KEY, "The clinic approved the visit.")
    if state == "denied":
        text = "The clinic did not approve this care on insurance."
        told = "We cannot bill this care to your insurance."
        return rule.unmet(KEY, "block", text, "Tell the client.", told)
    remedy = "Check the benefits and record the clinic's approval."
    if state == "unknown":
        text = "It is not known whether the clinic approved the visit."
        return rule.unknown(KEY, text, remedy, client)
    text = "The clinic has not approved the visit yet."
    return rule.unmet(KEY, "hold", text, remedy, client)
