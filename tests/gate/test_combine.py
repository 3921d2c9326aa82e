"""From answers to a decision: waivers, hearsay, failures, route, payment and what is offered."""

from dataclasses import replace
from typing import Any

import pytest

from massage_ins_bridge.api import Action, Answer, Case, Requirement, Waiver, rest_on_hearsay
from massage_ins_bridge.domain.answers import Cost, Decision, PluginFailure, Status, Strength
from massage_ins_bridge.gate.combine import combine, strictest
from massage_ins_bridge.testing.requests import chart_of, request, small_host

PA = "prior-authorization"


def case(payer: str = "cigna", /, **changes: Any) -> Case:
    return small_host("out-of-network", "pip").case(chart_of(request(payer, **changes)))


def item(status: Status, effect: Cost, key: str = PA, **more: Any) -> Requirement:
    values = {"rule": "R", "plugin": "a", "message": "m", "remedy": "r"}
    rest = {"patient_message": "p", "source": "s"}
    return Requirement(key=key, status=status, effect=effect, **(values | rest | more))


def waiver(strength: Strength, key: str = PA, plugin: str = "b") -> Waiver:
    return Waiver(key, "W", plugin, strength, "why", "s")


def combined(*answers: Answer, given: Case | None = None, failed: int = 0) -> Decision:
    failures = [PluginFailure(f"f{place}", "it raised ValueError") for place in range(failed)]
    return combine(given or case(), answers, failures, {})


def stands(decision: Decision, key: str = PA) -> tuple[str, str]:
    (found,) = [r for r in decision.requirements if r.key == key]
    return found.status, found.effect


BLOCK, HOLD, MET = item("unmet", "block"), item("unmet", "hold"), item("met", "none")
DUE, UNKNOWN = item("due", "none"), item("unknown", "hold")


@pytest.mark.parametrize(
    ("found", "outcome"),
    [
        *(([], "allow"), ([MET, DUE], "allow"), ([item("unmet", "warn"), MET], "allow")),
        *(([item("unknown", "warn")], "allow"), ([UNKNOWN, MET], "hold")),
        ([HOLD, BLOCK, MET], "block"),
    ],
)
def test_the_strictest_effect_is_the_outcome(found: list[Requirement], outcome: str) -> None:
    assert strictest(found) == outcome


@pytest.mark.parametrize(
    ("strength", "before", "after"),
    [
        *(("firm", BLOCK, ("waived", "none")), ("firm", UNKNOWN, ("waived", "none"))),
        *(("firm", DUE, ("waived", "none")), ("doubtful", BLOCK, ("unknown", "hold"))),
        ("doubtful", HOLD, ("unknown", "hold")),
        ("doubtful", item("unmet", "warn"), ("unknown", "warn")),
        *(("doubtful", MET, ("met", "none")), ("doubtful", DUE, ("due", "none"))),
        ("doubtful", UNKNOWN, ("unknown", "hold")),
    ],
)
def test_what_a_waiver_does(
    strength: Strength, before: Requirement, after: tuple[str, str]
) -> None:
    decision = combined(Answer((before,)), Answer(waivers=(waiver(strength),)))
    assert stands(decision) == after
    assert [w.strength for w in decision.waivers] == [strength]


def test_a_firm_waiver_outweighs_a_doubtful_one_and_leaves_nothing_owed() -> None:
    both = Answer(waivers=(waiver("doubtful"), waiver("firm")))
    decision = combined(Answer((BLOCK,)), both)
    assert stands(decision) == ("waived", "none")
    assert len(decision.waivers) == 2
    (found,) = decision.requirements
    assert (found.remedy, found.patient_message, found.due) == ("", "", None)


def test_what_nobody_asks_is_not_waived() -> None:
    decision = combined(Answer(waivers=(waiver("firm"),)))
    assert decision.waivers == ()
    assert decision.requirements == ()


@pytest.mark.parametrize(
    ("one", "other", "stays"), [(MET, HOLD, HOLD), (DUE, MET, DUE), (BLOCK, UNKNOWN, BLOCK)]
)
def test_the_costlier_stands(one: Requirement, other: Requirement, stays: Requirement) -> None:
    for pair in ((one, other), (other, one)):
        answers = (Answer((pair[0],)), Answer((replace(pair[1], plugin="b"),)))
        assert stands(combined(*answers)) == (stays.status, stays.effect)


