"""Other care that is billed to an insurer on the day of the visit (BK-01)."""

from __future__ import annotations

from datetime import date

from ..api import Case, Cost, Requirement, Upcoming, Visit, local_day

KEY = "same-day-care"


def same_day(case: Case) -> Requirement | None:
    """``same-day-care``: whether another therapy on that day is billed to an insurer too. Where a
    list, or the day of such care, is missing and no other shows any, nothing is asked."""
    rule, payer = case.rules["BK-01"], case.payer
    days = _days_of_other_care(case)
    if case.date_of_service in days:
        holds = case.network == "in" and payer is not None and payer.same_day_holds
        effect: Cost = "hold" if holds else "warn"
        return rule.unmet(
            KEY,
            effect,
            "Another therapy on the same day is billed to insurance. One of the two may be denied.",
            "Ask the client to move one of them.",
            "You have another treatment on that day. Insurance may cover only one a day. Please "
            "move one of them.",
        )
    if case.visits is None or case.upcoming is None or None in days:
        return None
    return rule.met(KEY, "No other care billed to insurance is known on that day.")


def _days_of_other_care(case: Case) -> set[date | None]:
    """The clinic's days of care elsewhere with an insurer as its payer; ``None`` among them for
    care of which nobody knows the day, so that it may be this one."""
    cash = case.rules["BK-01"].values["not_insurance"]
    entries: list[Visit | Upcoming] = [*(case.visits or ()), *(case.upcoming or ())]
    found: set[date | None] = set()
    for item in entries:
        if item.provider != "other" or not item.payer or item.payer.casefold() in cash:
            continue
        if isinstance(item, Visit):
            found.add(item.on)
        else:
            found.add(local_day(item.start, case.zone) if item.start else None)
    return found
