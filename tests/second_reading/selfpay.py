"""Whether self-pay is offered, and on which terms."""

from .facts import holds_on
from .names import NEVER_BILLED
from .sides import Side, payer_of
from .terms import NOT_COVERED, Item

FREE, SIGNED = "free", "signed-before"


def self_pay_flag(side: Side, outcome: str, items: list[Item]) -> tuple[bool, str | None]:
    if outcome == "allow" or may_not_be_billed(side):
        return False, None
    if side.payer == "medicare":
        return (True, FREE) if outcome == "block" else (False, None)
    if side.network == "out" or side.payer == "pip":
        return True, FREE
    uncovered = any(i.effect == "block" and i.cause == NOT_COVERED for i in items)
    return (True, SIGNED) if uncovered else (False, None)


def may_not_be_billed(side: Side) -> bool:
    """Where the payer is unclear, whether one of the candidates is one of these."""
    if side.payer is not None:
        return side.payer in NEVER_BILLED
    listed = side.facts.request.get("coverages") or []
    force = [item for item in listed if holds_on(item, side.facts.day)] or listed
    return any(payer_of(item) in NEVER_BILLED for item in force)
