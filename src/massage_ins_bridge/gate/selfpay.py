"""Paying oneself: bookings that are marked so, when it may be offered, and how it is said.

Source: PAY-01 and contract part 5, "Self-pay". Every text about paying is made here, from the flag,
so that nobody who may not be billed is told to pay.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..domain.answers import Decision, Outcome, Requirement, Terms
from ..domain.payer import Payer, PayerIndex, normal_name, unserved
from ..domain.rule import Rule
from .case import CORE, Case
from .settle import STILL_CHECKING

#: What a block of one of these says: the care is not covered. Every other block is about a paper
#: that is late, or about a claim; a plugin says it of its own requirements.
NOT_COVERED = frozenset(
    {
        "benefit",
        "medical-necessity",
        "diagnosis.reimbursable",
        "prescription",
        "prescription.current",
        "prescription.purpose",
        "prescription.visits",
    }
)
#: To staff, to the client, and to the client in the few words that a platform carries.
REMEDY: Mapping[Terms, str] = {
    "free": "Offer self-pay.",
    "signed-before": "Offer self-pay, with a written agreement for this service before the visit.",
}
CLIENT: Mapping[Terms, str] = {
    "free": "You are welcome to pay for the visit yourself.",
    "signed-before": "You may pay for the visit yourself, if we both sign an agreement before it.",
}
PLATFORM: Mapping[Terms, str] = {
    "free": "You may book as self-pay.",
    "signed-before": "For self-pay, we both sign an agreement before the visit.",
}
REFUSED = "This visit cannot take place on insurance."
CALL_US = "Please call us to talk about what you can do."


def terms_of(case: Case, final: Sequence[Requirement], outcome: Outcome) -> Terms | None:
    """On which terms self-pay is offered; ``None`` where it is not."""
    if outcome == "allow" or not may_be_billed(case):
        return None
    payer = case.payer
    blocks = [item for item in final if item.effect == "block"] if outcome == "block" else []
    if payer is not None and payer.settlement == "none":
        return "free" if blocks else None
    if payer is not None and (payer.self_pay_free or case.network == "out"):
        return "free"
    barred = any(item.not_covered or item.key in NOT_COVERED for item in blocks)
    return "signed-before" if barred else None


def may_be_billed(case: Case) -> bool:
    """Whether the client may be asked to pay: nobody who might be billed forbids it."""
    payers = case.candidates if case.payer is None else (case.payer,)
    return not any(forbids(case, payer) for payer in payers)


def forbids(case: Case, payer: Payer) -> Rule | None:
    """The rule against paying oneself, the payer's own or, where nobody serves it, ours: for the
    payers that it names, and those whose own rules forbade it while they were here."""
    if not payer.served:
        rule = case.all_rules[CORE]["CP-NOT-BILLED"]
        named = normal_name(payer.name) in map(normal_name, rule.values["names"])
        return rule if named or payer.self_pay_rule is not None else None
    if payer.self_pay_rule is None:
        return None
    return case.all_rules.get(payer.plugin, {}).get(payer.self_pay_rule)


def with_words(item: Requirement, outcome: Outcome, terms: Terms | None) -> Requirement:
    """A requirement with what the outcome means for paying. Of a visit that is refused the client
    hears from its blocks alone: that it cannot take place on insurance, and what they can do. A
    block that a failed plugin keeps from counting refuses nothing."""
    if item.effect != outcome:
        if outcome == "hold" and item.effect != "block":
            return item
        said = STILL_CHECKING if outcome == "hold" else ""
        return item if item.patient_message == said else replace(item, patient_message=said)
    client = [item.patient_message]
    if outcome == "block":
        client += [REFUSED, CLIENT[terms] if terms else CALL_US]
    elif terms:
        client.append(CLIENT[terms])
    remedy = f"{item.remedy} {REMEDY[terms]}".strip() if terms else item.remedy
    return replace(item, remedy=remedy, patient_message=" ".join(filter(None, client)))


def decide_self_pay(case: Case, payers: PayerIndex) -> Decision:
    """Allow, unless the booking names a payer whose care may never be paid by the client."""
    named = case.booking.payer
    match = payers.find(named)
    payer = match.payer if match else unserved(named) if named else None
    rule = forbids(case, payer) if payer is not None else None
    name = None
    if payer is not None:
        name = payer.key if payer.served else payer.name
    if payer is None or rule is None:
        return _decision(case, "allow", name, ())
    requirement = rule.unmet(
        "coverage",
        "hold",
        f"The booking is to be billed to no insurance, but names {payer.name}. As far as we know, "
        "the client may not be billed for that care.",
        f"Find out whether the visit belongs to the care of {payer.name}. Book it so, or take the "
        "name off the booking.",
        "We are checking who this visit is billed to.",
    )
    return _decision(case, "hold", name, (requirement,))


def _decision(
    case: Case, outcome: Outcome, payer: str | None, requirements: tuple[Requirement, ...]
) -> Decision:
    allowed = outcome == "allow"
    return Decision(
        outcome=outcome,
        payer=payer,
        route="self-pay" if allowed else None,
        payment_at_visit=allowed,
        visit_number=None,
        requirements=requirements,
        waivers=(),
        actions=(),
        self_pay_offered=False,
        self_pay_terms=None,
        rules_as_of=case.date_of_service,
        ruleset={},
    )
