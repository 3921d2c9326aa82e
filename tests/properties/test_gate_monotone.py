"""The gate over answers drawn at will: a requirement met, a waiver or a failure moves the outcome
one way only, and the order of plugins and of what they say changes no byte.

One exception is in the contract: while staff has not confirmed the coverage, a *met* requirement
that rests on it holds where a *due* one costs nothing. The coverage requirement itself then holds
the booking, so the outcome is never affected; the answers drawn here carry it as the core's do.
"""

import json
import random
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.properties.drawn import STRICTNESS

from massage_ins_bridge.api import Action, Answer, Case, Requirement, Source, Waiver
from massage_ins_bridge.domain.answers import Decision, PluginFailure, Strength
from massage_ins_bridge.domain.request import read_request
from massage_ins_bridge.gate.combine import combine
from massage_ins_bridge.testing import installed_host
from massage_ins_bridge.testing.requests import request

PLUGINS = ("core", "regence", "uniform")
WAIVABLE = ("prior-authorization", "benefit", "intake", "core.own")
KEYS = ("coverage", *WAIVABLE)
STANDINGS = (
    *(("met", "none"), ("due", "none"), ("unmet", "none"), ("unmet", "warn")),
    *(("unmet", "hold"), ("unmet", "block"), ("unknown", "warn"), ("unknown", "hold")),
)
SOURCES = (
    *(Source("a"), Source("b"), Source("a", "https://a.example")),
    *(Source("a", read_on=date(2026, 12, 1)), Source("a", sure="read")),
)
DUES = (None, date(2026, 12, 1), date(2026, 12, 8))
BILLED = Requirement("coverage", "met", "none", "C", "core", "Billed.", "", "", SOURCES[0])
Answers = dict[str, Answer]


@lru_cache(maxsize=2)
def case(*, confirmed: bool) -> Case:
    made = request("regence", **{"coverages.0.staff_confirmed": confirmed})
    return installed_host().case(read_request(made, datetime(2026, 12, 1, tzinfo=UTC)))


def word(rng: random.Random) -> str:
    return rng.choice("ab")


def requirement(rng: random.Random, plugin: str) -> Requirement:
    status, effect = rng.choice(STANDINGS)
    rule, message, remedy, patient = (word(rng) for _ in range(4))
    key, due = rng.choice(KEYS), rng.choice(DUES)
    return Requirement(
        key,
        status,  # type: ignore[arg-type]
        effect,  # type: ignore[arg-type]
        *(rule, plugin, message, remedy, patient),
        rng.choice(SOURCES),
        due,
    )


def waiver(rng: random.Random, plugin: str) -> Waiver:
    strength: Strength = "firm" if rng.random() < 0.5 else "doubtful"
    key, confirm = rng.choice(WAIVABLE), rng.random() < 0.5
    return Waiver(key, word(rng), plugin, strength, word(rng), rng.choice(SOURCES), confirm)


def action(rng: random.Random) -> Action:
    kind = rng.choice(("appeal", "request-authorization"))
    return Action(kind, word(rng), word(rng), rng.choice(DUES), rng.choice((None, *KEYS)))


def answer(rng: random.Random, plugin: str) -> Answer:
    found = [requirement(rng, plugin) for _ in range(rng.randrange(5))]
    found += [BILLED] if plugin == "core" else []
    waivers = [waiver(rng, plugin) for _ in range(rng.choice((0, 0, 1, 2)))]
    actions = [action(rng) for _ in range(rng.randrange(3))]
    return Answer(tuple(found), tuple(waivers), tuple(actions))


def drawn(seed: int) -> Answers:
    rng = random.Random(seed)
    return {plugin: answer(rng, plugin) for plugin in PLUGINS}


ANSWERS = st.builds(drawn, st.integers(0, 2**32))
SURE = st.booleans()


def combined(sure: bool, answers: Answers, failures: int = 0) -> Decision:
    """The decision while staff has (or has not) confirmed the coverage."""
    failed = [PluginFailure(f"f{i}", "it raised ValueError") for i in range(failures)]
    return combine(case(confirmed=sure), list(answers.values()), failed, {"core": "1"})


