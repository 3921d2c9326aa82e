"""``claim`` of a PIP booking (PIP-03 to PIP-07) and warnings on what billing it needs."""

from __future__ import annotations

from massage_ins_bridge.api import Action, Case, InjuryClaim, Requirement, add_days, add_months

KEY = "claim"
PATIENT = "We are checking your auto insurance claim for this visit."
Found = tuple[list[Requirement], list[Action]]


def claim(case: Case) -> Found:
    """How the claim stands on the date of service; every fault found, the gate takes the worst."""
    item = _claim(case)
    parts = (_number(case, item), _status(case, item), _injury(case, item), _left(case, item))
    found = [part for part in parts if part is not None]
    if not found:
        return [case.rules["PIP-04"].met(KEY, f"Claim {item.number} is open on the day.")], []
    return found, []


def _claim(case: Case) -> InjuryClaim:
    return (case.coverage.claim if case.coverage else None) or InjuryClaim()


def _number(case: Case, item: InjuryClaim) -> Requirement | None:
    if item.number is not None:
        return None
    remedy = "Ask the client or the adjuster for the claim number."
    return case.rules["PIP-04"].unknown(KEY, "No claim number is on file.", remedy, PATIENT)


def _status(case: Case, item: InjuryClaim) -> Requirement | None:
    rule = case.rules["PIP-04"]
    ask = "Ask the adjuster how the claim stands, and record the answer."
    status = item.status
    past = item.closed_on is not None and case.date_of_service > item.closed_on
    if status == "exhausted":
        return _exhausted(case)
    if status == "rejected":
        text = "The claim is rejected: nothing is paid on it."
        return rule.unmet(KEY, "block", text, "Offer another way to pay.", PATIENT)
    if status == "closed" and item.closed_on is None:
        text = "The claim is closed and its closing date is not on file."
        return rule.unknown(KEY, text, ask, PATIENT)
    if past and status in ("closed", "allowed"):
        text = f"The claim closed on {item.closed_on}, before the visit."
        return rule.unmet(KEY, "block", text, "Offer another way to pay.", PATIENT)
    if past and status == "open":  # it may have been opened again
        text = f"The claim is called open, and closed on {item.closed_on}, before the visit."
        return rule.unmet(KEY, "hold", text, ask, PATIENT)
    if status in ("closed", "allowed", "open"):
        return None
    if status in ("pending", "reopening"):
        text = f"The claim is {status}: payment is not certain."
        return rule.unmet(KEY, "hold", text, ask, PATIENT)
    return case.rules["PIP-07"].unknown(KEY, "The claim's status is not known.", ask, PATIENT)


def _injury(case: Case, item: InjuryClaim) -> Requirement | None:
    rule = case.rules["PIP-03"]
    if item.date_of_injury is None:
        text = "The date of injury is not on file."
        return rule.unknown(KEY, text, "Ask the client or the adjuster for it.", PATIENT)
    if case.date_of_service < item.date_of_injury:
        text = f"The visit lies before the injury of {item.date_of_injury}."
        return rule.unmet(KEY, "hold", text, "Check the claim's dates.", PATIENT)
    last = add_months(item.date_of_injury, int(rule.values["months"]))
    if case.date_of_service <= last:
        return None
    text = f"PIP pays care until three years after the accident, {last}."
    return rule.unmet(KEY, "block", text, "Offer another way to pay.", PATIENT)


def _left(case: Case, item: InjuryClaim) -> Requirement | None:
    benefit = item.benefit
    if benefit is None or benefit.left is None or benefit.left > 0:
        return None
    return _exhausted(case)


def _exhausted(case: Case) -> Requirement:
    return case.rules["PIP-05"].unmet(
        KEY,
        "hold",
        "The PIP benefit is exhausted.",
        "Ask the client what is billed instead: a third party, health insurance or cash.",
        "The medical benefit of your auto insurance is used up. Please tell us how you want to "
        "pay for your visits.",
    )


def details(case: Case) -> Found:
    """Warnings: what PIP-04 wants on file, and when the benefit was last asked about."""
    rule = case.rules["PIP-04"]
    item = _claim(case)
    adjuster = item.adjuster
    missing = [
        name
        for name, have in (
            ("insurer", item.insurer),
            ("policy number", item.policy_number),
            ("adjuster", adjuster and (adjuster.phone or adjuster.fax or adjuster.email)),
        )
        if not have
    ]
    found: list[Requirement] = []
    if missing:
        text = f"Needed to bill PIP and not on file: {', '.join(missing)}."
        remedy = "Ask the client or the adjuster."
        found.append(rule.unknown("pip.billing-details", text, remedy, "", effect="warn"))
    found += [_benefit(case, item), *_disclosure(case)]
    actions = []
    if any(item.status != "met" for item in found):
        text = "Ask the adjuster what is left of the benefit, and complete the claim's details."
        actions.append(rule.action("confirm-coverage", text))
    return found, actions


def _benefit(case: Case, item: InjuryClaim) -> Requirement:
    rule = case.rules["PIP-04"]
    key = "pip.benefit-left"
    benefit = item.benefit
    remedy = "Ask the adjuster what is left, and record the answer with its day."
    if benefit is None or benefit.left is None or benefit.asked_on is None:
        least = case.rules["PIP-01"].values["medical"]
        text = f"It is not known what is left of the benefit (policies begin at {least} dollars)."
        return rule.unknown(key, text, remedy, "", effect="warn")
    limit = f" of {benefit.limit}" if benefit.limit is not None else ""
    said = f"{benefit.left}{limit} dollars were left on {benefit.asked_on}."
    if case.today > add_days(benefit.asked_on, int(rule.values["ask_again_days"])):
        return rule.unmet(key, "warn", f"{said} That answer is old.", remedy, "")
    return rule.met(key, said)


def _disclosure(case: Case) -> list[Requirement]:
    """OQ-5: a clinic that takes payment at the visit tells the client so beforehand."""
    if not case.clinic.pip_payment_at_visit:
        return []
    text = "The clinic takes payment at the visit and files the claim for the client."
    patient = (
        "Please pay for the visit when you come. We send the claim to your auto insurance, "
        "which pays you back what it covers."
    )
    return [case.rules["OQ-5"].met("pip.payment-at-visit", text, patient)]
