"""The gate: requirements and waivers in, one decision out.

Pure and order-independent: the same answers give the same decision, whichever plugin spoke
first. Source: contract parts 1, 2, 4 and 5.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from ..domain.answers import (
    COST_RANK,
    REQUIREMENT_KEYS,
    RESTS_ON_COVERAGE,
    STATUS_RANK,
    Action,
    Answer,
    Decision,
    Outcome,
    PluginFailure,
    Requirement,
    Route,
    Waiver,
)
from ..domain.payer import Payer, normal_name
from ..domain.rule import Rule
from .case import CORE, Case

_KEY_ORDER = {key: index for index, key in enumerate(REQUIREMENT_KEYS)}
#: What another coverage may be judged by otherwise.
_OF_THE_PLAN = RESTS_ON_COVERAGE | {"medical-necessity"}
STILL_CHECKING = "We are still checking your booking and will tell you soon."
_NOTHING: AbstractSet[str] = frozenset()
_UNSAID: Mapping[str, None] = dict.fromkeys(REQUIREMENT_KEYS)  # it keeps their order


def combine(
    case: Case,
    answers: Sequence[Answer],
    failures: Sequence[PluginFailure],
    ruleset: Mapping[str, str],
) -> Decision:
    """Combine every plugin's answer into the decision on one booking billed to insurance."""
    final, waivers = _settled(answers, confirmed=case.confirmed)
    if not case.in_force:
        final = [held_at_most(r) if r.key in _OF_THE_PLAN else r for r in final]
    if case.today > case.all_rules.next_review:
        final += overdue_rules(case, final, waivers)
        final.sort(key=_requirement_order)
    waived = {r.key for r in final if r.status == "waived"} if waivers else _NOTHING
    doubtful = case.patient.identity == "doubtful"
    if doubtful:
        final = [held_at_most(item) for item in final]
    outcome = "hold" if doubtful else strictest(final)
    if failures:
        outcome = "hold"
        final[:0] = sorted([_failed(f, case) for f in failures], key=lambda item: item.plugin)
    route = route_of(case)
    return Decision(
        outcome,
        _payer_name(case),
        route,
        _pays_at_visit(case, route),
        case.visit_number,
        tuple(final),
        tuple(waivers),
        _actions(answers, waived),
        outcome != "allow" and _self_pay_lawful(case),  # self_pay_offered
        case.date_of_service,
        ruleset,
    )


def _settled(
    answers: Sequence[Answer], *, confirmed: bool
) -> tuple[list[Requirement], list[Waiver]]:
    """The requirement that stands for each key, and the waivers of what is required, in order."""
    settled: dict[str, Requirement | None] = {**_UNSAID}
    waivers: list[Waiver] = []
    count = 0
    for answer in answers:
        for item in answer.requirements:
            settled[item.key] = item
        count += len(answer.requirements)
        waivers += answer.waivers
    final = list(filter(None, settled.values()))
    touched = {r.key for r in final if r.key in RESTS_ON_COVERAGE} if not confirmed else set()
    if waivers:
        waivers = sorted([w for w in waivers if settled.get(w.key)], key=_waiver_order)
        touched.update([w.key for w in waivers])
    if len(final) < count:
        given = [item for answer in answers for item in answer.requirements]
        touched.update([item.key for item in given if settled[item.key] is not item])
    for key in touched:
        items = [r for answer in answers for r in answer.requirements if r.key == key]
        settled[key] = _settle(key, items, waivers, confirmed=confirmed)
    if touched:
        final = list(filter(None, settled.values()))
    if len(settled) > len(_UNSAID):
        final.sort(key=_requirement_order)
    return final, waivers


def strictest(requirements: Iterable[Requirement]) -> Outcome:
    """The outcome that the costliest requirement asks for. A warning allows."""
    costs = {item.effect for item in requirements}
    return "block" if "block" in costs else "hold" if "hold" in costs else "allow"


def _settle(
    key: str, items: list[Requirement], waivers: list[Waiver], *, confirmed: bool
) -> Requirement:
    """The requirement that stands of several of one key: the costliest, after what rests on an
    unconfirmed coverage is weakened and the waivers are applied."""
    if not confirmed and key in RESTS_ON_COVERAGE:
        items = [rest_on_hearsay(item) for item in items]
    strengths = {w.strength for w in waivers if w.key == key} if waivers else _NOTHING
    if "firm" in strengths:
        base = max(items, key=by_cost)
        return replace(
            base, status="waived", effect="none", remedy="", patient_message="", due=None
        )
    if "doubtful" in strengths:
        items = [_doubted(item) for item in items]
    return max(items, key=by_cost)


def rest_on_hearsay(item: Requirement) -> Requirement:
    """What a requirement becomes while the fact under it is the client's word alone: a met one
    turns into unknown, and one that would block holds."""
    if item.status == "met":
        return Requirement(
            item.key,
            "unknown",
            "hold",
            item.rule,
            item.plugin,
            f"{item.message} Staff has not confirmed it yet.",
            "Check what the client gave against the card, the plan or the paper, and confirm it.",
            "We are checking the details you gave us.",
            item.source,
            item.due,
        )
    if item.effect == "block":
        return replace(item, effect="hold")
    return item


