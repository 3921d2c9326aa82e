"""A real plugin with two rules, in the place of the built-in ones: so many visits of an episode
are paid for, and the coverage must be confirmed by staff until a day before the visit.

What happens around a decision is tested with it; what is decided has tests of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from importlib.metadata import EntryPoint

from massage_ins_bridge.api import (
    Action,
    Answer,
    Case,
    Cost,
    Finding,
    Payer,
    Prescription,
    Requirement,
    RuleBook,
    Source,
    Status,
    UploadAnswer,
    hookimpl,
    load_book,
)
from massage_ins_bridge.domain.declared import Declared, DeclaredFact, DeclaredKind
from massage_ins_bridge.hooks.host import Host

A_TEST = Source("a test")
LEAD = timedelta(days=4)


@dataclass
class Knobs:
    """What a test turns: visits that are paid for; what a booking and a visit ask of staff; what is
    found on a prescription; what is ``broken``. ``cases`` are those that were decided."""

    visits: int = 100
    broken: bool = False
    broken_hooks: bool = False
    actions: tuple[Action, ...] = ()
    after: tuple[Action, ...] = (Action("submit-claim", "CP-COVERAGE", "Submit the claim."),)
    unmet: frozenset[str] = frozenset()
    cases: list[Case] = field(default_factory=list)


KNOBS = Knobs()


def two_rules_host() -> Host:
    """A host with these rules alone, and its knobs as they were made."""
    vars(KNOBS).update(vars(Knobs()))
    return _loaded()


@cache
def _loaded() -> Host:
    point = EntryPoint("core", "tests.two_rules", "massage_ins_bridge")
    return Host.load(points=[point], time_limit=5)


@hookimpl
def payers() -> Sequence[Payer]:
    made = Payer("regence", "Regence", "core", ("Regence Shield",))
    return (replace(made, needs_network=False, settlement="claim"),)


@hookimpl
def rules() -> RuleBook:
    declared = Declared(
        (DeclaredFact("core", "coverage", "case_number", "text", "Case number"),),
        (DeclaredKind("core.letter", "Write the letter"),),
        (DeclaredKind("core.promise", "A promise"),),
    )
    book = load_book("massage_ins_bridge.rules")
    return replace(book, payers=tuple(payers()), declared=declared)


@hookimpl
def on_booking(case: Case) -> Answer:
    KNOBS.cases.append(case)
    if KNOBS.broken:
        raise RuntimeError("Ann Lee has a secret")
    number = case.visit_number or 1
    if number > KNOBS.visits:
        return _answer(_requirement("prescription", "block", f"visit {number} of {KNOBS.visits}"))
    if case.confirmed:
        return _answer(_requirement("intake", "none", "all is well"))
    due = case.date_of_service - LEAD
    effect: Cost = "block" if case.today > due else "hold"
    found = _requirement("intake", effect, "coverage not confirmed")
    return _answer(replace(found, due=due))


@hookimpl
def on_visit_complete(case: Case) -> Sequence[Action]:
    if KNOBS.broken_hooks:
        raise RuntimeError("Ann Lee has a secret")
    return KNOBS.after


@hookimpl
def on_prescription_upload(case: Case, prescription: Prescription) -> UploadAnswer:
    """A prescription for one of the ``unmet`` purposes does not do."""
    if KNOBS.broken_hooks:
        raise RuntimeError("Ann Lee has a secret")
    status: Status = "unmet" if prescription.purpose in KNOBS.unmet else "met"
    finding = Finding("use", status, "CP-COVERAGE", "core", "It is wrong.", "Mend it.", A_TEST)
    signed = Finding("signed_on", "met", "CP-COVERAGE", "core", "It is signed.", "", A_TEST)
    return UploadAnswer((signed, finding), ("prescription",))


def _answer(requirement: Requirement) -> Answer:
    return Answer((requirement,), actions=KNOBS.actions)


def _requirement(key: str, effect: Cost, message: str) -> Requirement:
    status: Status = "met" if effect == "none" else "unmet"
    return Requirement(key, status, effect, "CP-COVERAGE", "core", message, "", "", A_TEST)
