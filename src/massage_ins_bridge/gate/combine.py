"""The gate: requirements and waivers in, one decision out.

Pure and order-independent: the same answers give the same decision, whichever plugin spoke
first. Source: contract parts 1, 2, 4 and 5.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from ..domain.answers import (
    RESTS_ON_COVERAGE,
    Action,
    Answer,
    Decision,
    Outcome,
    PluginFailure,
    Requirement,
    Route,
    Waiver,
)
from ..domain.days import in_words
from ..domain.describe import sentence
from .case import CORE, Case
from .cause import the_cause
from .selfpay import terms_of, with_words
from .settle import (
    NO_COVERAGE,
    NOT_SURE_WHO,
    STILL_CHECKING,
    held_at_most,
    requirement_order,
    settled,
)

#: What another coverage may be judged by otherwise.
_OF_THE_PLAN = RESTS_ON_COVERAGE | {"medical-necessity"}
#: How many sources a reminder names.
TITLES = 2
#: What a primary payer is asked beside the secondary one that is billed.
ASKED_OF_PRIMARY = frozenset({"prior-authorization", "referral", "medical-necessity", "claim"})


class Asked(NamedTuple):
    """A case, that of the payer billed or of the primary one beside it, and what was answered."""

    case: Case
    answers: Sequence[Answer]


def combine(
    case: Case,
    answers: Sequence[Answer],
    failures: Sequence[PluginFailure],
    ruleset: Mapping[str, str],
    beside: Sequence[Asked] = (),
) -> Decision:
    """Combine every plugin's answer into the decision on one booking billed to insurance."""
    final, waivers = settled(
        answers, confirmed=case.confirmed or case.coverage is None, today=case.today
    )
    actions = _actions(answers, final)
    for asked in beside:
        more, further, owed = _of_primary(asked)
        final, waivers, actions = final + more, waivers + further, actions | owed
    if beside:
        final.sort(key=requirement_order)
    if case.coverage is None or not case.in_force:
        final = [held_at_most(r, NO_COVERAGE) if r.key in _OF_THE_PLAN else r for r in final]
    if case.today > case.all_rules.next_review:
        for item in overdue_rules(case, final, waivers):
            insort(final, item, key=requirement_order)
    if case.patient.identity == "doubtful":
        final = [held_at_most(item, NOT_SURE_WHO) for item in final]
    outcome = "hold" if failures else strictest(final)
    if outcome == "block":  # on a booking that is refused no report is owed
        final = [r for r in final if r.key != "progress-report"]
        actions = {a for a in actions if a.kind != "send-progress-report"}
    return _decision(case, final, failures, _Rest(outcome, waivers, actions, ruleset))


class _Rest(NamedTuple):
    outcome: Outcome
    waivers: Sequence[Waiver]
    actions: Iterable[Action]
    ruleset: Mapping[str, str]


def _decision(
    case: Case, final: list[Requirement], failures: Sequence[PluginFailure], rest: _Rest
) -> Decision:
    outcome = rest.outcome
    terms = terms_of(case, final, outcome) if outcome != "allow" else None
    if outcome != "allow":
        # a hold offers self-pay once, where it is read first; each refusal says what can be done
        first = the_cause(final, outcome) if outcome == "hold" else None
        final = [with_words(r, outcome, terms if first in (None, r) else None) for r in final]
    if failures:
        final[:0] = sorted([_failed(f, case) for f in failures], key=lambda item: item.plugin)
    route = route_of(case)
    return Decision(
        outcome,
        _payer_name(case),
        route,
        _pays_at_visit(case, route),
        case.visit_number,
        tuple(final),
        tuple(rest.waivers),
        tuple(sorted(rest.actions, key=_action_order)),
        terms is not None,
        terms,
        case.date_of_service,
        rest.ruleset,
    )


