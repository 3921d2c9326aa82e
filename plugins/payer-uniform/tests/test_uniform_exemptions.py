"""Exempt plans: the rulings, and what holds for every spelling that is listed.

The plugin waives what Regence asks; here a stand-in asks it, so that no other plugin is needed.
"""

import copy
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from massage_ins_bridge.api import Payer
from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import change, host_of, request, shown, told
from massage_ins_bridge.testing.rulings import Ruling, read_rulings
from massage_ins_bridge.testing.stand_in import ASKED as PA
from massage_ins_bridge.testing.stand_in import STAND_IN, AsksAlways

PLAN, GROUP = "coverages.0.plan", "coverages.0.group_number"
RULINGS = read_rulings(Path(__file__).with_name("rulings.toml"))
LISTED = [ruling for ruling in RULINGS if ruling.name.startswith("listed: ")]

#: By payer, the names of plans by which it goes as well.
FILED: dict[str, dict[str, str]] = {
    "regence": {name: name for name in ("FEP", "HMA", "RGA")},
    "bridgespan": {},
    "cigna": {},
}


def asking(*but: str) -> AsksAlways:
    """Two payers that ask for an authorization at every visit, ``but`` for these, and a primary."""
    known = [Payer(key, key.title(), STAND_IN, plan_aliases=to) for key, to in FILED.items()]
    return AsksAlways(*known, but=("cigna", *but))


@lru_cache(maxsize=1)
def host() -> Any:
    return host_of("uniform", points=(asking(),))


@pytest.mark.parametrize("ruling", RULINGS, ids=str)
def test_ruling(ruling: Ruling) -> None:
    assert ruling.told(host()) == ruling.expected


def variant(ruling: Ruling, **changes: Any) -> dict[str, Any]:
    made = copy.deepcopy(ruling.request)
    for path, value in changes.items():
        change(made, path, value)
    return decide_request(made, host())


def listed(ruling: Ruling) -> tuple[str, str]:
    plan: str = ruling.request["coverages"][0]["plan"]
    return plan, ruling.expected["waivers"][0].removesuffix(" firm")


@pytest.mark.parametrize("ruling", LISTED, ids=str)
def test_case_and_spaces_are_put_aside(ruling: Ruling) -> None:
    plan, _ = listed(ruling)
    spaced = f"  {plan.replace(' ', '   ')} "
    for spelling in (plan.upper(), plan.lower(), spaced, plan.replace(" ", "")):
        decision = variant(ruling, **{PLAN: spelling})
        assert told(decision, ruling.expected) == ruling.expected, spelling
        (waiver,) = decision["waivers"]
        assert waiver["confirm_with_plan"]
        assert waiver["plugin"] == "uniform"
        assert waiver["source"]["title"].startswith("A massage therapist's page on Regence")


@pytest.mark.parametrize("ruling", LISTED, ids=str)
@pytest.mark.parametrize("confirmed", [False, None])
def test_an_exempt_plan_that_is_not_confirmed_holds(ruling: Ruling, confirmed: bool | None) -> None:
    decision = variant(ruling, **{"coverages.0.staff_confirmed": confirmed})
    assert shown(decision, "waivers") == [f"{listed(ruling)[1]} doubtful"]
    assert told(decision, [PA, "outcome"]) == {PA: "unknown/hold", "outcome": "hold"}


@pytest.mark.parametrize("ruling", LISTED, ids=str)
def test_an_exempt_name_within_another_is_doubtful(ruling: Ruling) -> None:
    plan, rule = listed(ruling)
    for longer in (f"{plan} Silver", f"The new {plan.upper()}", f"{plan}, group 7"):
        decision = variant(ruling, **{PLAN: longer})
        assert f"{rule} doubtful" in shown(decision, "waivers"), longer
        assert not any(item.endswith("firm") for item in shown(decision, "waivers"))
        assert told(decision, [PA, "outcome"]) == {PA: "unknown/hold", "outcome": "hold"}
        assert all("Confirm it with the plan" in item["reason"] for item in decision["waivers"])


def test_it_says_that_the_trusts_group_number_is_missing() -> None:
    made = request("regence", **{PLAN: "AWC Trust", GROUP: ...})
    assert "group number is missing" in decide_request(made, host())["waivers"][0]["reason"]


def test_what_is_not_asked_for_is_not_waived() -> None:
    made = request("regence", **{PLAN: "UMP"})
    decision = decide_request(made, host_of("uniform", points=(asking("regence", "bridgespan"),)))
    assert told(decision, ["waivers", PA]) == {"waivers": [], PA: "-"}


TIMBER = {"plans": ["Cascade Timber"]}
NUMBERED: dict[str, list[str]] = {"plans": [], "group_numbers": ["10098765"]}
OWN: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "EX-05": ({"add": {"group_numbers": ["20020020"]}}, {GROUP: "20020020"}),
    "EX-07": ({"add": {"plans": ["Evergreen Staff"]}}, {PLAN: "evergreen  staff"}),
    "EX-50": ({"text": "Exempt.", "values": TIMBER}, {PLAN: "cascadetimber"}),
    "EX-51": ({"text": "Exempt.", "values": NUMBERED}, {GROUP: "10098765"}),
}


@pytest.mark.parametrize("rule", OWN)
def test_a_clinic_adds_plans_group_numbers_and_exemptions(rule: str) -> None:
    own, changes = OWN[rule]
    table = {"plugin": "uniform", "id": rule, "source": "x", **own}
    hosted = host_of("uniform", points=(asking(),), overrides=[table])
    decision = decide_request(request("regence", **changes), hosted)
    assert shown(decision, "waivers") == [f"{rule} firm"]
