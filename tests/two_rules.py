"""A real plugin with two rules, in the place of the built-in ones: so many visits of an episode
are paid for, and the coverage must be confirmed by staff until a day before the visit.

What happens around a decision is tested with it; what is decided has tests of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
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
from massage_ins_bridge.domain.declared import Declared, DeclaredAction, DeclaredFact, DeclaredKind
from massage_ins_bridge.hooks.host import Host
from massage_ins_bridge.testing import PATIENCE

A_TEST = Source("a test")
LEAD = timedelta(days=4)


@dataclass
class Knobs:
    """What a test turns: visits that are paid for, in all and in a week; from which visit on it is
    to be asked ``lead`` before its day; what a booking and a visit
    ask of staff; what is found on a prescription; what is ``broken``. ``cases`` are those that were
    decided."""

    visits: int = 100
    a_week: int = 7
    asks_from: int = 100
    lead: timedelta = timedelta(days=4)
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
    return Host.load(points=[point], time_limit=PATIENCE)


@hookimpl
def payers() -> Sequence[Payer]:
    made = Payer("regence", "Regence", "core", ("Regence Shield",))
    return (replace(made, needs_network=False, settlement="claim"),)


@hookimpl
def rules() -> RuleBook:
    declared = Declared(
        (DeclaredFact("core", "coverage", "case_number", "text", "Case number"),),
        (
            DeclaredAction("core.letter", "Write the letter"),
            DeclaredAction("core.form", "Send the form", "client"),
            DeclaredAction("core.note", "Send the note", "visit"),
        ),
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
    if sum(_week(entry.day) == _week(case.date_of_service) for entry in case.entries or ()) >= (
        KNOBS.a_week
    ):
        return _answer(_requirement("benefit", "hold", "the week is full"))
    if number >= KNOBS.asks_from:
        last = case.date_of_service - KNOBS.lead
        said = "has no days left" if case.today > last else "is to be asked for"
        found = _requirement("referral", "hold", f"visit {number} {said}")
        return _answer(replace(found, due=last))
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


def _week(day: date) -> tuple[int, int]:
    return day.isocalendar()[:2]


def _answer(requirement: Requirement) -> Answer:
    return Answer((requirement,), actions=KNOBS.actions)


def _requirement(key: str, effect: Cost, message: str) -> Requirement:
    status: Status = "met" if effect == "none" else "unmet"
    return Requirement(key, status, effect, "CP-COVERAGE", "core", message, "", "", A_TEST)
