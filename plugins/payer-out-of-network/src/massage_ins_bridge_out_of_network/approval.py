"""``prior-authorization`` of Premera (from visit 7, all massage counted) and of Kaiser (from 1)."""

from __future__ import annotations

import re

from massage_ins_bridge.api import (
    Action,
    AuthorizationState,
    Case,
    Cost,
    Requirement,
    Rule,
    Waiver,
    authorization_state,
    authorization_state_after,
)

KIND = "prior-authorization"
PATIENT = "Your insurance must approve your massage visits. We will tell you when it has."
Found = tuple[Requirement, list[Action]]


def approval(case: Case) -> Found | None:
    """The authorization that the payer asks for at this visit; ``None`` where it asks for none."""
    key = case.payer.key if case.payer else None
    if key == "premera":
        return _premera(case)
    if key == "kaiser":
        return _kaiser(case)
    return None


def next_visit(case: Case) -> list[Action]:
    """After a visit: what has to be asked before the next one, if anything."""
    key = case.payer.key if case.payer else None
    rule = case.rule("PRM-02") or case.rule("PRM-01") if key == "premera" else case.rule("KPW-01")
    if key not in ("premera", "kaiser") or rule is None:
        return []
    first = int(rule.values.get("from_visit", 1))
    chain = case.chain
    if chain is not None and chain.number + 1 < first:
        return []
    now = authorization_state_after(case, (KIND,))
    if now.state in ("not-required", "covered"):
        return []
    name = case.payer.name if case.payer else "the plan"
    if now.state == "asked":
        return [rule.action("chase-authorization", f"Ask {name} for the answer.", cures=KIND)]
    kind = "request-extension" if now.state == "used-up" else "request-authorization"
    return [rule.action(kind, f"Ask {name} to authorize the next visit.", cures=KIND)]


def waivers(case: Case) -> tuple[Waiver, ...]:
    """PRM-01: employers that were said to be exempt; hearsay, so never more than doubtful."""
    rule = case.rule("PRM-01")
    plan = case.coverage.plan if case.coverage else None
    if rule is None or plan is None or case.payer is None or case.payer.key != "premera":
        return ()
    for name in rule.values["exempt_hearsay"]:
        if re.search(rf"\b{re.escape(name)}\b", plan, re.IGNORECASE):
            reason = f"{name} was said to be exempt. Confirm with the plan."
            return (rule.waive(KIND, reason, firm=False, confirm_with_plan=True),)
    return ()


def _premera(case: Case) -> Found | None:
    rule = case.rule("PRM-02") or case.rule("PRM-01")
    if rule is None:
        return None
    chain = case.chain
    if chain is None and authorization_state(case, (KIND,), None).state != "not-required":
        text = "Visits so far are not known, so nobody can say whether Premera reviews this one."
        return rule.unknown(KIND, text, "Record the client's massage visits.", PATIENT), []
    number = chain.number if chain else None
    if number is not None and number < int(rule.values["from_visit"]):
        return None
    blocks = number is not None and number >= int(rule.values["blocks_from_visit"])
    return _judge(case, rule, number, "block" if blocks else "hold")


def _kaiser(case: Case) -> Found:
    rule = case.rules["KPW-01"]
    coverage = case.coverage
    number = case.visit_number
    past_law = (
        number is not None
        and number >= int(rule.values["law_from_visit"])
        and coverage is not None
        and coverage.funding == "fully_insured"
        and case.confirmed
        and case.network == "in"
    )
    return _judge(case, rule, number, "block" if past_law else "hold")


def _judge(case: Case, rule: Rule, number: int | None, missing: Cost) -> Found:
    now = authorization_state(case, (KIND,), case.own_entries)
    name = case.payer.name if case.payer else "the plan"
    visit = f"Visit {number}" if number is not None else "The visit"
    if now.state == "not-required":
        return rule.met(KIND, "An answer is on record that no authorization is required."), []
    if now.state == "covered":
        return rule.met(KIND, f"{name}'s authorization covers the visit."), []
    ask = f"Ask {name} for the authorization and record the answer."
    if now.state in ("unknown", "incomplete"):
        text = f"{visit} needs {name}'s authorization; what is on file is not complete."
        return rule.unknown(KIND, text, ask, PATIENT), []
    chase = rule.action("chase-authorization", f"Ask {name} for the answer.", cures=KIND)
    if now.state == "asked":
        text = f"{name}'s authorization is requested and not yet answered."
        return rule.unmet(KIND, "hold", text, ask, PATIENT), [chase]
    request = rule.action("request-authorization", ask, cures=KIND)
    if now.state == "none":
        text = f"{visit} needs {name}'s authorization and none is on file."
        return rule.unmet(KIND, missing, text, ask, PATIENT), [request]
    return _refused(rule, name, now, request)


def _refused(rule: Rule, name: str, now: AuthorizationState, request: Action) -> Found:
    said = {
        "denied": "is denied",
        "used-up": "has no visits left before this one",
        "uncovered": "does not cover the day of the visit",
    }[now.state]
    lapsed = now.state == "uncovered" and not now.ready_for_extension
    actions = [request] if lapsed else []
    if now.state == "denied":
        actions.append(rule.action("appeal", "Appeal, or offer self-pay.", cures=KIND))
    if now.ready_for_extension:
        text = f"The approved visits are completed: ask {name} for more."
        actions.append(rule.action("request-extension", text, cures=KIND))
    remedy = "Offer self-pay, or book again once an authorization covers the day."
    return rule.unmet(KIND, "block", f"{name}'s authorization {said}.", remedy, PATIENT), actions
