"""``claim`` of a PIP booking (PIP-03 to PIP-07) and warnings on what billing it needs."""

from __future__ import annotations

from decimal import Decimal

from massage_ins_bridge.api import (
    Action,
    Case,
    InjuryClaim,
    Requirement,
    add_days,
    add_months,
    in_words,
)

KEY = "claim"
TELL = "Tell the client, and ask which other insurance they have."
PATIENT = "We are checking your auto insurance claim for this visit."
SAID = {"pending": "not decided yet", "reopening": "asked to be opened again"}
Found = tuple[list[Requirement], list[Action]]


def claim(case: Case) -> Found:
    """How the claim stands on the date of service; every fault found, the gate takes the worst."""
    item = _claim(case)
    parts = (_number(case, item), _status(case, item), _injury(case, item), _left(case, item))
    found = [part for part in parts if part is not None]
    if not found:
        return [case.rules["PIP-04"].met(KEY, f"Claim “{item.number}” is good on the day.")], []
    return found, []


def _claim(case: Case) -> InjuryClaim:
    return (case.coverage.claim if case.coverage else None) or InjuryClaim()


def _number(case: Case, item: InjuryClaim) -> Requirement | None:
    if item.number is not None:
        return None
    remedy = "Ask the client or the adjuster for the claim number."
    text = "No claim number is on file. PIP may not pay without one."
    return case.rules["PIP-04"].unknown(KEY, text, remedy, PATIENT)


def _status(case: Case, item: InjuryClaim) -> Requirement | None:
    rule = case.rules["PIP-04"]
    ask = "Ask the adjuster how the claim stands, and record the answer."
    status = item.status
    past = item.closed_on is not None and case.date_of_service > item.closed_on
    if status == "exhausted":
        return _exhausted(case)
    if status == "rejected":
        text = "The claim is rejected. As far as we know, nothing is paid on it then."
        return rule.unmet(KEY, "block", text, TELL, "Your auto insurance has rejected your claim.")
    if status == "closed" and item.closed_on is None:
        text = "The claim is closed, and may not pay. Its closing date is not on file."
        return rule.unknown(KEY, text, ask, PATIENT)
    if item.closed_on and past and status == "closed":
        closed = in_words(item.closed_on)
        text = f"The claim closed on {closed}, before the visit. It may not pay then."
        return rule.unmet(KEY, "block", text, TELL, "Your auto insurance claim is closed.")
    if item.closed_on and past and status in ("open", "allowed"):  # opened again, or not closed
        closed = in_words(item.closed_on)
        text = f"The claim is called {status}, and closed on {closed}. It may not pay."
        return rule.unmet(KEY, "hold", text, ask, PATIENT)
    if status in ("closed", "allowed", "open"):
        return None
    if status in ("pending", "reopening"):
        text = f"The claim is {SAID[status]}, and may not pay."
        return rule.unmet(KEY, "hold", text, ask, PATIENT)
    text = "The claim's status is not known, and it may not pay."
    return case.rules["PIP-07"].unknown(KEY, text, ask, PATIENT)


def _injury(case: Case, item: InjuryClaim) -> Requirement | None:
    rule = case.rules["PIP-03"]
    if item.date_of_injury is None:
        text = "The date of injury is not on file. PIP may pay for a certain time after it alone."
        return rule.unknown(KEY, text, "Ask the client or the adjuster for it.", PATIENT)
    if case.date_of_service < item.date_of_injury:
        injured = in_words(item.date_of_injury)
        text = f"The visit lies before the injury of {injured}. PIP may not pay."
        return rule.unmet(KEY, "hold", text, "Check the claim's dates.", PATIENT)
    last = add_months(item.date_of_injury, int(rule.values["months"]))
    if case.date_of_service <= last:
        return None
    text = f"As far as we know, PIP pays for care until {in_words(last)}, by the accident's date."
    client = "As far as we know, your claim covers care for a set time only, which is over."
    return rule.unmet(KEY, "block", text, TELL, client)


def _left(case: Case, item: InjuryClaim) -> Requirement | None:
    """Whether what is left pays for this visit, after those done since it was asked and those that
    stand before it; by the clinic's fee, where it is known."""
    benefit = item.benefit
    if benefit is None or benefit.left is None:
        return None
    if benefit.left <= 0:
        return _exhausted(case)
    fee = _fee(case)
    if fee is None:
        return None
    if case.own_entries is None:
        text = "Visits so far are not known, so the benefit may not last for this one."
        remedy = "Record the client's visits and bookings."
        return case.rules["PIP-05"].unknown(KEY, text, remedy, PATIENT)
    asked = benefit.asked_on or case.today
    before = sum(not e.done or e.day > asked for e in case.own_entries)
    return _exhausted(case) if fee * (before + 1) > benefit.left else None


def _fee(case: Case) -> Decimal | None:
    """What a visit costs, by the clinic's settings."""
    if case.payer is None:
        return None
    fees = case.clinic.fees or {}
    return next((f for n, f in fees.items() if case.payers.key_of(n) == case.payer.key), None)


def _exhausted(case: Case) -> Requirement:
    return case.rules["PIP-05"].unmet(
        KEY,
        "hold",
        "The PIP benefit is used up, or what is left may not pay for this visit.",
        "Ask the client what is billed instead.",
        "The medical benefit of your auto insurance may be used up. Please tell us which other "
        "insurance you have.",
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
        text = f"To bill PIP this may be needed, and is not on file: {', '.join(missing)}."
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
        text = f"It is not known what is left of the benefit. Policies may begin at {least}."
        return rule.unknown(key, text, remedy, "", effect="warn")
    limit = f" of {benefit.limit}" if benefit.limit is not None else ""
    said = f"{benefit.left}{limit} dollars were left on {in_words(benefit.asked_on)}."
    if case.today > add_days(benefit.asked_on, int(rule.values["ask_again_days"])):
        return rule.unmet(key, "warn", f"{said} That answer may be out of date.", remedy, "")
    return rule.met(key, said)


def _disclosure(case: Case) -> list[Requirement]:
    """OQ-5: a clinic that takes payment at the visit tells the client so beforehand."""
    if not case.clinic.pip_payment_at_visit:
        return []
    text = "The clinic takes payment at the visit and files the claim for the client."
    patient = (
        "Please pay for the visit when you come. We send the claim to your auto insurance, and it "
        "may pay you back."
    )
    return [case.rules["OQ-5"].met("pip.payment-at-visit", text, patient)]
