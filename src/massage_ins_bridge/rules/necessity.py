"""Medical necessity: the payer's own test of it (REG-08, PRM-03), where it has one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from ..api import Case, Entry, Prescription, Requirement, Rule, authorization_state

KEY = "medical-necessity"
KIND = "prior-authorization"
WORDS = {"pain": "pain", "loss_of_function": "loss of function"}


def necessity(case: Case, rx: Prescription) -> Requirement | None:
    """``medical-necessity``: whether the prescription shows what the payer asks for. Where the
    payer approved the visit it judged that itself, and may not refuse it later (LAW-08)."""
    payer = case.payer
    rule = case.payer_rule(payer.necessity_rule) if payer else None
    if payer is None or rule is None:
        return None
    found = _judge(case, payer.name, rule, rx)
    if found.effect == "none":
        return found
    if not _is_approved(case, rx):
        unseen = case.law_may_lift or case.authorizations is None or _may_be_approved(case, rx)
        return replace(found, effect="hold") if unseen and found.effect == "block" else found
    text = "The payer approved the visit, so it has judged the need for it."
    return case.rules["LAW-08"].advised(KEY, text, document(rule))


def document(rule: Rule) -> str:
    """What staff is told where the paper is silent and the visit may stand all the same."""
    asked = " and ".join(WORDS[what] for what in rule.values["asks"])
    return f"Document {asked} in the notes: later visits may need it."


@lru_cache(maxsize=64)
def _spoken(definition: str) -> str:
    """The parts of a definition, each a sentence."""
    parts = definition.rstrip(".").split("; ")
    return " ".join(f"{part[0].upper()}{part[1:]}." for part in parts)


def _is_approved(case: Case, rx: Prescription) -> bool:
    return _state(case, rx, case.own_entries) == "covered" and _has_approval(case)


def _may_be_approved(case: Case, rx: Prescription) -> bool:
    """Whether an approval would cover the visit, and the visits that may have used it up are not
    known."""
    return case.own_entries is None and _state(case, rx, ()) == "covered"


def _state(case: Case, rx: Prescription, entries: Sequence[Entry] | None) -> str:
    case.prescription, before = rx, case.prescription
    state = authorization_state(case, (KIND,), entries).state
    case.prescription = before
    return state


def _has_approval(case: Case) -> bool:
    return any(a.kind == KIND and a.status == "approved" for a in case.authorizations or ())


def _judge(case: Case, name: str, rule: Rule, rx: Prescription) -> Requirement:
    """One finding that is known to be absent is enough to refuse, whatever the other is."""
    payer = case.payer
    definition = case.payer_rule(payer.necessity_definition_rule) if payer else None
    tail = f" What {name} means by it: {_spoken(definition.text)}" if definition else ""
    values = {what: getattr(rx, what) for what in rule.values["asks"]}
    asked = " and ".join(WORDS[what] for what in values)
    if all(values.values()):
        return rule.met(KEY, f"Documented: {asked}.{tail}")
    absent = [WORDS[what] for what, value in values.items() if value is False]
    if absent:
        return rule.unmet(
            KEY,
            "block",
            f"As far as we know, {name} asks for {asked}. Not documented: {', '.join(absent)}."
            f"{tail}",
            "Ask the prescriber whether the finding was left out.",
            "Your insurance may ask for a medical need that your prescription does not show.",
        )
    missing = ", ".join(WORDS[what] for what, value in values.items() if not value)
    return rule.unknown(
        KEY,
        f"As far as we know, {name} asks for {asked}. Not recorded: {missing}.{tail}",
        "Record what the prescription or the chart says: what the client cannot do, such as "
        "sit or walk for so long.",
        "We are checking if your prescription says what your insurance may ask for.",
    )
