"""Personal injury protection: an open claim, three years, a benefit that can run out."""

from __future__ import annotations

from collections.abc import Sequence

from massage_ins_bridge.api import Action, Answer, Case, Payer, RuleBook, hookimpl, load_book

from .claim import claim, details


@hookimpl
def payers() -> Sequence[Payer]:
    return load_book(__name__).payers


@hookimpl
def rules() -> RuleBook:
    return load_book(__name__)


@hookimpl
def on_booking(case: Case) -> Answer:
    """The claim, and what is missing to get it paid."""
    requirements, actions = claim(case)
    more, further = details(case)
    return Answer((*requirements, *more), actions=(*actions, *further))


@hookimpl
def on_visit_complete(case: Case) -> Sequence[Action]:
    """The claim with notes and prescription goes out after each visit."""
    text = "Send the claim with notes and prescription to the adjuster."
    found = [case.rules["PIP-06"].action("submit-claim", text, case.date_of_service)]
    if case.clinic.pip_payment_at_visit:
        text = "Take payment at the visit, as disclosed to the client."
        found.append(case.rules["OQ-5"].action("collect-payment", text, case.date_of_service))
    return found