def rank(decision: Decision) -> int:
    return STRICTNESS[decision.outcome]


def with_first(answers: Answers, plugin: str, item: Requirement) -> Answers:
    """The plugin's first requirement replaced."""
    old = answers[plugin]
    return {**answers, plugin: replace(old, requirements=(item, *old.requirements[1:]))}


@settings(max_examples=400)
@given(sure=SURE, answers=ANSWERS, plugin=st.sampled_from(PLUGINS))
def test_a_requirement_met_is_never_stricter(sure: bool, answers: Answers, plugin: str) -> None:
    """Than what is said of it, nor than what it may become when it is lost."""
    if not answers[plugin].requirements:
        return
    first = answers[plugin].requirements[0]
    unmet = replace(first, status="unmet", effect="hold")
    worse = (replace(first, status="unknown", effect="hold"), unmet, replace(unmet, effect="block"))
    met = with_first(answers, plugin, replace(first, status="met", effect="none"))
    for item in (first, *worse):
        assert rank(combined(sure, with_first(answers, plugin, item))) >= rank(combined(sure, met))


@settings(max_examples=300)
@given(sure=SURE, answers=ANSWERS, key=st.sampled_from(WAIVABLE), firm=st.booleans())
def test_a_waiver_is_no_stricter(sure: bool, answers: Answers, key: str, firm: bool) -> None:
    waiver = Waiver(key, "W", "uniform", "firm" if firm else "doubtful", "So.", SOURCES[0])
    old = answers["uniform"]
    more = {**answers, "uniform": replace(old, waivers=(*old.waivers, waiver))}
    before, after = rank(combined(sure, answers)), rank(combined(sure, more))
    assert after <= before
    if not firm and before > 0:
        assert after > 0


def plain(item: Requirement) -> Requirement:
    """Without what is said of paying, which follows the outcome."""
    return replace(item, remedy="", patient_message="")


@settings(max_examples=200)
@given(sure=SURE, answers=ANSWERS, failures=st.integers(1, 3))
def test_a_failure_holds_and_hides_nothing(sure: bool, answers: Answers, failures: int) -> None:
    without, decision = combined(sure, answers), combined(sure, answers, failures)
    assert decision.outcome == "hold"
    rest = tuple(r for r in decision.requirements if r.key != "plugin.failed")
    assert [plain(r) for r in rest] == [plain(r) for r in without.requirements]
    assert len(decision.requirements) == len(rest) + failures


@settings(max_examples=400)
@given(sure=SURE, answers=ANSWERS, seed=st.integers(0, 2**32))
def test_order_changes_no_byte(sure: bool, answers: Answers, seed: int) -> None:
    rng = random.Random(seed)
    mixed = {
        name: Answer(
            tuple(rng.sample(answer.requirements, len(answer.requirements))),
            tuple(rng.sample(answer.waivers, len(answer.waivers))),
            tuple(rng.sample(answer.actions, len(answer.actions))),
        )
        for name, answer in rng.sample(list(answers.items()), len(answers))
    }
    first, second = (json.dumps(combined(sure, a).to_dict()) for a in (answers, mixed))
    assert first == second


@settings(max_examples=300)
@given(sure=SURE, answers=ANSWERS)
def test_every_decision_keeps_its_promises(sure: bool, answers: Answers) -> None:
    decision = combined(sure, answers)
    effects = {"none": 0, "warn": 0, "hold": 1, "block": 2}
    assert rank(decision) == max(effects[r.effect] for r in decision.requirements)
    keys = [r.key for r in decision.requirements]
    assert len(keys) == len(set(keys))
    waived = {r.key for r in decision.requirements if r.status == "waived"}
    assert waived == {w.key for w in decision.waivers if w.strength == "firm"}
    for item in decision.requirements:
        assert item.effect == "none" or item.status in ("unmet", "unknown")
        assert (item.status, item.effect) != ("unknown", "block")
