"""Of all that is said of one key the one requirement that stands, after what rests on hearsay is
weakened and the waivers are applied.

Source: contract parts 1 and 4 (requirement, waiver, ``staff_confirmed``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date

from ..domain.answers import (
    COST_RANK,
    REQUIREMENT_KEYS,
    RESTS_ON_COVERAGE,
    STATUS_RANK,
    Answer,
    Cost,
    Requirement,
    Waiver,
)
from ..domain.days import in_words
from ..domain.source import Source, project_rule

KEY_ORDER = {key: index for index, key in enumerate(REQUIREMENT_KEYS)}
STILL_CHECKING = "We are still checking your booking and will tell you soon."
CHECKING_DETAILS = "We are checking the details you gave us."
CHECKING_PLAN = "We are checking with your plan what this visit needs, and will tell you soon."
NO_COVERAGE = "No coverage is in force on the day, so this may not count."
NOT_SURE_WHO = "It is not certain who the client is, so this may not count."
_NOTHING: AbstractSet[str] = frozenset()
_UNSAID: Mapping[str, None] = dict.fromkeys(REQUIREMENT_KEYS)  # it keeps their order


def settled(
    answers: Sequence[Answer], *, confirmed: bool, today: date
) -> tuple[list[Requirement], list[Waiver]]:
    """The requirement that stands for each key, and the waivers of what is required, in order.
    ``today``: no text names a day before it as one by which something is to be done."""
    found: dict[str, Requirement | None] = {**_UNSAID}
    waivers: list[Waiver] = []
    count = 0
    for answer in answers:
        for item in answer.requirements:
            found[item.key] = item
        count += len(answer.requirements)
        waivers += answer.waivers
    final = list(filter(None, found.values()))
    touched = {r.key for r in final if r.key in RESTS_ON_COVERAGE} if not confirmed else set()
    if waivers:
        keys = {r.key for r in final}
        reach = {id(w): {key for key in keys if reaches(w, key)} for w in waivers}
        waivers = sorted([w for w in waivers if reach[id(w)]], key=_waiver_order)
        touched.update(*(reach[id(w)] for w in waivers))
    if len(final) < count:
        given = [item for answer in answers for item in answer.requirements]
        touched.update([item.key for item in given if found[item.key] is not item])
    for key in touched:
        items = [r for answer in answers for r in answer.requirements if r.key == key]
        if not confirmed and key in RESTS_ON_COVERAGE:
            items = [rest_on_hearsay(item) for item in items]
        found[key] = _settle(items, [w for w in waivers if reaches(w, key)], today)
    if touched:
        final = list(filter(None, found.values()))
    if own := len(found) - len(_UNSAID):  # keys of plugins' own come last, as they were said
        final[-own:] = sorted(final[-own:], key=requirement_order)
    return final, waivers


def unsure(key: str, rule: str, message: str, remedy: str, why: str) -> Requirement:
    """What holds a booking that is decided and may not be acted upon yet. ``why`` is the project's
    own reason."""
    source = project_rule(why)
    return Requirement(
        key, "unknown", "hold", rule, "core", message, remedy, STILL_CHECKING, source
    )


def reaches(waiver: Waiver, key: str) -> bool:
    """Whether the waiver speaks of the key, or of one above it."""
    return key == waiver.key or key.startswith(f"{waiver.key}.")


def _settle(items: list[Requirement], waivers: list[Waiver], today: date) -> Requirement:
    firm = [w for w in waivers if w.strength == "firm"]
    if firm:
        return _waived(max(items, key=by_cost), firm)
    if waivers:
        items = [_doubted(item, waivers[0], today) for item in items]
    return max(items, key=by_cost)


def _waived(item: Requirement, waivers: list[Waiver]) -> Requirement:
    advice = next((w.advice for w in waivers if w.advice), "")
    lacks = item.effect != "none" and bool(advice)
    effect: Cost = "warn" if lacks else "none"
    remedy = advice if lacks else ""
    return replace(
        item, status="waived", effect=effect, remedy=remedy, patient_message="", due=None
    )


def rest_on_hearsay(item: Requirement) -> Requirement:
    """What a requirement becomes while the fact under it is the client's word alone: a met one
    turns into unknown, and one that would block holds."""
    if item.status == "met":
        return replace(
            item,
            status="unknown",
            effect="hold",
            message=f"{item.message} Staff has not confirmed it yet.",
            remedy="Check what the client gave against the card, the plan or the paper, and "
            "confirm it.",
            patient_message=CHECKING_DETAILS,
        )
    if item.effect == "block":
        return replace(
            item,
            effect="hold",
            message=f"{item.message} Staff has not confirmed the client's word for it yet.",
            remedy="Check what the client gave with the plan, and confirm it.",
            patient_message=CHECKING_DETAILS,
        )
    return item


def held_at_most(item: Requirement, why: str) -> Requirement:
    """What a requirement becomes while it is in doubt whose chart it was judged on, or by which
    coverage: nobody is refused for what may be missing in a stranger's, or is asked by nobody.
    ``why`` is said, and the cure is to settle that first."""
    if item.effect != "block":
        return item
    return replace(
        item,
        effect="hold",
        message=f"{item.message} {why}",
        remedy="Settle that first; this is judged again then.",
        patient_message=STILL_CHECKING,
    )


def _doubted(item: Requirement, waiver: Waiver, today: date) -> Requirement:
    """An unmet one that may be waived: it holds at most, and speaks as doubtfully as it is."""
    if item.status != "unmet":
        return item
    effect = item.effect if COST_RANK[item.effect] <= COST_RANK["hold"] else "hold"
    due = item.due if item.due is not None and item.due >= today else None
    by = f" It may have to be asked by {in_words(due)}." if due else ""
    return replace(
        item,
        status="unknown",
        effect=effect,
        message=f"{waiver.reason} If that is wrong, this counts: {item.message}",
        remedy="Ask the plan, record its answer, and confirm the coverage.",
        patient_message=f"{CHECKING_PLAN}{by}",
    )


def by_cost(item: Requirement) -> tuple[object, ...]:
    """Sorts requirements of one key, the costliest last. Of equal cost the earlier ``due`` stands;
    what follows only makes the order total."""
    return (
        COST_RANK[item.effect],
        item.due is not None,
        -item.due.toordinal() if item.due else 0,
        STATUS_RANK[item.status],
        item.plugin,
        item.rule,
        item.message,
        item.remedy,
        item.patient_message,
        item.not_covered,
        _plain(item.source),
    )


def requirement_order(item: Requirement) -> tuple[int, str, str]:
    """Sorts settled requirements by key; of one payer no key is there twice."""
    return KEY_ORDER.get(item.key, len(KEY_ORDER)), item.key, item.payer or ""


def _waiver_order(item: Waiver) -> tuple[object, ...]:
    known = KEY_ORDER.get(item.key, len(KEY_ORDER))
    said = (item.strength, item.reason, item.confirm_with_plan)
    return (known, item.key, item.plugin, item.rule, *said, item.advice, _plain(item.source))


def _plain(source: Source) -> tuple[str, ...]:
    return (source.title, source.href or "", str(source.read_on or ""), source.sure)
