"""Other care that is billed to an insurer on the day of the visit (BK-01)."""

from __future__ import annotations

from typing import Literal

from ..api import Case, Cost, Requirement, Upcoming, Visit, local_day


def same_day(case: Case) -> Requirement:
    """``same-day-care``: whether another therapy on that day is billed to an insurer too."""
    rule = case.rules["BK-01"]
    key = "same-day-care"
    payer = case.payer
    holds = case.network == "in" and payer is not None and payer.same_day_holds
    effect: Cost = "hold" if holds else "warn"
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
