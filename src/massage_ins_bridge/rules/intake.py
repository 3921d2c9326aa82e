"""The client's intake form: received, or due by a day (RX-08)."""

from __future__ import annotations

from ..api import Case, Requirement
from .lead import by_when, due_day, please


def intake(case: Case) -> Requirement:
    """``intake``: whether the form is in."""
    rule = case.rules["RX-08"]
    received = case.patient.intake_received
    if received:
        return rule.met("intake", "The intake form is in.")
    due = due_day(case)
    remedy = "Send the client the link to the intake form."
    client = please(case, "fill in our intake form")
    if received is False:
        text = f"The intake form is not in. {by_when(case)}"
        return rule.unmet("intake", "hold", text, remedy, client, due)
    text = f"It is not recorded whether the intake form is in. {by_when(case)}"
    return rule.unknown("intake", text, remedy, client, due)
