"""What bears on every insurance booking beside the prescription: coverage, network, intake,
the clinic's own approval, care on the same day, benefit and cost share."""

from __future__ import annotations

from typing import Literal

from ..api import Action, Case, CostShare, Effect, Requirement, Upcoming, Visit, local_day, standing
from .prescription import due_day


def coverage(case: Case) -> Requirement:
    rule = case.rules["CP-COVERAGE"]
    if case.payer is not None and case.payer.served and case.coverage is not None:
        return rule.met("coverage", f"{case.payer.name} is billed.")
    return rule.unknown(
        "coverage",
        f"It is not known who is billed: {case.coverage_problem}.",
        "Record the client's coverage, or name the one to bill on the booking.",
        "Please tell us which insurance you want to use.",
    )


def network(case: Case) -> Requirement | None:
    payer = case.payer
    if payer is None or not payer.needs_network:
        return None
    rule = case.rules["NET-08"]
    name = payer.name
    if case.network is None:
        return rule.unknown(
            "network",
            f"It is not known whether the clinic is in {name}'s network on {case.date_of_service}.",
            f"Enter the clinic's standing with {name} in the settings.",
            "We are checking how your insurance works with us.",
        )
    if case.network == "in":
        return rule.met("network", f"The clinic is in {name}'s network.")
    if payer.must_be_in_network:
        return rule.unmet(
            "network",
            "hold",
            f"The clinic is not in {name}'s network on {case.date_of_service}.",
            f"Only a provider with a {name} number is paid; refer the client or settle the number.",
            "We need to check whether we can treat you on this claim.",
        )
    return rule.met(
        "network",
        f"The clinic is out of {name}'s network: the client pays at the visit, with a superbill.",
    )


def intake(case: Case) -> Requirement:
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


def clinic_approval(case: Case) -> Requirement | None:
    """NET-10: where the clinic approves every insurance booking itself."""
    if case.clinic.prior_approval != "always":
        return None
    key = "clinic-approval"
    rule = case.rules["NET-10"]
    state = standing(
        case,
        (key,),
        None,
        complete=lambda _: True,
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


def same_day(case: Case) -> Requirement:
    rule = case.rules["BK-01"]
    key = "same-day-care"
    payer = case.payer
    holds = case.network == "in" and payer is not None and payer.same_day_holds
    effect: Effect = "hold" if holds else "warn"
    patient = (
        "Insurance pays for one such therapy a day. Please tell us if you see another provider "
        "on that day."
    )
    care = _other_care(case)
    if care == "yes":
        return rule.unmet(
            key,
            effect,
            "Another therapy billed to insurance is on the same day; one of the two is denied.",
            "Ask the client to move one of them.",
            patient,
        )
    if care == "unknown":
        return rule.unknown(
            key,
            "It is not known whether the client has other care that day.",
            "Ask the client, and record the answer.",
            patient,
            effect=effect,
        )
    return rule.met(key, "No other insurance-billed care is known on that day.")


def _other_care(case: Case) -> Literal["yes", "no", "unknown"]:
    """Care elsewhere, billed to an insurer, on the clinic's day of the visit. What lacks a payer
    is not insurance; what lacks its day or place may be such care."""
    cash = case.rules["BK-01"].values["not_insurance"]
    doubtful = case.upcoming is None or case.visits is None
    entries: list[Visit | Upcoming] = [*(case.visits or ()), *(case.upcoming or ())]
    for item in entries:
        payer, provider = item.payer, item.provider
        if provider == "this-clinic" or not payer or payer.casefold() in cash:
            continue
        if isinstance(item, Visit):
            day = item.on
        else:
            day = local_day(item.start, case.zone) if item.start else None
        if day == case.date_of_service and provider:
            return "yes"
        doubtful = doubtful or day is None or day == case.date_of_service
    return "unknown" if doubtful else "no"


def benefit(case: Case) -> Requirement | None:
    """The plan's own limit of visits; a missing one only warns, the client is to know it."""
    if case.payer is None or not case.payer.has_benefit or case.coverage is None:
        return None
    rule = case.rules["NET-12"]
    limit, used = case.coverage.visit_limit, case.coverage.visits_used
    if limit is None or used is None:
        return rule.unknown(
            "benefit",
            "The plan's limit of massage visits, or how many are used, is not known.",
            "Ask the client, or look it up with the plan.",
            "Please find out how many massage visits your plan allows.",
            effect="warn",
        )
    if case.standing is None and used < limit:
        return rule.unknown(
            "benefit",
            "Other bookings before this one are not known, so the plan's limit cannot be checked.",
            "Record the client's standing bookings.",
            "We are checking how many visits your plan has left.",
        )
    payer_key = case.payer.key
    booked = sum([entry.here and entry.payer == payer_key for entry in case.standing or ()])
    if used + booked >= limit:
        return rule.unmet(
            "benefit",
            "block",
            f"The plan allows {limit} visits: {used} are used and {booked} booked before this one.",
            "Offer self-pay.",
            "Your plan's massage visits are used up. You are welcome to pay for it yourself.",
        )
    return rule.met("benefit", f"{used} of {limit} visits used, {booked} booked before this one.")


def cost_share(case: Case) -> Requirement | None:
    if case.payer is None or not case.payer.has_benefit:
        return None
    rule = case.rules["NET-12"]
    share = case.coverage.cost_share if case.coverage else None
    amounts = _amounts(share) if share else ""
    acknowledged = case.patient.acknowledged_on is not None
    if amounts and acknowledged:
        return rule.met("cost-share", f"Known and acknowledged: {amounts}.")
    missing = [] if amounts else ["copay, coinsurance or deductible"]
    if not acknowledged:
        missing.append("the client's acknowledgement")
    return rule.unknown(
        "cost-share",
        f"Not on file: {' and '.join(missing)}.",
        "Ask the client to find out and to acknowledge it.",
        "Please find out your copay, coinsurance and deductible; knowing them is your "
        "responsibility.",
        effect="warn",
    )


def _amounts(share: CostShare) -> str:
    """What the client pays herself, as far as it is known; nothing where no share is."""
    said = []
    if share.copay is not None:
        said.append(f"copay {share.copay} dollars")
    if share.coinsurance_percent is not None:
        said.append(f"coinsurance {share.coinsurance_percent} percent")
    if share.deductible is not None:
        said.append(f"deductible {share.deductible} dollars")
    if said and share.deductible_met is not None:
        said.append(f"{share.deductible_met} dollars of it met")
    return ", ".join(said)


def actions(case: Case) -> list[Action]:
    found = []
    if not case.confirmed:
        text = "Confirm with the plan who is billed: plan, group number, funding and position."
        found.append(case.rules["CP-COVERAGE"].action("confirm-coverage", text))
    payer = case.payer
    by_network = payer is not None and payer.served and payer.settlement == "network"
    if by_network and case.network == "out":
        rule = case.rules["NET-05"]
        day = case.date_of_service
        found.append(rule.action("collect-payment", "Take payment at the visit.", day))
        found.append(rule.action("give-superbill", "Give the client a superbill.", day))
    return found
