"""A decision in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill

from ..domain import days
from ..domain.answers import Decision, Requirement, Waiver
from ..domain.source import Source, Sure
from ..gate.cause import by_weight

#: How sure a rule is, in words.
SURE: Mapping[Sure, str] = {
    "read": "read in the source itself",
    "secondary": "told by a secondary page",
    "unsure": "from memory, to be confirmed",
    "ours": "a rule or reading of the project's own",
}
_HEADS = {
    "allow": "ALLOW - the booking may stand.",
    "hold": "HOLD - the booking waits for staff and can still be cured.",
    "block": "BLOCK - the booking may not stand as an insurance booking.",
}
_ROUTES = {
    "claim": "the clinic sends the claim",
    "superbill": "the client pays at the visit and gets a bill to send in",
    "self-pay": "the client pays for the visit",
    None: "how it is paid is not settled",
}
_MARKS = {"block": "BLOCKS", "hold": "HOLDS", "warn": "note"}


def in_words(decision: Decision) -> str:
    """The decision as a few paragraphs for staff: outcome, the one cause, what else there is, how
    to cure it, what is owed."""
    lines = [_HEADS[decision.outcome], ""]
    lines.append(f"Billed:   {decision.payer or 'nobody'} ({_ROUTES[decision.route]})")
    if decision.visit_number is not None:
        lines.append(f"Visit:    number {decision.visit_number} of the episode or claim")
    lines.append(f"Rules as of {days.in_words(decision.rules_as_of)}")
    for item in sorted(decision.requirements, key=by_weight):
        if item.effect != "none" or item.status == "due":
            lines += ["", *_requirement(item)]
    for waiver in decision.waivers:
        lines += ["", *_waiver(waiver)]
    lines += _to_do(decision)
    return "\n".join(lines)


def _to_do(decision: Decision) -> list[str]:
    if not decision.actions:
        return []
    lines = ["", "To do:"]
    for action in decision.actions:
        due = f" (due {days.in_words(action.due)})" if action.due else ""
        lines.append(_wrap(f"- {action.message}{due}", 2))
    return lines


def _requirement(item: Requirement) -> list[str]:
    mark = _MARKS.get(item.effect, "owed" if item.status == "due" else "")
    lines = [_wrap(f"{mark:<9} {item.key}{_asked_by(item.payer)}: {item.message}")]
    if item.remedy:
        lines.append(_wrap(f"cure: {item.remedy}", 10))
    if item.patient_message:
        lines.append(_wrap(f"to the client: {item.patient_message}", 10))
    if item.due:
        lines.append(f"{'':10}last day: {days.in_words(item.due)}")
    return [*lines, _rule(item.rule, item.source)]


def _waiver(item: Waiver) -> list[str]:
    """One that nobody confirmed waives nothing yet, and is not called so."""
    mark = "waived" if item.strength == "firm" else "in doubt"
    said = f"{item.key}{_asked_by(item.payer)}: {item.reason}"
    return [_wrap(f"{mark:<9} {said}"), _rule(item.rule, item.source)]


def _asked_by(payer: str | None) -> str:
    """Whoever else asks it than the payer that is billed."""
    return f" (of {payer}, which pays first)" if payer else ""


def _rule(rule: str, source: Source) -> str:
    sure = f"; {SURE[source.sure]}" if source.sure in ("secondary", "unsure") else ""
    return _wrap(f"rule: {rule} ({source}{sure})", 10)


def _wrap(text: str, indent: int = 0) -> str:
    pad = " " * indent
    hang = "    " if text.startswith("- ") else " " * 10
    return fill(
        text,
        width=96,
        initial_indent=pad,
        subsequent_indent=hang,
        break_on_hyphens=False,
        break_long_words=False,  # a link stays one word
    )
