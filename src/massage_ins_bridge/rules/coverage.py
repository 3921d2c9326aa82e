"""Who is billed: the payer and the coverage are known, and staff confirmed them (CP-COVERAGE)."""

from __future__ import annotations

from ..api import Action, Case, Requirement, in_words

KEY = "coverage"


def coverage(case: Case) -> Requirement:
    """``coverage``: whether it is known who is billed, a plugin serves that payer, and the coverage
    is in force on the day."""
    rule = case.rules["CP-COVERAGE"]
    payer = case.payer
    if len(case.primaries) > 1:
        names = "Several coverages say that they are primary"
        return rule.unknown(
            KEY,
            f"{names}, so it is not known which one pays first.",
            "Ask the client which insurance pays first, and correct the others.",
            "Please tell us which of your insurances is billed first.",
        )
    if payer is not None and not payer.served:
        return rule.unknown(
            KEY,
            f"No rules for {payer.name} are installed, so nobody can say what it asks for.",
            "Ask the insurance what it needs, and decide this booking by hand.",
            "We are checking what your insurance asks for, and will tell you soon.",
        )
    if payer is not None and case.coverage is not None:
        return _billed(case, payer.name)
    return rule.unknown(
        KEY,
        f"It is not known who is billed: {case.coverage_problem}.",
        "Record the client's coverage, or name the one to bill on the booking.",
        "Please tell us which insurance you want to use.",
    )


def _billed(case: Case, name: str) -> Requirement:
    rule = case.rules["CP-COVERAGE"]
    if case.in_force:
        return rule.met(KEY, f"{name} is billed.")
    day = in_words(case.date_of_service)
    return rule.unmet(
        KEY,
        "hold",
        f"The coverage of {name} is not in force on {day}.",
        "Ask the client which insurance they have on that day, and record it.",
        "Your insurance on file is not valid on the day of the visit. Please tell us which "
        "insurance you have then.",
    )


def confirm_coverage(case: Case) -> list[Action]:
    """The task to confirm who is billed, until staff did."""
    if case.confirmed and case.in_force:
        return []
    text = "Confirm with the plan who is billed: plan, group number, funding and position."
    return [case.rules["CP-COVERAGE"].action("confirm-coverage", text)]
