"""Regence plans that are exempt from prior authorization (EX-01 to EX-13).

The plugin holds no rule but the list: each ``EX-…`` rule (and each one that a clinic adds in its
own file) names plans and group numbers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from massage_ins_bridge.api import (
    Answer,
    Case,
    Rule,
    RuleBook,
    Waiver,
    hookimpl,
    load_book,
    normal_plan,
)

KEY = "prior-authorization"


@hookimpl
def payers() -> Sequence[str]:
    return ["regence"]


@hookimpl
def rules() -> RuleBook:
    return load_book(__name__)


@hookimpl
def on_booking(case: Case) -> Answer | None:
    """A waiver of the prior authorization for each exemption that fits the coverage billed."""
    coverage = case.coverage
    if coverage is None:
        return None
    facts = (coverage.plan, coverage.group_number, coverage.position)
    found = _exemptions(tuple(case.rules.values()), *facts, confirmed=case.confirmed)
    return Answer(waivers=found) if found else None


@lru_cache(maxsize=4096)
def _exemptions(
    rules: tuple[Rule, ...],
    plan: str | None,
    group: str | None,
    position: str | None,
    *,
    confirmed: bool,
) -> tuple[Waiver, ...]:
    each = (_exemption(rule, plan, group, position, confirmed=confirmed) for rule in rules)
    return tuple(waiver for waiver in each if waiver is not None)


def _exemption(
    rule: Rule, plan: str | None, group: str | None, position: str | None, *, confirmed: bool
) -> Waiver | None:
    if "position" in rule.values:
        if position != rule.values["position"]:
            return None
        return _waive(rule, "Regence is in the secondary position.", sure=confirmed)
    if group is not None and group in rule.values.get("except_group_numbers", ()):
        return None
    if group is not None and group in rule.values.get("group_numbers", ()):
        return _waive(rule, f"Group {group} is on the list of exempt plans.", sure=confirmed)
    plans = tuple(rule.values.get("plans", ()))
    return _by_name(rule, plan, plans, group, confirmed=confirmed) if plan and plans else None


def _by_name(
    rule: Rule, plan: str, plans: tuple[str, ...], group: str | None, *, confirmed: bool
) -> Waiver | None:
    if normal_plan(plan) in _spellings(plans):
        complete = group is not None or not rule.values.get("needs_group_number")
        reason = f"{plan} is on the list of exempt plans"
        if not complete:
            reason += ", but one of its groups is not, and the group number is missing"
        return _waive(rule, f"{reason}.", sure=confirmed and complete)
    if _mentions(plan, plans):
        return _waive(rule, f"{plan} sounds like an exempt plan and is not listed.", sure=False)
    return None


def _waive(rule: Rule, reason: str, *, sure: bool) -> Waiver:
    text = reason if sure else f"{reason} Confirm with the plan."
    return rule.waive(KEY, text, firm=sure, confirm_with_plan=True)


@lru_cache(maxsize=64)
def _spellings(plans: tuple[str, ...]) -> frozenset[str]:
    return frozenset(normal_plan(plan) for plan in plans)


def _mentions(plan: str, plans: tuple[str, ...]) -> bool:
    """Whether the plan's name contains an exempt name as whole words."""
    spaced = " ".join(plan.casefold().split())
    return any(
        re.search(rf"(?<!\w){re.escape(' '.join(name.casefold().split()))}(?!\w)", spaced)
        for name in plans
    )
