"""Washington law on prior authorization (RCW 48.43.016, 41.05.074): LAW-00 to LAW-08.

The law waives what a state-regulated carrier would ask; it asks nothing itself. It speaks by
date of service, funding and network, and only on facts that staff confirmed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from massage_ins_bridge.api import (
    ALL_PAYERS,
    Action,
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
    return [ALL_PAYERS]


@hookimpl
def rules() -> RuleBook:
    return load_book(__name__)


@hookimpl
def on_booking(case: Case) -> Answer | None:
    """Waivers of the prior authorization for the episode's first visits."""
    found = _episode(case), _public_employees(case)
    if found == (None, None):
        return None
    return Answer(waivers=tuple([waiver for waiver in found if waiver is not None]))


@hookimpl
def on_visit_complete(case: Case) -> Sequence[Action]:
    """A word in time: after the last visits that the law protects, the next one needs approval."""
    rule = _in_force(case)
    if rule is None or not _in_scope(case) or case.network != "in":
        return []
    last = int(rule.values["visits"])
    chain = case.chain
    if chain is None or not last - 1 <= chain.number <= last:
        return []
    text = f"The law frees {last} visits of an episode; visit {last + 1} needs an authorization."
    return [rule.action("request-authorization", text)]


def _in_force(case: Case) -> Rule | None:
    for rule_id in ("LAW-03", "LAW-01", "LAW-00"):
        rule = case.rule(rule_id)
        if rule is not None:
            return rule
    return None


def _in_scope(case: Case) -> bool:
    """LAW-04: a state-regulated payer, fully insured, confirmed by staff; network apart."""
    scope = case.rules["LAW-04"].values
    coverage = case.coverage
    return (
        case.payer is not None
        and case.payer.state_regulated
        and coverage is not None
        and coverage.funding == scope["funding"]
        and case.confirmed
    )


def _episode(case: Case) -> Waiver | None:
    rule = _in_force(case)
    if rule is None or not _in_scope(case) or case.network == "out":
        return None
    protected = int(rule.values["visits"])
    chain = case.chain
    if chain is None or chain.number > protected:
        return None
    reason = (
        f"State law frees the first {protected} visits of an episode from authorization; this is "
        f"visit {chain.number}, every massage therapist counted."
    )
    if case.network is None:
        return rule.waive(KEY, f"{reason} The network is not known.", firm=False)
    return rule.waive(KEY, reason, firm=True)


def _public_employees(case: Case) -> Waiver | None:
    rule = case.rule("LAW-05")
    coverage = case.coverage
    if rule is None or coverage is None or not coverage.plan or not case.confirmed:
        return None
    if case.payer is None or case.payer.key != rule.values["payer"] or case.network != "in":
        return None
    if normal_plan(coverage.plan) not in _plans(rule):
        return None
    chain = case.chain
    if chain is None or chain.number > rule.values["visits"]:
        return None
    reason = "State law frees the first visit of a public employee's episode from authorization."
    return rule.waive(KEY, reason, firm=True, confirm_with_plan=True)


@lru_cache(maxsize=16)
def _plans(rule: Rule) -> frozenset[str]:
    return frozenset(normal_plan(plan) for plan in rule.values["plans"])
