"""Regence BlueShield and BridgeSpan: prior authorization through eviCore (REG-01 to REG-20)."""

from __future__ import annotations

from collections.abc import Sequence

from massage_ins_bridge.api import (
    Action,
    Answer,
    Case,
    Payer,
    RuleBook,
    add_days,
    authorization_state,
    authorization_state_after,
    hookimpl,
    in_words,
    load_book,
)

from .authorization import KIND, prior_authorization


@hookimpl
def payers() -> Sequence[Payer]:
    return load_book(__name__).payers


@hookimpl
def rules() -> RuleBook:
    return load_book(__name__)


@hookimpl
def on_booking(case: Case) -> Answer:
    """Whether the visit has, or still may await, its prior authorization."""
    requirement, actions = prior_authorization(case)
    return Answer((requirement,), (), actions)


@hookimpl
def on_visit_complete(case: Case) -> Sequence[Action]:
    """The request in time after the first visit, and more visits once the approved are done."""
    if case.visit_number is None or case.episode is None:
        return []
    now = authorization_state(case, (KIND,), case.own_entries)
    if now.state == "covered":
        return _next_visit(case)
    if now.state in ("none", "unknown"):
        rule = case.rules["REG-03"]
        due = add_days(case.episode.first, int(rule.values["days_after_first_visit"]))
        by = f" by {in_words(due)}" if case.today <= due else " now, though it is late"
        text = f"Ask eviCore for the prior authorization{by}."
        return [rule.action("request-authorization", text, due, cures=KIND)]
    return [_chase(case)] if now.state == "asked" else []


def _next_visit(case: Case) -> Sequence[Action]:
    """Once the approved visits are done more are asked for, and then the answer is awaited."""
    after = authorization_state_after(case, (KIND,))
    if after.state == "asked":
        return [_chase(case)]
    if after.state != "used-up" or not after.ready_for_extension:
        return []
    text = "All approved visits are done: ask eviCore for more."
    return [case.rules["REG-05"].action("request-extension", text, cures=KIND)]


def _chase(case: Case) -> Action:
    text = "The authorization is still open: ask eviCore for the answer."
    return case.rules["REG-03"].action("chase-authorization", text, cures=KIND)