@pytest.mark.parametrize("key", ["coverage", PA, "claim", "benefit"])
def test_what_rests_on_an_unconfirmed_coverage(key: str) -> None:
    hearsay = case(**{"coverages.0.staff_confirmed": False})
    for before, after in (
        (item("met", "none", key), ("unknown", "hold")),
        (item("unmet", "block", key), ("unmet", "hold")),
        (item("unmet", "hold", key), ("unmet", "hold")),
        (item("due", "none", key), ("due", "none")),
        (item("unknown", "hold", key), ("unknown", "hold")),
    ):
        assert stands(combined(Answer((before,)), given=hearsay), key) == after
        assert rest_on_hearsay(before).status == after[0]


@pytest.mark.parametrize("key", ["intake", "prescription", "same-day-care", "network"])
def test_what_does_not_rest_on_the_coverage(key: str) -> None:
    hearsay = case(**{"coverages.0.staff_confirmed": None})
    decision = combined(Answer((item("unmet", "block", key),)), given=hearsay)
    assert stands(decision, key) == ("unmet", "block")


@pytest.mark.parametrize("found", [(), (MET,), (BLOCK,), (HOLD, item("unmet", "block", "intake"))])
def test_a_failure_makes_it_exactly_a_hold(found: tuple[Requirement, ...]) -> None:
    decision = combined(Answer(found), failed=2)
    assert decision.outcome == "hold"
    failures = [r for r in decision.requirements if r.key == "plugin.failed"]
    assert [f.plugin for f in failures] == ["f0", "f1"]
    assert all(f.rule == "CP-FAILED" and "disable it" in f.remedy for f in failures)
    assert len(decision.requirements) == 2 + len(found)


@pytest.mark.parametrize("found", [(), (MET,), (BLOCK,), (item("unmet", "block", "intake"), HOLD)])
@pytest.mark.parametrize("failed", [0, 1])
def test_doubt_who_the_client_is_makes_it_exactly_a_hold(
    found: tuple[Requirement, ...], failed: int
) -> None:
    """No text beside it speaks of a refusal."""
    doubtful = case(**{"patient.identity": "doubtful"})
    decision = combined(Answer(found), given=doubtful, failed=failed)
    assert decision.outcome == "hold"
    assert len(decision.requirements) == len(found) + failed
    for before, after in zip(found, decision.requirements[failed:], strict=True):
        blocks = before.effect == "block"
        assert (after.status, after.effect) == (before.status, "hold" if blocks else before.effect)
        assert (after.patient_message == before.patient_message) is not blocks


def test_an_action_without_its_requirement_is_moot() -> None:
    owed = Action("request-authorization", "R", "do", cures=PA)
    other = Action("confirm-coverage", "R", "do")
    asked = Answer((BLOCK,), actions=(owed, other, owed))
    kinds = [a.kind for a in combined(asked).actions]
    assert kinds == ["confirm-coverage", "request-authorization"]
    waived = combined(asked, Answer(waivers=(waiver("firm"),)))
    assert [a.kind for a in waived.actions] == ["confirm-coverage"]


OUT = {"clinic.network.cigna": [{"status": "out"}]}


@pytest.mark.parametrize(
    ("payer", "changes", "route", "pays"),
    [
        ("cigna", {}, "claim", False),
        ("cigna", OUT, "superbill", True),
        ("cigna", {"clinic.network": {}}, None, False),
        ("pip", {"clinic.network": {}}, "claim", False),
        ("pip", {"clinic.pip_payment_at_visit": True}, "claim", True),
        ("cigna", {"clinic.pip_payment_at_visit": True}, "claim", False),
        ("acme", {}, None, False),
        ("cigna", {"coverages": [], "booking.payer": None}, None, False),
    ],
)
def test_route_and_pay(payer: str, changes: dict[str, Any], route: str | None, pays: bool) -> None:
    decision = combined(given=case(payer, **changes))
    assert (decision.route, decision.payment_at_visit) == (route, pays)


@pytest.mark.parametrize(("found", "offered"), [((MET,), False), ((HOLD,), True), ((BLOCK,), True)])
def test_self_pay_is_offered(found: tuple[Requirement, ...], offered: bool) -> None:
    assert combined(Answer(found)).self_pay_offered is offered
