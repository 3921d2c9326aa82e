"""Whether a federal employee's plan covers massage at all (EX-08)."""

from __future__ import annotations

from massage_ins_bridge.api import Action, Case, Requirement, is_listed, is_mentioned

KEY = "benefit"


def is_federal(case: Case) -> bool:
    """Whether the plan's name is that of the federal employees' plan, or contains it."""
    plans = tuple(case.rules["EX-08"].values["plans"])
    return any(is_listed(plan, plans) or is_mentioned(plan, plans) for plan in case.plans)


def benefit(case: Case) -> tuple[tuple[Requirement, ...], tuple[Action, ...]]:
    """``benefit``, until the plan said whether massage by a massage therapist is covered."""
    rule, coverage = case.rules["EX-08"], case.coverage
    if coverage is None or coverage.massage_benefit is not None or not is_federal(case):
        return (), ()
    ask = "Ask the plan whether massage by a massage therapist is covered, and record its answer."
    unsure = rule.unknown(
        KEY,
        "Plans of federal employees often cover no massage.",
        ask,
        "We are checking whether your plan covers massage.",
    )
    return (unsure,), (rule.action("check-benefit", ask, cures=KEY),)