def held_at_most(item: Requirement) -> Requirement:
    """What a requirement becomes while it is in doubt whose chart it was judged on, or by which
    coverage: nobody is refused for what may be missing in a stranger's, or is asked by nobody."""
    if item.effect != "block":
        return item
    return replace(item, effect="hold", patient_message=STILL_CHECKING)


def _doubted(item: Requirement) -> Requirement:
    if item.status != "unmet":
        return item
    effect = item.effect if COST_RANK[item.effect] <= COST_RANK["hold"] else "hold"
    return replace(item, status="unknown", effect=effect)


def by_cost(item: Requirement) -> tuple[object, ...]:
    """Sorts requirements of one key, the costliest last. What follows effect and status only makes
    the order total."""
    return (
        COST_RANK[item.effect],
        STATUS_RANK[item.status],
        item.due.isoformat() if item.due else "",
        item.plugin,
        item.rule,
        item.message,
        item.remedy,
        item.patient_message,
        item.source,
    )


def _failed(failure: PluginFailure, case: Case) -> Requirement:
    return Requirement(
        key="plugin.failed",
        status="unknown",
        effect="hold",
        rule="CP-FAILED",
        plugin=failure.plugin,
        message=f"The plugin {failure.plugin!r} could not answer: {failure.reason}.",
        remedy=f"Repair or update the plugin {failure.plugin!r}, or disable it in the settings; "
        "until then staff decides on this booking.",
        patient_message=STILL_CHECKING,
        source=case.all_rules[CORE]["CP-FAILED"].source,
    )


def overdue_rules(
    case: Case, requirements: list[Requirement], waivers: list[Waiver]
) -> list[Requirement]:
    """A warning that names the rules this decision rests on whose review is overdue."""
    used = {(r.plugin, r.rule) for r in requirements} | {(w.plugin, w.rule) for w in waivers}
    late = sorted(
        rule.id
        for plugin, rule_id in used
        if (rule := _find(case, plugin, rule_id)) is not None and rule.overdue(case.today)
    )
    if not late:
        return []
    names = ", ".join(dict.fromkeys(late))
    return [
        case.all_rules[CORE]["CP-REVIEW"].unknown(
            "core.rules-review",
            f"The decision rests on rules whose review is overdue: {names}.",
            "Read the sources again and confirm the rules (see `massage-ins-bridge rules review`).",
            "",
            effect="warn",
        )
    ]


def _find(case: Case, plugin: str, rule_id: str) -> Rule | None:
    return case.all_rules.get(plugin, {}).get(rule_id)


def _actions(answers: Sequence[Answer], waived: AbstractSet[str]) -> tuple[Action, ...]:
    kept: set[Action] = set()
    for answer in answers:
        for action in answer.actions:
            if action.cures is None:
                kept.add(action)
            elif action.cures not in waived:
                kept.add(Action(action.kind, action.rule, action.message, action.due))
    return tuple(sorted(kept, key=_action_order)) if kept else ()


def route_of(case: Case) -> Route | None:
    """How the visit is paid for; ``None`` while the payer or the network is unknown."""
    payer = case.payer
    if payer is None or not payer.served or not case.in_force:
        return None
    if payer.needs_network and case.network is None:
        return None
    if payer.settlement == "claim" or case.network == "in":
        return "claim"
    return "superbill"


def _payer_name(case: Case) -> str | None:
    if case.payer is None:
        return None
    return case.payer.key if case.payer.served else case.payer.name


def _pays_at_visit(case: Case, route: Route | None) -> bool:
    if route != "claim" or case.payer is None:
        return route == "superbill"
    return not case.payer.needs_network and bool(case.clinic.pip_payment_at_visit)


def _self_pay_lawful(case: Case) -> bool:
    payer = case.payer
    return payer is None or (payer.self_pay_rule is None and not names_workers_care(case, payer))


def names_workers_care(case: Case, payer: Payer) -> bool:
    """Whether an unserved payer goes by a name of L&I, whose care is never self-paid."""
    if payer.served:
        return False
    names = case.all_rules[CORE]["CP-WORKER"].values["names"]
    return normal_name(payer.name) in map(normal_name, names)


def _requirement_order(item: Requirement) -> tuple[int, str]:
    """Sorts settled requirements by key; no key is there twice."""
    return _KEY_ORDER.get(item.key, len(_KEY_ORDER)), item.key


def _waiver_order(item: Waiver) -> tuple[object, ...]:
    known = _KEY_ORDER.get(item.key, len(_KEY_ORDER))
    said = (item.strength, item.reason, item.source, item.confirm_with_plan)
    return (known, item.key, item.plugin, item.rule, *said)


def _action_order(item: Action) -> tuple[object, ...]:
    return (item.kind, item.due.isoformat() if item.due else "9", item.rule, item.message)
