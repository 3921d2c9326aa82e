"""Regence plans that are exempt from prior authorization (EX-01 to EX-14).

The plugin holds no rule but the list: each ``EX-…`` rule (and each one that a clinic adds in its
own file) names plans and group numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from massage_ins_bridge.api import (
    Action,
    Answer,
    Case,
    Requirement,
    Rule,
    RuleBook,
    Waiver,
    hookimpl,
    is_listed,
    is_mentioned,
    load_book,
)

KEY = "prior-authorization"
BENEFIT = "benefit"


@hookimpl
def payers() -> Sequence[str]:
    return ["regence", "bridgespan"]


@hookimpl
def rules() -> RuleBook:
    return load_book(__name__)


@hookimpl
def on_booking(case: Case) -> Answer | None:
    """A waiver of the prior authorization for each exemption that fits the coverage billed. Exempt
    from authorization is not covered: of some it is asked whether massage is a benefit at all."""
    coverage = case.coverage
    if coverage is None:
        return None
    found = _of_plans(case, coverage.group_number)
    if secondary := _secondary(case):
        found.append(secondary)
    asked = [_benefit(case, w) for w in found if case.rules[w.rule].values.get("benefit_unsure")]
    unsure = tuple([item for item in asked if item is not None])
    if not found:
        return None
    tasks = [_task(case, item) for item in unsure]
    return Answer(unsure, tuple(found), tuple(tasks))


def _of_plans(case: Case, group: str | None) -> list[Waiver]:
    """By each name of the plan; of one rule what is sure goes before what is doubtful."""
    rules = tuple(case.rules.values())
    found: dict[str, Waiver] = {}
    for plan in case.plans or (None,):
        for waiver in _exemptions(rules, plan, group, confirmed=case.confirmed):
            if waiver.rule not in found or waiver.strength == "firm":
                found[waiver.rule] = waiver
    return list(found.values())


def _secondary(case: Case) -> Waiver | None:
    """EX-09: firm where the primary of another payer is on file, in force and confirmed."""
    rule = case.rule("EX-09")
    if rule is None or case.coverage is None or case.coverage.position != rule.values["position"]:
        return None
    one = case.primaries[0] if len(case.primaries) == 1 else None
    sure = case.confirmed and one is not None and one.staff_confirmed is True
    reason = "The plan pays second, so the authorization is the primary plan's matter."
    if not sure:
        reason = "The plan seems to pay second, and no confirmed primary plan is on file."
    return rule.waive(KEY, reason, firm=sure, confirm_with_plan=True)


def _benefit(case: Case, waiver: Waiver) -> Requirement | None:
    """``benefit``, until the plan said whether massage by a massage therapist is covered."""
    if case.coverage is None or case.coverage.massage_benefit is not None:
        return None
    return case.rules[waiver.rule].unknown(
        BENEFIT,
        "Plans of this kind often cover no massage, though they ask for no authorization.",
        "Ask the plan whether massage by a massage therapist is covered, and record its answer.",
        "We are checking whether your plan covers massage.",
    )


def _task(case: Case, item: Requirement) -> Action:
    text = "Ask the plan whether massage by a massage therapist is covered, and record its answer."
    return case.rules[item.rule].action("check-benefit", text, cures=BENEFIT)


@lru_cache(maxsize=4096)
def _exemptions(
    rules: tuple[Rule, ...], plan: str | None, group: str | None, *, confirmed: bool
) -> tuple[Waiver, ...]:
    each = (_exemption(rule, plan, group, confirmed=confirmed) for rule in rules)
    return tuple(waiver for waiver in each if waiver is not None)


def _exemption(
    rule: Rule, plan: str | None, group: str | None, *, confirmed: bool
) -> Waiver | None:
    confirmed = confirmed and not rule.values.get("hearsay")
    if group is not None and group in rule.values.get("except_group_numbers", ()):
        return None
    if group is not None and group in rule.values.get("group_numbers", ()):
        return _waive(rule, f"Group {group} is on the list of exempt plans.", sure=confirmed)
    plans = tuple(rule.values.get("plans", ()))
    return _by_name(rule, plan, plans, group, confirmed=confirmed) if plan and plans else None


def _by_name(
    rule: Rule, plan: str, plans: tuple[str, ...], group: str | None, *, confirmed: bool
) -> Waiver | None:
    if is_listed(plan, plans):
        complete = group is not None or not rule.values.get("needs_group_number")
        reason = f"“{plan}” is on a list of exempt plans."
        if rule.values.get("hearsay"):
            reason = f"“{plan}” is said to be an exempt plan."
        if not complete:
            reason += " One of its groups is not, and the group number is missing."
        return _waive(rule, reason, sure=confirmed and complete)
    if is_mentioned(plan, plans):
        return _waive(rule, f"“{plan}” may be an exempt plan, but is not listed so.", sure=False)
    return None


def _waive(rule: Rule, reason: str, *, sure: bool) -> Waiver:
    text = reason if sure else f"{reason} Confirm it with the plan."
    return rule.waive(KEY, text, firm=sure, confirm_with_plan=True)
