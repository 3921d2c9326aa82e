"""From answers to a decision: waivers, hearsay, failures, route, payment and what is offered."""

from dataclasses import replace
from typing import Any

import pytest

from massage_ins_bridge.api import Action, Answer, Case, Requirement, Source, Waiver
from massage_ins_bridge.domain.answers import Cost, Decision, PluginFailure, Status, Strength
from massage_ins_bridge.gate.combine import Asked, combine, strictest
from massage_ins_bridge.gate.settle import STILL_CHECKING
from massage_ins_bridge.testing.requests import chart_of, request, small_host

PA = "prior-authorization"
SOURCE = Source("a test")


def case(payer: str = "cigna", /, **changes: Any) -> Case:
    return small_host("out-of-network", "pip").case(chart_of(request(payer, **changes)))


def item(status: Status, effect: Cost, key: str = PA, **more: Any) -> Requirement:
    values = {"rule": "R", "plugin": "a", "message": "m", "remedy": "r"}
    rest: dict[str, Any] = {"patient_message": "p", "source": SOURCE}
    return Requirement(key=key, status=status, effect=effect, **(values | rest | more))


def waiver(strength: Strength, key: str = PA, plugin: str = "b") -> Waiver:
    return Waiver(key, "W", plugin, strength, "why", SOURCE)


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


def test_what_would_be_refused_is_not_said_to_be_while_a_plugin_fails() -> None:
    (sound,) = combined(Answer((BLOCK,))).requirements
    _, held = combined(Answer((BLOCK,)), failed=1).requirements
    assert held.effect == sound.effect == "block"
    assert "cannot take place" in sound.patient_message
    assert held.patient_message == STILL_CHECKING


@pytest.mark.parametrize("found", [(), (MET,), (BLOCK,), (item("unmet", "block", "intake"), HOLD)])
@pytest.mark.parametrize("failed", [0, 1])
def test_doubt_who_the_client_is_makes_it_exactly_a_hold(
    found: tuple[Requirement, ...], failed: int
) -> None:
    """No text beside it speaks of a refusal."""
    doubtful = case(**{"patient.identity": "doubtful"})
    asked = item("unknown", "hold", "identity", plugin="core")
    decision = combined(Answer((*found, asked)), given=doubtful, failed=failed)
    assert decision.outcome == "hold"
    assert not decision.self_pay_offered
    shown = [r for r in decision.requirements if r.key not in ("identity", "plugin.failed")]
    for before, after in zip(found, shown, strict=True):
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


IN_FORCE = {"coverages.0.to": "2026-12-07"}


@pytest.mark.parametrize(
    ("key", "after"), [(PA, "hold"), ("benefit", "hold"), ("intake", "block"), ("network", "block")]
)
@pytest.mark.parametrize("changes", [IN_FORCE, {"coverages": [], "booking.payer": "cigna"}])
def test_what_rests_on_a_coverage_that_is_not_in_force_holds_at_most(
    key: str, after: str, changes: dict[str, Any]
) -> None:
    decision = combined(Answer((item("unmet", "block", key),)), given=case(**changes))
    assert stands(decision, key) == ("unmet", after)


def beside() -> Case:
    first = {"payer": "aetna", "position": "primary", "staff_confirmed": True}
    changes = {"coverages.0.position": "secondary", "coverages.1": first}
    made = case(**changes)
    return made.of_primary(made.primaries[0])


def test_the_primary_payer_is_asked_some_things_in_its_own_name() -> None:
    """And what it asks is neither merged with the other's nor waived by its waivers."""
    asked = Answer((HOLD, item("unmet", "hold", "benefit")))
    owed = Action("request-authorization", "R", "do", cures=PA)
    other = Action("check-benefit", "R", "do", cures="benefit")
    firm = Answer((MET,), waivers=(waiver("firm"),))
    more = [Asked(beside(), [replace(asked, actions=(owed, other))])]
    decision = combine(case(), [firm], [], {}, more)
    found = [(r.key, r.payer, r.status) for r in decision.requirements]
    assert found == [(PA, None, "waived"), (PA, "aetna", "unmet")]
    assert decision.outcome == "hold"
    assert [a.kind for a in decision.actions] == ["request-authorization"]


def test_on_a_refused_booking_no_report_is_owed() -> None:
    report = item("unmet", "hold", "progress-report")
    owed = Action("send-progress-report", "R", "do", cures="progress-report")
    both = combined(Answer((BLOCK, report), actions=(owed,)))
    assert [r.key for r in both.requirements] == [PA]
    assert both.actions == ()
    alone = combined(Answer((report,), actions=(owed,)))
    assert [a.kind for a in alone.actions] == ["send-progress-report"]
