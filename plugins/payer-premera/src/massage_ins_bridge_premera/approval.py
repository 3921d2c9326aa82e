"""``prior-authorization`` of Premera and LifeWise: from the seventh visit of the episode, counted
by their own claims at all clinics (PRM-01, PRM-02)."""

from __future__ import annotations

from massage_ins_bridge.api import (
    Action,
    Approval,
    Case,
    Requirement,
    Rule,
    Waiver,
    authorization_state,
    authorization_state_after,
    is_listed,
    is_mentioned,
    judge_approval,
    last_day_to_ask,
)

from .benefit import is_federal

KIND = "prior-authorization"
Found = tuple[tuple[Requirement, ...], tuple[Action, ...]]


def approval(case: Case) -> Found:
    """The review that this visit needs; nothing where none is asked for."""
    rule = _rule(case)
    if rule is None:
        return (), ()
    now = authorization_state(case, (KIND,), case.own_entries)
    number, first = case.visit_number, int(rule.values["from_visit"])
    if number is not None and number < first:
        return _before(case, rule, first)
    if number is None and now.state != "not-required":
        now = now._replace(state="unknown")  # it may be one of those that are not reviewed
    found, actions = judge_approval(
        case,
        Approval(
            rule,
            now,
            _name(case),
            f"Ask {_name(case)} for a review of the need for more visits.",
            last_day_to_ask(case) if now.lacks and _blocks(case, rule) else None,
            _are_done(case, first - 1),
        ),
    )
    return (found,), actions


def waivers(case: Case) -> tuple[Waiver, ...]:
    """Employers that are said to be exempt; hearsay, so never more than doubtful."""
    rule = _rule(case)
    if rule is None or not _is_said_to_be_exempt(case, rule):
        return ()
    if case.visit_number is not None and case.visit_number < int(rule.values["from_visit"]):
        return ()
    reason = "The employer is said to be exempt from the review. Confirm it with the plan."
    return (rule.waive(KIND, reason, firm=False, confirm_with_plan=True),)


def next_visit(case: Case) -> list[Action]:
    """After a visit: what has to be asked before the next one, if anything."""
    rule, number = _rule(case), case.visit_number
    if rule is None or number is None or number + 1 < int(rule.values["from_visit"]):
        return []
    now = authorization_state_after(case, (KIND,))
    if now.state in ("not-required", "covered"):
        return []
    name = _name(case)
    if now.state == "asked":
        return [rule.action("chase-authorization", f"Ask {name} for the answer.", cures=KIND)]
    kind = "request-extension" if now.state == "used-up" else "request-authorization"
    return [rule.action(kind, f"Ask {name} to authorize the next visit.", cures=KIND)]


def _rule(case: Case) -> Rule | None:
    return case.rule("PRM-02") or case.rule("PRM-01")


def _name(case: Case) -> str:
    return case.payer.name if case.payer else "the plan"


def _before(case: Case, rule: Rule, first: int) -> Found:
    """The visits before the first that is reviewed: of a plan that the state regulates it is shown
    that they need nothing, and the law says so too."""
    regulated = rule.values["blocks"] and case.fully_insured and case.confirmed
    if not regulated or case.network != "in" or is_federal(case):
        return (), ()
    chain = case.chain_by(rule)
    if chain is None or chain.number >= first:
        return (), ()
    return (rule.met(KIND, f"{_name(case)} reviews from visit {first} on."),), ()


def _blocks(case: Case, rule: Rule) -> bool:
    """Whether a lack blocks once no answer can come in time: of fully insured plans alone; what
    others ask has to be looked up."""
    exempt = _is_said_to_be_exempt(case, rule)
    return bool(rule.values["blocks"]) and case.fully_insured and not exempt


def _are_done(case: Case, visits: int) -> bool:
    """Whether the review can be asked for: so many visits are completed."""
    return case.episode is None or sum(e.done for e in case.episode.entries) >= visits


def _is_said_to_be_exempt(case: Case, rule: Rule) -> bool:
    names = tuple(rule.values["exempt_hearsay"])
    return any(is_listed(plan, names) or is_mentioned(plan, names) for plan in case.plans)
