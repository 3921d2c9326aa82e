"""``claim``: number, status, closing date, injury and what is left (CVC-07, CVC-08, CVC-10,
CVC-18)."""

from __future__ import annotations

import re

from massage_ins_bridge.api import Action, Case, InjuryClaim, Requirement, in_words

KEY = "claim"
PATIENT = "We are checking the claim for this visit and will tell you soon."
LOOK = "Ask the program how the claim stands, and record the answer."
SAID = {"pending": "not decided yet", "reopening": "asked to be opened again"}
Found = tuple[list[Requirement], list[Action]]


def claim(case: Case) -> Found:
    """How the claim stands on the day; every fault that is found, the gate takes the worst."""
    item = claim_of(case)
    judged = (_number(case, item), _status(case, item), _injury(case, item), _left(case, item))
    found = [one for one in judged if one is not None]
    if not found:
        text = f"Claim “{item.number}” is good on the day."
        return [case.rules["CVC-08"].met(KEY, text)], []
    return found, []


def claim_of(case: Case) -> InjuryClaim:
    """The claim that is billed; an empty one where nothing is on file of it."""
    return (case.coverage.claim if case.coverage else None) or InjuryClaim()


def _number(case: Case, item: InjuryClaim) -> Requirement | None:
    rule = case.rules["CVC-07"]
    ask = "Ask the client or the program for the claim number, such as VA12345."
    if item.number is None:
        text = "No claim number is on file. The program may not pay without one."
        return rule.unknown(KEY, text, ask, PATIENT)
    if re.fullmatch(rule.values["pattern"], item.number, re.ASCII):
        return None
    text = f"As far as we know, “{item.number}” is not a claim number of the program."
    return rule.unmet(KEY, "hold", text, ask, PATIENT)


def _status(case: Case, item: InjuryClaim) -> Requirement | None:
    rule, status = case.rules["CVC-08"], item.status
    past = item.closed_on is not None and case.date_of_service > item.closed_on
    if status == "rejected":
        text = "The claim is rejected, so the program does not pay on it."
        cure = "Tell the client; they may protest at the program."
        return rule.unmet(KEY, "block", text, cure, "The claim for this visit was rejected.")
    if status == "exhausted":
        return _used_up(case)
    if status == "closed" and item.closed_on is None:
        text = "The claim is closed and its closing date is not on file."
        return rule.unknown(KEY, text, LOOK, PATIENT)
    if item.closed_on and past and status == "closed":
        text = f"The claim closed on {in_words(item.closed_on)}, before the visit."
        cure = "The client may ask the program to open the claim again."
        client = "The claim for this visit is closed. You may ask to have it opened again."
        return rule.unmet(KEY, "block", text, cure, client)
    if item.closed_on and past and status in ("open", "allowed"):
        text = f"The claim is called {status}, and closed on {in_words(item.closed_on)}."
        return rule.unmet(KEY, "hold", text, LOOK, PATIENT)
    if status in ("closed", "allowed", "open"):
        return None
    if status in ("pending", "reopening"):
        rule = rule if status == "pending" else case.rules["CVC-18"]
        text = f"The claim is {SAID[status]}, so it is not certain that it is paid for."
        return rule.unmet(KEY, "hold", text, LOOK, PATIENT)
    return rule.unknown(KEY, "The claim's status is not known.", LOOK, PATIENT)


def _injury(case: Case, item: InjuryClaim) -> Requirement | None:
    if item.date_of_injury is None or case.date_of_service >= item.date_of_injury:
        return None
    text = f"The visit lies before the injury of {in_words(item.date_of_injury)}."
    cure = "Check the claim's dates."
    return case.rules["CVC-15"].unmet(KEY, "hold", text, cure, PATIENT)


def _left(case: Case, item: InjuryClaim) -> Requirement | None:
    """What the program said is left of its maximum."""
    if item.benefit is None or item.benefit.left is None or item.benefit.left > 0:
        return None
    return _used_up(case)


def _used_up(case: Case) -> Requirement:
    rule = case.rules["CVC-10"]
    most = int(rule.values["medical"])
    text = f"Nothing is left of the {most:,} dollars that the program pays for one claim."
    cure = "Ask the program what is billed from now on, before the visit."
    return rule.unmet(KEY, "hold", text, cure, PATIENT)
