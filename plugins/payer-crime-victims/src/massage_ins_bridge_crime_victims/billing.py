"""Who is billed before the program, and by when it is billed itself (CVC-11, CVC-12)."""

from __future__ import annotations

from massage_ins_bridge.api import Action, Case, Requirement, add_months, in_words

KEY = "crime-victims.other-insurance"
PATIENT = "Please tell us about any other insurance you have, even if you do not use it."
Found = tuple[list[Requirement], list[Action]]


def other_insurance(case: Case) -> Found:
    """Whether the client has other insurance, and it is billed first: by staff's word, and by what
    else is on file."""
    rule, said = case.rules["CVC-11"], _said(case)
    beside = sorted(_others(case))
    second = case.coverage is not None and case.coverage.position == "secondary"
    if said == "billed first" or (said is None and second):
        return [rule.met(KEY, "The client's other insurance is billed first.")], []
    if said == "none" and not beside:
        return [rule.met(KEY, "The client has no other insurance.")], []
    ask = "Ask the client about other insurance, and record the answer with the coverage."
    owed = [rule.action("crime-victims.ask-other-insurance", ask, cures=KEY)]
    if beside:
        text = f"{beside[0]} is on file too, and has to be billed before the program."
        ask = f"Record that {beside[0]} is billed first, or end its coverage."
        return [rule.unmet(KEY, "hold", text, ask, PATIENT)], owed
    text = "It is not known whether the client has other insurance, which is billed first."
    return [rule.unknown(KEY, text, ask, PATIENT)], owed


def bill(case: Case) -> Action:
    """The bill for the visit, by the program's last day."""
    rule = case.rules["CVC-12"]
    allowed = case.coverage.extra["crime-victims"]["allowed_on"] if case.coverage else None
    months = int(rule.values["months"])
    last = add_months(max(case.date_of_service, allowed or case.date_of_service), months)
    if _said(case) != "none":
        text = (
            "Bill the client's other insurance first. Then send the program the bill, with a copy "
            "of its explanation of benefits."
        )
    else:
        text = f"Bill the program. The bill must be there by {in_words(last)}."
    return rule.action("submit-claim", text, last)


def _said(case: Case) -> str | None:
    if case.coverage is None:
        return None
    found: str | None = case.coverage.extra["crime-victims"]["other_insurance"]
    return found


def _others(case: Case) -> set[str]:
    """The names of other payers whose coverage is on file and in force on the day."""
    own, day = case.payer.key if case.payer else None, case.date_of_service
    return {
        match.payer.name if match else str(coverage.payer)
        for coverage in case.coverages or ()
        if coverage.payer and case.payers.key_of(coverage.payer) != own
        if (coverage.from_ is None or coverage.from_ <= day)
        if (coverage.to is None or day <= coverage.to)
        for match in (case.payers.find(coverage.payer),)
    }
