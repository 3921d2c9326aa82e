"""Exempt plans: each accepted spelling of EX-01 to EX-12, what is nearly one, and what is none.

The plugin waives what Regence asks; here a stand-in asks it, so that no other plugin is needed.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pytest

from massage_ins_bridge.api import Answer, Case, Payer, Requirement, hookimpl
from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import host_of, request, shown, told

PA = "prior-authorization"


class AsksAlways:
    """A payer called Regence that asks for an authorization at every visit."""

    name = value = "stand-in"
    dist = None

    def load(self) -> AsksAlways:
        return self

    @hookimpl
    def payers(self) -> list[Payer]:
        return [Payer("regence", "Regence", "stand-in")]

    @hookimpl
    def on_booking(self, case: Case) -> Answer:
        asked = Requirement(PA, "unmet", "block", "S-1", "stand-in", "None.", "", "", "a test")
        return Answer((asked,))


@lru_cache(maxsize=1)
def host() -> Any:
    return host_of("uniform", points=(AsksAlways(),))


def decide(plan: str | None, **changes: Any) -> dict[str, Any]:
    made = request("regence", **{"coverages.0.plan": plan, **changes})
    return decide_request(made, host())


SPELLINGS = {
    "EX-01": ["Boeing", "The Boeing Company"],
    "EX-02": ["Medigap", "Regence Medigap", "Medicare Supplement"],
    "EX-03": ["Kent Fire", "Kent Fire Department"],
    "EX-04": ["KingCare", "King County", "Regence King County"],
    "EX-05": ["Pierce County"],
    "EX-06": ["City of Tacoma"],
    "EX-07": [
        *("Uniform Medical Plan", "UMP", "Regence Uniform", "UMP Classic", "UMP Select"),
        "UMP CDHP",
    ],
    "EX-08": ["Federal Employee Plan", "Federal Employee Program", "FEP"],
    "EX-10": [
        *("RGA", "Regence Group Administrators", "HMA", "Health Management Administrators"),
        "Healthcare Management Administrators",
    ],
    "EX-11": ["BlueCard"],
    "EX-12": [
        *("AWC Employee Benefit Trust", "AWC Trust"),
        "Association of Washington Cities Employee Benefit Trust",
    ],
}
EACH = [(rule, plan) for rule, plans in SPELLINGS.items() for plan in plans]


def written(plan: str) -> list[str]:
    """Case and spaces aside."""
    return [
        plan,
        plan.upper(),
        plan.lower(),
        f"  {plan.replace(' ', '   ')} ",
        plan.replace(" ", ""),
    ]


@pytest.mark.parametrize(("rule", "plan"), EACH)
def test_an_accepted_spelling_is_exempt(rule: str, plan: str) -> None:
    for spelling in written(plan):
        decision = decide(spelling)
        assert shown(decision, "waivers") == [f"{rule} firm"], spelling
        assert told(decision, [PA, "outcome"]) == {PA: "waived/none", "outcome": "allow"}
        (waiver,) = decision["waivers"]
        assert waiver["confirm_with_plan"]
        assert waiver["plugin"] == "uniform"
        assert waiver["source"].startswith("S0 list: ")


@pytest.mark.parametrize(("rule", "plan"), EACH)
@pytest.mark.parametrize("confirmed", [False, None])
def test_an_exempt_plan_that_staff_has_not_confirmed_holds(
    rule: str, plan: str, confirmed: bool | None
) -> None:
    decision = decide(plan, **{"coverages.0.staff_confirmed": confirmed})
    assert shown(decision, "waivers") == [f"{rule} doubtful"]
    assert told(decision, [PA, "outcome"]) == {PA: "unknown/hold", "outcome": "hold"}


@pytest.mark.parametrize(("rule", "plan"), EACH)
def test_an_exempt_name_within_another_is_doubtful(rule: str, plan: str) -> None:
    for longer in (f"{plan} Silver", f"The new {plan.upper()}", f"{plan}, group 7"):
        decision = decide(longer)
        assert f"{rule} doubtful" in shown(decision, "waivers"), longer
        assert not any(item.endswith("firm") for item in shown(decision, "waivers"))
        assert told(decision, [PA, "outcome"]) == {PA: "unknown/hold", "outcome": "hold"}
        assert all("Confirm with the plan" in item["reason"] for item in decision["waivers"])


@pytest.mark.parametrize(
    "plan", ["Trumpet Health", "Boeings", "Repaying", "Grandfep", "RGAX", "BlueCards"]
)
def test_an_exempt_name_within_a_word_is_nothing(plan: str) -> None:
    assert told(decide(plan), ["waivers", PA]) == {"waivers": [], PA: "unmet/block"}


@pytest.mark.parametrize("plan", ["Regence Innova", "Acme ASO", "ASO", "Tacoma", None, ""])
def test_no_exempt_plan_no_waiver(plan: str | None) -> None:
    """EX-13: administrative services only never exempts by itself."""
    changes = {"coverages.0.funding": "self_insured"}
    assert told(decide(plan, **changes), ["waivers", PA]) == {"waivers": [], PA: "unmet/block"}


STAFF_PLAN = {"coverages.0.group_number": "10016119"}


@pytest.mark.parametrize("plan", [*SPELLINGS["EX-12"], "AWC Trust HealthFirst"])
def test_the_awc_staff_plan_is_not_exempt(plan: str) -> None:
    assert told(decide(plan, **STAFF_PLAN), ["waivers", PA]) == {"waivers": [], PA: "unmet/block"}


@pytest.mark.parametrize("group", [..., None, ""])
def test_the_awc_trust_without_a_group_is_doubtful(group: Any) -> None:
    decision = decide("AWC Trust", **{"coverages.0.group_number": group})
    assert told(decision, ["waivers", PA]) == {"waivers": ["EX-12 doubtful"], PA: "unknown/hold"}
    assert "group number is missing" in decision["waivers"][0]["reason"]


def test_the_staff_plans_number_speaks_of_the_trust_alone() -> None:
    assert shown(decide("Boeing", **STAFF_PLAN), "waivers") == ["EX-01 firm"]
    secondary = {**STAFF_PLAN, "coverages.0.position": "secondary"}
    assert shown(decide("AWC Trust", **secondary), "waivers") == ["EX-09 firm"]


@pytest.mark.parametrize(
    ("position", "waivers"), [("secondary", ["EX-09 firm"]), ("primary", []), (None, [])]
)
def test_secondary_coverage_is_exempt(position: str | None, waivers: list[str]) -> None:
    decision = decide("Regence Innova", **{"coverages.0.position": position})
    assert shown(decision, "waivers") == waivers


def test_unconfirmed_secondary_coverage_is_doubtful() -> None:
    changes = {"coverages.0.position": "secondary", "coverages.0.staff_confirmed": False}
    decision = decide("Regence Innova", **changes)
    assert told(decision, ["waivers", PA]) == {"waivers": ["EX-09 doubtful"], PA: "unknown/hold"}


def test_two_exemptions_are_both_told() -> None:
    decision = decide("UMP", **{"coverages.0.position": "secondary"})
    assert shown(decision, "waivers") == ["EX-07 firm", "EX-09 firm"]


def test_the_prescription_is_still_asked_for() -> None:
    decision = decide("UMP", prescriptions=[])
    assert told(decision, [PA, "prescription", "outcome"]) == {
        PA: "waived/none",
        "prescription": "unmet/hold",
        "outcome": "hold",
    }


class Quiet(AsksAlways):
    """A payer called Regence that asks for nothing."""

    @hookimpl
    def on_booking(self, case: Case) -> Answer:
        return Answer()


def test_what_is_not_asked_for_is_not_waived() -> None:
    made = request("regence", **{"coverages.0.plan": "UMP"})
    decision = decide_request(made, host_of("uniform", points=(Quiet(),)))
    assert told(decision, ["waivers", PA]) == {"waivers": [], PA: "-"}


def test_a_group_number_on_the_list_is_exempt_whatever_the_name() -> None:
    table = {
        "plugin": "uniform",
        "id": "EX-05",
        "source": "x",
        "add": {"group_numbers": ["20020020"]},
    }
    hosted = host_of("uniform", points=(AsksAlways(),), overrides=[table])
    made = request("regence", **{"coverages.0.plan": "X", "coverages.0.group_number": "20020020"})
    assert shown(decide_request(made, hosted), "waivers") == ["EX-05 firm"]
