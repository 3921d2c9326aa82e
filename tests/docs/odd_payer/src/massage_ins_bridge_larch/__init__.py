"""Larch Mutual: units of time, an approval for each code, a sum a year, and two visits a week."""

from __future__ import annotations

from collections.abc import Sequence

from massage_ins_bridge.api import Action, Answer, Case, Payer, RuleBook, hookimpl, load_book

from .asked import cap, codes, units, weekly

requires_api = "1.0"


@hookimpl
def payers() -> Sequence[Payer]:
    return load_book(__name__).payers


@hookimpl
def rules() -> RuleBook:
    return load_book(__name__)


@hookimpl
def on_booking(case: Case) -> Answer:
    return Answer((units(case), codes(case), cap(case), weekly(case)))


@hookimpl
def on_visit_complete(case: Case) -> Sequence[Action]:
    """The next visits are judged by what was billed for this one."""
    text = "Record the units and the charge of this visit."
    return [case.rules["LAR-01"].action("larch.record-visit", text)]
