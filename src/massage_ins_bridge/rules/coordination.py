"""Which of several insurances pays first: an injury claim (COB-01), the primary plan (COB-02)."""

from __future__ import annotations

from ..api import Action, Case, Coverage, InjuryClaim, Requirement, in_force, share_category

KEY = "coordination"
Found = tuple[list[Requirement], list[Action]]


def coordination(case: Case) -> Found:
    """``coordination``, where a health plan is billed and something else may pay before it."""
    payer = case.payer
    if payer is None or not payer.served or not payer.health_plan:
        return [], []
    found = [item for item in (_injury(case), _secondary(case)) if item is not None]
    if all(item.effect == "none" for item in found):
        return found[:1], []
    text = "Settle which insurance pays first, and record it."
    worst = [item for item in found if item.effect != "none"]
    return worst[:1], [case.rules[worst[0].rule].action("settle-coordination", text)]


def _injury(case: Case) -> Requirement | None:
    """COB-01: what the care is for, by staff's word; else what a claim on file says of it."""
    rule, said = case.rules["COB-01"], case.booking.injury
    if said == "neither":
        return rule.met(KEY, "The care is not for an injury at work or in a car.")
    claims = sorted(_claim_name(case, c) for c in case.coverages or () if _is_concerned(case, c))
    if said is None and not claims:
        beside = any(_is_injury(case, c) for c in case.coverages or ())
        return rule.met(KEY, "No injury claim on file is for this care.") if beside else None
    where = {"work": "an injury at work", "auto": "an injury in a car"}.get(said or "")
    reason = f"The care is for {where}" if where else f"The client has an open {claims[0]} claim"
    return rule.unmet(
        KEY,
        "hold",
        f"{reason}, which may have to pay first. A health plan may refuse such care.",
        "Ask what the visit is for. Bill the claim, or record that it is for neither injury.",
        "Please tell us if this visit is for an injury at work or in a car.",
    )


def _is_concerned(case: Case, coverage: Coverage) -> bool:
    """Whether a coverage is an injury claim that may pay for this care."""
    claim = coverage.claim
    if claim is None or not _is_injury(case, coverage):
        return False
    if claim.status not in case.rules["COB-01"].values["statuses"]:
        return False
    return in_force(coverage, case.date_of_service) and _shares(case, claim)


def _is_injury(case: Case, coverage: Coverage) -> bool:
    match = case.payers.find(coverage.payer)
    return match is not None and not match.payer.health_plan


def _shares(case: Case, claim: InjuryClaim) -> bool:
    """Whether the claim may be for what is prescribed: it is not, where it names its conditions and
    none of them is."""
    rx = case.prescription
    if not claim.accepted_diagnoses or rx is None or not rx.diagnoses:
        return True
    return share_category(case, claim.accepted_diagnoses, rx.diagnoses)


def _claim_name(case: Case, coverage: Coverage) -> str:
    match = case.payers.find(coverage.payer)
    return match.payer.name if match else "injury"


def _secondary(case: Case) -> Requirement | None:
    """COB-02: the primary plan is on file and confirmed, so that its rules can be asked too."""
    if case.coverage is None or case.coverage.position != "secondary" or not case.in_force:
        return None
    rule = case.rules["COB-02"]
    client = "Please tell us about your other insurance, which is billed first."
    remedy = "Record and confirm the insurance that pays first."
    if not case.primaries:
        text = "A secondary insurance is billed, and the one that pays first is not on file."
        return rule.unknown(KEY, text, remedy, client)
    if len(case.primaries) > 1:
        text = "Several insurances are on file as the one that pays first."
        return rule.unknown(KEY, text, "Ask the client which one pays first.", client)
    (primary,) = case.primaries
    match = case.payers.find(primary.payer)
    if match is None:
        text = f"No rules for {primary.payer} are installed, which pays first."
        return rule.unknown(KEY, text, "Ask it what it needs, and decide by hand.", client)
    if primary.staff_confirmed is not True:
        text = f"Staff has not confirmed that {match.payer.name} pays first."
        return rule.unknown(KEY, text, remedy, client)
    return rule.met(KEY, f"{match.payer.name} pays first; its own rules are asked too.")