def _of_primary(asked: Asked) -> tuple[list[Requirement], list[Waiver], set[Action]]:
    """What the primary payer asks, in its own name."""
    case = asked.case
    name = _payer_name(case)
    answers = [
        Answer(
            tuple(r for r in answer.requirements if r.key in ASKED_OF_PRIMARY),
            tuple(w for w in answer.waivers if w.key in ASKED_OF_PRIMARY),
            tuple(a for a in answer.actions if a.cures in ASKED_OF_PRIMARY),
        )
        for answer in asked.answers
    ]
    final, waivers = settled(answers, confirmed=case.confirmed, today=case.today)
    return (
        [replace(item, payer=name) for item in final],
        [replace(item, payer=name) for item in waivers],
        _actions(answers, final),
    )


def strictest(requirements: Iterable[Requirement]) -> Outcome:
    """The outcome that the costliest requirement asks for. A warning allows."""
    costs = {item.effect for item in requirements}
    return "block" if "block" in costs else "hold" if "hold" in costs else "allow"


def _failed(failure: PluginFailure, case: Case) -> Requirement:
    return Requirement(
        key="plugin.failed",
        status="unknown",
        effect="hold",
        rule="CP-FAILED",
        plugin=failure.plugin,
        message=sentence(f"The plugin {failure.plugin!r} could not answer: {failure.reason}"),
        remedy=f"Repair or update the plugin {failure.plugin!r}, or disable it in the settings. "
        "Until then staff decides on this booking.",
        patient_message=STILL_CHECKING,
        source=case.all_rules[CORE]["CP-FAILED"].source,
    )


def overdue_rules(
    case: Case, requirements: list[Requirement], waivers: list[Waiver]
) -> list[Requirement]:
    """A warning that names what the rules this decision rests on were read in, where their review
    is overdue: the sources outside the project that were read the longest ago."""
    overdue = case.all_rules.overdue(case.today)
    late = overdue.intersection([(r.plugin, r.rule) for r in requirements])
    if waivers:
        late |= overdue.intersection([(w.plugin, w.rule) for w in waivers])
    if not late:
        return []
    rules = [case.all_rules[plugin][rule_id] for plugin, rule_id in late]
    said = _to_read_again(frozenset((r.source.title, r.confirmed_on or date.min) for r in rules))
    return [
        case.all_rules[CORE]["CP-REVIEW"].unknown(
            "core.rules-review",
            said,
            "Read them again and confirm the rules: `massage-ins-bridge rules review` lists them.",
            "",
            effect="warn",
        )
    ]


@lru_cache(maxsize=512)
def _to_read_again(late: frozenset[tuple[str, date]]) -> str:
    days = {title: min(d for t, d in late if t == title) for title, _ in late}
    oldest = sorted(days, key=lambda title: (days[title], title))
    said = [_last_read(title, days[title]) for title in oldest[:TITLES]]
    if len(oldest) > TITLES:
        said.append(f"And {len(oldest) - TITLES} more.")
    return " ".join(["The rules behind this decision are to be read again.", *said])


def _last_read(title: str, day: date) -> str:
    if day == date.min:
        return f"Nobody wrote down when “{title}” was read."
    return f"“{title}” was last read on {in_words(day)}."


def _actions(answers: Sequence[Answer], final: Sequence[Requirement]) -> set[Action]:
    kept: set[Action] = set()
    waived: frozenset[str] | None = None
    for answer in answers:
        for action in answer.actions:
            if action.cures is not None:
                if waived is None:
                    waived = frozenset([r.key for r in final if r.status == "waived"])
                if action.cures in waived:
                    continue
            kept.add(Action(action.kind, action.rule, action.message, action.due))
    return kept


def route_of(case: Case) -> Route | None:
    """How the visit is paid for; ``None`` while the payer or the network is unknown, and where the
    payer never pays."""
    payer = case.payer
    if payer is None or not payer.served or not case.in_force:
        return None
    if case.coverage is None and not case.candidates:
        return None
    if payer.settlement == "none" or (payer.needs_network and case.network is None):
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


def _action_order(item: Action) -> tuple[object, ...]:
    return (item.kind, (item.due or date.max).isoformat(), item.rule, item.message)
