"""Who is billed: the payer and the coverage are known, and staff confirmed them (CP-COVERAGE)."""

from __future__ import annotations

from ..api import Action, Case, Requirement


def coverage(case: Case) -> Requirement:
    """``coverage``: whether it is known who is billed, a plugin serves that payer, and the coverage
    is in force on the day."""
    rule = case.rules["CP-COVERAGE"]
    if case.payer is not None and case.payer.served and case.coverage is not None:
        if not case.in_force:
            return rule.unmet(
                "coverage",
                "hold",
                f"The coverage of {case.payer.name} is not in force on {case.date_of_service}.",
                "Ask the client which insurance they have on that day, and record it.",
                "Your insurance on file is not valid on the day of the visit. Please tell us "
                "which insurance you have now.",
            )
        return rule.met("coverage", f"{case.payer.name} is billed.")
    return rule.unknown(
        "coverage",
        f"It is not known who is billed: {case.coverage_problem}.",
        "Record the client's coverage, or name the one to bill on the booking.",
        "Please tell us which insurance you want to use.",
    )


def confirm_coverage(case: Case) -> list[Action]:
    """The task to confirm who is billed, until staff did."""
    if case.confirmed:
        return []
    text = "Confirm with the plan who is billed: plan, group number, funding and position."
    return [case.rules["CP-COVERAGE"].action("confirm-coverage", text)]
