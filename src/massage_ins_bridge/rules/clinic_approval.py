"""The clinic's own approval of every insurance booking, where the clinic wants one (NET-10)."""

from __future__ import annotations

from ..api import Authorization, Case, Requirement, authorization_state


def clinic_approval(case: Case) -> Requirement | None:
    """``clinic-approval``, where the clinic approves every insurance booking itself."""
    if case.clinic.prior_approval != "always":
        return None
    key = "clinic-approval"
    rule = case.rules["NET-10"]
    state = authorization_state(
        case,
        (key,),
        None,
        complete=_relied_on,
        counts_visits=False,
        not_required_counts=False,
    ).state
    patient = "We approve every insurance visit before it takes place and will tell you soon."
    if state == "covered":
        return rule.met(key, "The clinic approved the visit.")
    if state == "denied":
        text = "The clinic did not approve this care on insurance."
        return rule.unmet(key, "block", text, "Tell the client, and offer self-pay.", patient)
    remedy = "Check the benefits and record the clinic's approval."
    if state == "unknown":
        text = "It is not known whether the clinic approved the visit."
        return rule.unknown(key, text, remedy, patient)
    text = "The clinic has not approved the visit yet."
    return rule.unmet(key, "hold", text, remedy, patient)


def _relied_on(_: Authorization) -> bool:
    """The clinic's own approval needs neither visits nor dates."""
    return True
