"""Whether the plan covers massage (CP-BENEFIT), and its own limit of visits (NET-12)."""

from __future__ import annotations

from ..api import Action, Case, Coverage, Requirement, Rule
from .lead import cost, due_day, is_late, please
from .plan_year import Usage, usage

KEY = "benefit"


def benefit(case: Case) -> Requirement | None:
    """``benefit``: whether the plan covers massage, and its visits last to this one. A limit that
    is not known only warns: knowing it is up to the client."""
    payer, coverage = case.payer, case.coverage
    if payer is None or not payer.served or not payer.has_benefit:
        return None
    if coverage is None:
        return _unknown(case.rules["NET-12"])
    if coverage.massage_benefit is False:
        return case.rules["CP-BENEFIT"].unmet(
            KEY,
            "block",
            f"The plan of {payer.name} said that it covers no massage by a massage therapist.",
            "Tell the client.",
            "Your plan told us that it does not cover massage.",
        )
    return _limit(case, coverage, case.rules["NET-12"])


def check_benefit(case: Case, found: Requirement | None) -> list[Action]:
    """The task to ask the plan, where a limit cannot be counted."""
    if found is None or found.effect != "hold" or found.status != "unknown":
        return []
    text = "Ask the plan how many massage visits are used and left, and record the day."
    return [case.rules["NET-12"].action("check-benefit", text)]


def _limit(case: Case, coverage: Coverage, rule: Rule) -> Requirement:
    limit, now = coverage.visit_limit, usage(case, coverage)
    if limit is None:
        return _unknown(rule)
    told = coverage.visits_used if now.said else 0
    if max(now.done or 0, told or 0) >= limit:
        return _used_up(rule, limit)
    if coverage.visits_used is None:
        return _unknown(rule)
    if now.done is None or now.booked is None:
        return rule.unknown(
            KEY,
            "Visits so far or bookings before this one are not known, so the plan's limit cannot "
            "be checked.",
            "Record the client's visits and bookings.",
            "We are checking how many visits your plan has left.",
        )
    if now.done + now.booked >= limit:
        return _booked_up(case, rule, limit, now)
    text = f"Visits used: {now.done} of {limit}. Booked before this one: {now.booked}."
    return rule.met(KEY, text)


def _unknown(rule: Rule) -> Requirement:
    return rule.unknown(
        KEY,
        "The plan's limit of massage visits, or how many are used, is not known.",
        "Ask the client, or look it up with the plan.",
        "Please find out how many massage visits your plan allows.",
        effect="warn",
    )


def _used_up(rule: Rule, limit: int) -> Requirement:
    return rule.unmet(
        KEY,
        "block",
        f"All visits that the plan allows in a year ({limit}) are used.",
        "Tell the client.",
        "The massage visits that your plan allows this year are used up.",
    )


def _booked_up(case: Case, rule: Rule, limit: int, now: Usage) -> Requirement:
    text = (
        f"Visits that the plan allows in a year: {limit}. Used: {now.done}. Booked before this: "
        f"{now.booked}."
    )
    client = "The visits that your plan allows this year are used or booked."
    if not is_late(case):
        client = f"{client} {please(case, 'tell us which visits you want to keep')}"
    remedy = "Ask the client which booking to keep, or ask the plan what is left."
    return rule.unmet(KEY, cost(case), text, remedy, client, due_day(case))
