"""``claim`` of an L&I booking: number, status, closing date, injury (LNI-10 to LNI-13)."""

from __future__ import annotations

import re

from massage_ins_bridge.api import Action, Case, InjuryClaim, Requirement, in_words

KEY = "claim"
PATIENT = "We are checking your L&I claim and will tell you soon."
SAID = {"pending": "not decided yet", "reopening": "asked to be opened again"}
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
        return [rule.met(KEY, f"Claim “{item.number}” is good on the day.")], _who(case, item)
    return found, _who(case, item)


def _number(case: Case, item: InjuryClaim) -> Requirement | None:
    rule = case.rules["LNI-10"]
    remedy = "Ask the client or L&I for the claim number: A123456 or AB12345."
    if item.number is None:
        return rule.unknown(KEY, "No claim number is on file.", remedy, PATIENT)
    if not re.fullmatch(rule.values["pattern"], item.number, re.ASCII):
        text = f"“{item.number}” is not an L&I claim number."
        return rule.unmet(KEY, "hold", text, remedy, PATIENT)
    if item.number.startswith(rule.values["crime_victims"]):
        text = f"“{item.number}” is a crime victims' claim, and not a worker's."
        remedy = "Record it as a claim of Crime Victims Compensation, which is another payer."
        return rule.unmet(KEY, "hold", text, remedy, PATIENT)
    return None


def _status(case: Case, item: InjuryClaim) -> Requirement | None:
    rule = case.rules["LNI-13"]
    status = item.status
    past = item.closed_on and case.date_of_service > item.closed_on
    look = "Look the claim up at L&I or ask the insurer."
    if status == "rejected":
        text = "The claim is rejected, so L&I does not pay on it."
        remedy = "Tell the client; they may protest at L&I."
        return rule.unmet(KEY, "block", text, remedy, "L&I has rejected your claim.")
    if status == "closed" and item.closed_on is None:
        text = "The claim is closed and its closing date is not on file."
        return rule.unknown(KEY, text, look, PATIENT)
    if item.closed_on and past and status == "closed":
        text = f"The claim closed on {in_words(item.closed_on)}, before the visit."
        remedy = "The client may ask L&I to reopen the claim."
        client = "Your L&I claim is closed. You may ask L&I to open it again."
        return rule.unmet(KEY, "block", text, remedy, client)
    if item.closed_on and past and status in ("open", "allowed"):  # opened again, or not closed
        text = f"The claim is called {status}, and closed on {in_words(item.closed_on)}."
        return rule.unmet(KEY, "hold", text, look, PATIENT)
    if status in ("closed", "allowed", "open"):
        return None
    if status in ("pending", "reopening"):
        text = f"The claim is {SAID[status]}, so payment is not certain."
        return rule.unmet(KEY, "hold", text, look, PATIENT)
    return rule.unknown(KEY, "The claim's status is not known.", look, PATIENT)


def _injury(case: Case, item: InjuryClaim) -> Requirement | None:
    if item.date_of_injury is None or case.date_of_service >= item.date_of_injury:
        return None
    text = f"The visit lies before the injury of {in_words(item.date_of_injury)}."
    return case.rules["LNI-13"].unmet(KEY, "hold", text, "Check the claim's dates.", PATIENT)


def _who(case: Case, item: InjuryClaim) -> list[Action]:
    if item.insurer_kind is not None:
        return []
    text = "Ask who insures the claim: the state fund or a self-insured employer."
    return [case.rules["LNI-11"].action("confirm-coverage", text)]
