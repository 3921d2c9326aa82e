"""``claim`` of an L&I booking: number, status, closing date, injury (LNI-10 to LNI-13)."""

from __future__ import annotations

import re

from massage_ins_bridge.api import Action, Case, InjuryClaim, Requirement

KEY = "claim"
PATIENT = "We are checking your L&I claim. You do not have to pay anything for this care."
Found = tuple[list[Requirement], list[Action]]


def claim(case: Case) -> Found:
    """How the claim stands on the date of service."""
    item = (case.coverage.claim if case.coverage else None) or InjuryClaim()
    number = _number(case, item)
    status = _status(case, item)
    injury = _injury(case, item)
    found = [r for r in (number, status, injury) if r is not None]
    if not found:
        rule = case.rules["LNI-13"]
        return [rule.met(KEY, f"Claim {item.number} is {item.status} on the day.")], _who(
            case, item
        )
    return found, _who(case, item)


def _number(case: Case, item: InjuryClaim) -> Requirement | None:
    rule = case.rules["LNI-10"]
    remedy = "Ask the client or L&I for the claim number: A123456 or AB12345."
    if item.number is None:
        return rule.unknown(KEY, "No claim number is on file.", remedy, PATIENT)
    if not re.fullmatch(rule.values["pattern"], item.number, re.ASCII):
        text = f"{item.number} is not an L&I claim number."
        return rule.unmet(KEY, "hold", text, remedy, PATIENT)
    if item.number.startswith(rule.values["crime_victims"]):
        text = f"Claim {item.number} is a crime victims' claim, which this bridge does not judge."
        return rule.unmet(KEY, "hold", text, "Ask the Crime Victims program.", PATIENT)
    return None


def _status(case: Case, item: InjuryClaim) -> Requirement | None:
    rule = case.rules["LNI-13"]
    status = item.status
    past = item.closed_on is not None and case.date_of_service > item.closed_on
    look = "Look the claim up at L&I or ask the insurer."
    if status == "rejected":
        text = "The claim is rejected: nothing is paid on it."
        return rule.unmet(KEY, "block", text, "Tell the client; they may protest at L&I.", PATIENT)
    if status == "closed" and item.closed_on is None:
        text = "The claim is closed and its closing date is not on file."
        return rule.unknown(KEY, text, look, PATIENT)
    if past and status in ("closed", "allowed"):
        text = f"The claim closed on {item.closed_on}, before the visit."
        remedy = "The client may ask L&I to reopen the claim."
        return rule.unmet(KEY, "block", text, remedy, PATIENT)
    if past and status == "open":  # it may have been opened again
        text = f"The claim is called open, and closed on {item.closed_on}, before the visit."
        return rule.unmet(KEY, "hold", text, look, PATIENT)
    if status in ("closed", "allowed", "open"):
        return None
    if status in ("pending", "reopening"):
        text = f"The claim is {status}: payment is not certain."
        return rule.unmet(KEY, "hold", text, look, PATIENT)
    return rule.unknown(KEY, "The claim's status is not known.", look, PATIENT)


def _injury(case: Case, item: InjuryClaim) -> Requirement | None:
    if item.date_of_injury is None or case.date_of_service >= item.date_of_injury:
        return None
    text = f"The visit lies before the injury of {item.date_of_injury}."
    return case.rules["LNI-13"].unmet(KEY, "hold", text, "Check the claim's dates.", PATIENT)


def _who(case: Case, item: InjuryClaim) -> list[Action]:
    if item.insurer_kind is not None:
        return []
    text = "Ask who insures the claim: the state fund or a self-insured employer."
    return [case.rules["LNI-11"].action("confirm-coverage", text)]
