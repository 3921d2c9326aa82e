"""The client's intake form: received, or due by a day (RX-08)."""

from __future__ import annotations

from ..api import Case, Requirement
from .prescription import due_day


def intake(case: Case) -> Requirement:
    """``intake``: whether the form is in."""
    rule = case.rules["RX-08"]
    received = case.patient.intake_received
    if received:
        return rule.met("intake", "The intake form is in.")
    due = due_day(case)
    remedy = "Send the client the link to the intake form."
    patient = f"Please fill in our intake form by {due}."
    if received is False:
        text = f"The intake form is not in; it is due by {due}."
        return rule.unmet("intake", "hold", text, remedy, patient, due)
    text = f"It is not recorded whether the intake form is in; it is due by {due}."
    return rule.unknown("intake", text, remedy, patient, due)
