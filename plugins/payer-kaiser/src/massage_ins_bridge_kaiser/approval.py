"""``prior-authorization`` of Kaiser: from the first visit on, but for those that the law frees."""

from __future__ import annotations

from datetime import date

from massage_ins_bridge.api import (
    Action,
    Approval,
    AuthorizationState,
    Case,
    Requirement,
    Rule,
    authorization_state,
    judge_approval,
    last_day_to_ask,
)

KIND = "prior-authorization"


def approval(case: Case) -> tuple[Requirement, tuple[Action, ...]]:
    """The authorization that the visit needs, and how it stands."""
    rule = case.rules["NET-11"]
    now = authorization_state(case, (KIND,), case.own_entries)
    more = now.state in ("used-up", "uncovered")
    how = "Ask Kaiser for more visits." if more else "Ask Kaiser for the authorization."
    askable = _askable(case, rule)
    return judge_approval(case, Approval(rule, now, "Kaiser", how, _until(case, now), askable))


def past_the_law(case: Case) -> bool:
    """Whether the plan is fully insured and in network and the visit past the law's six."""
    rule = case.rules["NET-11"]
    first = rule.values.get("law_from_visit")
    if first is None or not case.fully_insured or case.network != "in":
        return False
    chain = case.chain_by(rule)
    return chain is not None and chain.number >= int(first)


def _until(case: Case, now: AuthorizationState) -> date | None:
    """Past the law's visits a lack holds until no answer can come in time; of other plans it holds
    for as long as it is, until an approval was used up."""
    if past_the_law(case):
        return last_day_to_ask(case)
    ended = now.state == "uncovered" and now.ready_for_extension
    if not case.fully_insured and (now.state == "used-up" or ended):
        return last_day_to_ask(case)
    return None


def _askable(case: Case, rule: Rule) -> bool:
    chain = case.chain_by(rule) if past_the_law(case) else None
    if chain is not None:
        done = sum(entry.done for entry in chain.entries)
        return done >= int(rule.values["law_from_visit"]) - 1
    return True
