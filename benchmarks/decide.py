"""A whole decision against zen-engine on the same facts, and what the parts of ours cost."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from massage_ins_bridge.domain.answers import COST_RANK, Answer, Decision
from massage_ins_bridge.domain.facts import Chart
from massage_ins_bridge.domain.request import read_request
from massage_ins_bridge.gate.combine import combine
from massage_ins_bridge.hooks.dispatch import Dispatcher
from massage_ins_bridge.hooks.host import Host
from massage_ins_bridge.hooks.validate_answers import validate_answer

from .facts import Facts, third_visit, variants
from .rounds import Act, Report, clocked, compare, in_turn
from .zen_model import Texts, ZenModel

ROUNDS = 60
#: The last is kinder to it: what the answer must say in words is left out.
OURS, THEIRS, SILENT = "bridge", "zen-engine", "zen-engine without texts"
#: Shown to staff only; the model has no part of it.
LEFT_OUT = frozenset({"core.contradiction", "core.rules-review"})


class DisagreementError(Exception):
    """The two do not decide alike, so comparing their speed would mean nothing."""


def run(rounds: int = ROUNDS) -> Report:
    """Compare, then take the parts apart."""
    host = Host.load()
    cases = variants()
    full, silent = ZenModel(_texts(host, cases)), ZenModel()
    for name, facts in cases.items():
        decision = host.decide(_chart(facts))
        for model in (full, silent):
            _agree(name, decision, model.decide(facts))
    report = Report(
        "decide",
        "a decision by Host.decide on a chart at hand, all plugins, over zen-engine on the same "
        "facts",
        "at most 0.25",
    )
    report.notes.append(f"both decide {len(cases)} variants of the facts alike")
    facts = third_visit()
    chart = _chart(facts)
    contenders: dict[str, Act] = {
        OURS: lambda: host.decide(chart),
        THEIRS: lambda: full.decide(facts),
        SILENT: lambda: silent.decide(facts),
    }
    times = dict.fromkeys(contenders, 20) | {OURS: 60}
    found = in_turn(contenders, rounds, times, "decide")
    for other in (THEIRS, SILENT):
        compare(report, f"third visit over {other}", found, OURS, other)
    _variants(report, host, full, list(cases.values()), rounds)
    clocked(report, found, "µs", 1e6)
    clocked(report, in_turn(_parts(host, chart), rounds, 100, "parts"), "µs", 1e6, "part: ")
    return report


def _texts(host: Host, cases: dict[str, Facts]) -> Texts:
    """What the bridge says in words in these cases, for the model to say too."""
    found = [r for facts in cases.values() for r in host.decide(_chart(facts)).requirements]
    return {
        (r.key, r.status, COST_RANK[r.effect], r.rule): (
            r.message,
            r.remedy,
            r.patient_message,
            r.source,
        )
        for r in found
    }


def _variants(report: Report, host: Host, zen: ZenModel, cases: list[Facts], rounds: int) -> None:
    size = len(cases)
    contenders = {
        OURS: _each(host.decide, [_chart(facts) for facts in cases]),
        THEIRS: _each(zen.decide, cases),
    }
    found = in_turn(contenders, rounds, {OURS: 2 * size, THEIRS: size}, "variants")
    compare(report, "all variants in turn", found, OURS, THEIRS)


def _each(act: Callable[[Any], object], items: list[Any]) -> Act:
    turning = itertools.cycle(items)
    return lambda: act(next(turning))


def _chart(facts: Facts) -> Chart:
    return read_request(facts, datetime.now(UTC))


def _agree(name: str, ours: Decision, theirs: dict[str, Any]) -> None:
    """The same outcome, number of the visit and standing of every requirement, by equal rules."""
    here = {
        r.key: (r.status, COST_RANK[r.effect], r.rule)
        for r in ours.requirements
        if r.key not in LEFT_OUT
    }
    there = {r["key"]: (r["status"], r["effect"], r["rule"]) for r in theirs["requirements"]}
    waived = {w.rule for w in ours.waivers}, set(theirs["waivers"])
    outcomes = ours.outcome, theirs["outcome"]
    numbers = ours.visit_number, theirs["visit_number"]
    if here == there and all(a == b for a, b in (outcomes, numbers, waived)):
        return
    keys = {k for k in here | there if here.get(k) != there.get(k)}
    differing = [(k, here.get(k), there.get(k)) for k in sorted(keys)]
    raise DisagreementError(f"{name}: {outcomes} {numbers} {waived} {differing}")


def _parts(host: Host, chart: Chart) -> dict[str, Act]:
    """What a decision does, piece by piece, in the calling thread; the hop apart."""
    case = host.case(chart)
    key = case.payer.key if case.payer else None
    asked = [p for p in host.plugins if p.serves_payer(key) and "on_booking" in p.callers]
    hop = Dispatcher(2.0)
    nothing = [(int, (), "") for _ in asked]
    parts: dict[str, Act] = {
        "build the case": lambda: host.case(chart),
        f"{len(asked)} copies of the case": lambda: [case.for_plugin(p.name) for p in asked],
        "hop to the dispatcher thread": lambda: hop.run(nothing),
    }
    answers: dict[str, Answer] = {}
    given: dict[str, Any] = {}
    for plugin in asked:
        own, caller = case.for_plugin(plugin.name), plugin.callers["on_booking"]
        parts[f"plugin {plugin.name}"] = _call(caller, own)
        given[plugin.name] = caller(own)
        answers[plugin.name] = validate_answer(plugin.name, given[plugin.name])
    ruleset = {name: book.ruleset for name, book in host.books.items()}
    parts["look the answers over"] = lambda: [validate_answer(n, a) for n, a in given.items()]
    parts["gate"] = lambda: combine(case, list(answers.values()), (), ruleset)
    return parts


def _call(caller: Callable[..., object], case: object) -> Act:
    return lambda: caller(case)
