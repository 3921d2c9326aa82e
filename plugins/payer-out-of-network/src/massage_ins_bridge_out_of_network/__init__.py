"""Premera, Kaiser, First Choice, Cigna, Aetna and United HealthCare.

Payment and papers follow the clinic's network status (the shared rules); here stand the
approvals that Premera and Kaiser ask for themselves.
"""

from __future__ import annotations

from collections.abc import Sequence

from massage_ins_bridge.api import Action, Answer, Case, Payer, RuleBook, hookimpl, load_book

from .approval import approval, next_visit, waivers


@hookimpl
def payers() -> Sequence[Payer]:
    return load_book(__name__).payers


@hookimpl
def rules() -> RuleBook:
    return load_book(__name__)


@hookimpl
def on_booking(case: Case) -> Answer | None:
    """The payer's own authorization, where it asks for one at this visit."""
    found = approval(case)
    if found is None:
        return None
    requirement, actions = found
    return Answer((requirement,), waivers(case), tuple(actions))


@hookimpl
def on_visit_complete(case: Case) -> Sequence[Action]:
    """What the next visit will need, asked for in time."""
    return next_visit(case)
