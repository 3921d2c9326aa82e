"""A whole decision over the reading of the same request, and what its parts cost."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from massage_ins_bridge.domain.answers import Answer
from massage_ins_bridge.domain.facts import Chart
from massage_ins_bridge.domain.request import read_request
from massage_ins_bridge.gate.combine import combine
from massage_ins_bridge.hooks.dispatch import Dispatcher
from massage_ins_bridge.hooks.host import Host
from massage_ins_bridge.hooks.validate_answers import validate_answer

from .facts import Facts, third_visit, variants
from .rounds import Act, Report, clocked, compare, in_turn

ROUNDS = 60
OURS, READING = "decision", "reading the request"


def run(rounds: int = ROUNDS) -> Report:
    """Compare, then take the parts apart."""
    host = Host.load()
    report = Report(
        "decide",
        "Host.decide on a chart at hand, all plugins, over json.loads and read_request of its "
        "request",
        "60 µs a decision",
    )
    chart = _chart(third_visit())
    for name, decide, read in (
        ("third visit", lambda: host.decide(chart), _reading([third_visit()])),
        (
            "all variants in turn",
            _each(host.decide, [_chart(facts) for facts in variants().values()]),
            _reading(list(variants().values())),
        ),
    ):
        found = in_turn({OURS: decide, READING: read}, rounds, {OURS: 60, READING: 60}, name)
        compare(report, name, found, OURS, READING)
        clocked(report, found, "µs", 1e6, f"{name}: ")
    clocked(report, in_turn(_parts(host, chart), rounds, 100, "parts"), "µs", 1e6, "part: ")
    return report


def decider() -> Act:
    """One decision of the third visit."""
    host, chart = Host.load(), _chart(third_visit())
    return lambda: host.decide(chart)


def _reading(requests: list[Facts]) -> Act:
    now = datetime.now(UTC)
    return _each(lambda text: read_request(json.loads(text), now), list(map(json.dumps, requests)))


def _each(act: Callable[[Any], object], items: list[Any]) -> Act:
    turning = itertools.cycle(items)
    return lambda: act(next(turning))


def _chart(facts: Facts) -> Chart:
    return read_request(facts, datetime.now(UTC))


def _parts(host: Host, chart: Chart) -> dict[str, Act]:
    """What a decision does, piece by piece, in the calling thread; the hop apart. The shared rules
    are called there in a decision too; the others' calls are one batch on the plugins' thread."""
    case = host.case(chart)
    host.decide_case(case)  # the shared rules find the prescription that the others go by
    key = case.payer.key if case.payer else None
    asked = [p for p in host.plugins if p.serves_payer(key) and "on_booking" in p.callers]
    others = [p for p in asked if p.name != "core"]
    hop = Dispatcher(2.0)
    nothing = [(int, (), "") for _ in others]
    parts: dict[str, Act] = {
        "build the case": lambda: host.case(chart),
        f"{len(others)} copies of the case": lambda: [case.for_plugin(p.name) for p in others],
        "hop to the plugins' thread": lambda: hop.run(nothing),
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
