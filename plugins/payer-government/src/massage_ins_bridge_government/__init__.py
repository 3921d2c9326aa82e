"""Payers of the government: VA community care, which authorizes each course of care, and Medicare
and Apple Health, which cover no massage therapy (VA-01, VA-02, MED-01, MCD-01)."""

from __future__ import annotations

from collections.abc import Sequence

from massage_ins_bridge.api import (
    Action,
    Answer,
    Approval,
    AuthorizationState,
    Case,
    Payer,
    Requirement,
    RuleBook,
    authorization_state,
    authorization_state_after,
    hookimpl,
    judge_approval,
    last_day_to_ask,
    load_book,
)

KIND = "prior-authorization"
ASK = "Ask the VA for its authorization, through the client's VA provider."
MORE = "Send the VA a request for more services before the authorization ends."
#: How an authorization stands whatever the visits are.
UNCOUNTED = frozenset({"none", "asked", "revoked", "incomplete", "unfit"})


@hookimpl
def payers() -> Sequence[Payer]:
    return load_book(__name__).payers


@hookimpl
def rules() -> RuleBook:
    return load_book(__name__)


@hookimpl
def on_booking(case: Case) -> Answer:
    """The VA's authorization, or that massage is no benefit."""
    key = case.payer.key if case.payer else None
    if key == "va":
        found, actions = _authorization(case)
        return Answer((found,), actions=actions)
    return Answer((_not_covered(case, key or ""),))


@hookimpl
def on_visit_complete(case: Case) -> Sequence[Action]:
    """The VA is billed, and asked for more before its authorization is used up."""
    if case.payer is None or case.payer.key != "va":
        return []
    rule = case.rules["VA-01"]
    bill = rule.action("submit-claim", "Send the claim for this visit.", case.date_of_service)
    if authorization_state_after(case, (KIND,)).state in ("used-up", "uncovered"):
        return [bill, rule.action("request-extension", MORE, cures=KIND)]
    return [bill]


def _authorization(case: Case) -> tuple[Requirement, tuple[Action, ...]]:
    now = _state(case)
    how = MORE if now.state in ("used-up", "uncovered") else ASK
    return judge_approval(
        case, Approval(case.rules["VA-01"], now, "the VA", how, last_day_to_ask(case))
    )


def _state(case: Case) -> AuthorizationState:
    """Where visits cannot be counted, what is on file may still say enough: none, for one."""
    now = authorization_state(case, (KIND,), case.own_entries)
    if now.state != "unknown" or case.authorizations is None:
        return now
    uncounted = authorization_state(case, (KIND,), ())
    return uncounted if uncounted.state in UNCOUNTED else now


def _not_covered(case: Case, key: str) -> Requirement:
    rule = case.rules["MED-01" if key == "medicare" else "MCD-01"]
    name = case.payer.name if case.payer else key
    covered = case.coverage.massage_benefit if case.coverage else None
    if covered and rule.values["plan_may_cover"]:
        return rule.met("benefit", "The plan said that it covers massage.")
    return rule.unmet(
        "benefit",
        "block",
        f"As far as we know, {name} covers no massage.",
        "Tell the client.",
        f"As far as we know, {name} does not cover massage.",
    )
