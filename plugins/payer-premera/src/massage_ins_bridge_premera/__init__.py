"""Premera and LifeWise: review from the seventh visit on, and their own medical policy (PRM-01 to
PRM-04)."""

from __future__ import annotations

from collections.abc import Sequence

from massage_ins_bridge.api import Action, Answer, Case, Payer, RuleBook, hookimpl, load_book

from .approval import approval, next_visit, waivers
from .benefit import benefit


@hookimpl
def payers() -> Sequence[Payer]:
    return load_book(__name__).payers


@hookimpl
def rules() -> RuleBook:
    return load_book(__name__)


@hookimpl
def on_booking(case: Case) -> Answer:
    """The review of this visit, where there is one, and whether the plan covers massage at all."""
    reviewed, owed = approval(case)
    unsure, tasks = benefit(case)
    return Answer((*reviewed, *unsure), waivers(case), (*owed, *tasks))


@hookimpl
def on_visit_complete(case: Case) -> Sequence[Action]:
    """What the next visit will need, asked for in time."""
    return next_visit(case)
