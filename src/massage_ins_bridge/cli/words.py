"""A decision in plain words."""

from __future__ import annotations

from textwrap import fill

from ..domain.answers import COST_RANK, Decision, Requirement

_HEADS = {
    "allow": "ALLOW - the booking may stand.",
    "hold": "HOLD - the booking waits for staff and can still be cured.",
    "block": "BLOCK - the booking may not stand as an insurance booking.",
}
_ROUTES = {
    "claim": "the clinic sends the claim",
    "superbill": "the client pays at the visit and gets a superbill",
    "self-pay": "the client pays for the visit",
    None: "not known yet",
}
_MARKS = {"block": "BLOCKS", "hold": "HOLDS", "warn": "note"}


def in_words(decision: Decision) -> str:
    """The decision as a few paragraphs for staff: outcome, why, how to cure it, what is owed."""
    lines = [_HEADS[decision.outcome], ""]
    lines.append(f"Billed:   {decision.payer or 'nobody'} ({_ROUTES[decision.route]})")
    if decision.visit_number is not None:
        lines.append(f"Visit:    number {decision.visit_number} of the episode or claim")
    lines.append(f"Rules as of {decision.rules_as_of}")
    for item in sorted(decision.requirements, key=lambda r: -COST_RANK[r.effect]):
        if item.effect != "none" or item.status == "due":
            lines += ["", *_requirement(item)]
    for waiver in decision.waivers:
        lines += ["", _wrap(f"waived    {waiver.key}: {waiver.reason}")]
        lines.append(_wrap(f"rule: {waiver.rule} ({waiver.source})", 10))
    lines += _to_do(decision)
    if decision.self_pay_offered:
        lines += ["", "The client may be offered to pay for the visit themselves."]
    return "\n".join(lines)


def _to_do(decision: Decision) -> list[str]:
    if not decision.actions:
        return []
    lines = ["", "To do:"]
    for action in decision.actions:
        by = f" (by {action.due})" if action.due else ""
        lines.append(_wrap(f"- {action.message}{by} [{action.kind}, {action.rule}]", 2))
    return lines


def _requirement(item: Requirement) -> list[str]:
    mark = _MARKS.get(item.effect, "owed" if item.status == "due" else "")
    lines = [_wrap(f"{mark:<9} {item.key}: {item.message}")]
    if item.remedy:
        lines.append(_wrap(f"cure: {item.remedy}", 10))
    if item.patient_message:
        lines.append(_wrap(f"to the client: {item.patient_message}", 10))
    if item.due:
        lines.append(f"{'':10}due: {item.due}")
    lines.append(_wrap(f"rule: {item.rule} ({item.source})", 10))
    return lines


def _wrap(text: str, indent: int = 0) -> str:
    pad = " " * indent
    hang = "    " if text.startswith("- ") else " " * 10
    return fill(text, width=96, initial_indent=pad, subsequent_indent=hang, break_on_hyphens=False)
