"""Washington law on prior authorization (RCW 48.43.016): LAW-00 to LAW-11.

The law waives what a state-regulated carrier would ask; it asks nothing itself. It speaks by
date of service, funding and network, and firmly only on facts that staff confirmed. A referral, a
prescription and the plan's own limits it leaves alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from massage_ins_bridge.api import (
    ALL_PAYERS,
    Action,
    Answer,
    Case,
    Episode,
    Rule,
    RuleBook,
    hookimpl,
    is_listed,
    is_mentioned,
    load_book,
)

ADVISED = frozenset({"medical-necessity"})
ADVICE = "Document pain and loss of function in the notes: later visits may need it."


@hookimpl
def payers() -> Sequence[str]:
    return [ALL_PAYERS]


@hookimpl
def rules() -> RuleBook:
    return load_book(__name__)


@hookimpl
def on_booking(case: Case) -> Answer | None:
    """Waivers of what the law keeps a carrier from asking for the episode's first visits."""
    rule = _in_force(case)
    if rule is None or case.network == "out" or not _in_scope(case):
        return None
    chain = case.chain_by(rule)
    if chain is None or chain.number > int(rule.values["visits"]):
        return None
    reason, firm = _reason(case, rule, chain)
    found = [
        rule.waive(key, reason, firm=firm, advice=ADVICE if key in ADVISED else "")
        for key in rule.values["waives"]
    ]
    return Answer(waivers=tuple(found))


@hookimpl
def on_visit_complete(case: Case) -> Sequence[Action]:
    """A word in time: after the last visits that the law protects, the next one needs approval."""
    rule = _in_force(case)
    if rule is None or not _in_scope(case) or case.network != "in" or not case.confirmed:
        return []
    last = int(rule.values["visits"])
    chain = case.chain_by(rule)
    if chain is None or not last - 1 <= chain.number <= last:
        return []
    text = f"The law frees {last} visits of an episode. Visit {last + 1} may need an authorization."
    return [rule.action("request-authorization", text)]


def _in_force(case: Case) -> Rule | None:
    return case.rule("LAW-03") or case.rule("LAW-01")


def _in_scope(case: Case) -> bool:
    """LAW-04: a state-regulated payer and a fully insured plan; confirmation and network apart."""
    rule, coverage, payer = case.rules["LAW-04"], case.coverage, case.payer
    if payer is None or not payer.served or not payer.state_regulated or coverage is None:
        return False
    plans = tuple(rule.values["except_plans"])
    if any(is_listed(plan, plans) or is_mentioned(plan, plans) for plan in case.plans):
        return False
    return bool(coverage.funding == rule.values["funding"])


def _reason(case: Case, rule: Rule, chain: Episode) -> tuple[str, bool]:
    """Why the law waives, and whether that is sure."""
    free = f"State law frees the first {rule.values['visits']} visits of an episode"
    reason = f"{free} from the insurer's review; this is visit {chain.number}."
    if case.network is None:
        return f"{reason} This is so in network alone, which is not known.", False
    if not case.confirmed:
        return f"{reason} Staff has not confirmed the coverage.", False
    return reason, True
