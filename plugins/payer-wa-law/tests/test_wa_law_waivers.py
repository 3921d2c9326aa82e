"""Washington law: the rulings, public employees, payers that it does not bind, and what is told.

The law waives what a payer asks; here a stand-in asks it, so that no other plugin is needed.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from massage_ins_bridge.api import Payer
from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import days, finished, host_of, request, shown, visits
from massage_ins_bridge.testing.rulings import Ruling, read_rulings
from massage_ins_bridge.testing.stand_in import STAND_IN, AsksAlways

#: Payers that ask for an authorization at every visit; Acme Comp is not state-regulated.
ASKING = AsksAlways(
    *(Payer(key, key.title(), STAND_IN) for key in ("kaiser", "regence", "premera")),
    Payer("acme-comp", "Acme Comp", STAND_IN, state_regulated=False),
)


@lru_cache(maxsize=1)
def host() -> Any:
    return host_of("wa-law", points=(ASKING,))


@pytest.mark.parametrize("ruling", read_rulings(Path(__file__).with_name("rulings.toml")), ids=str)
def test_ruling(ruling: Ruling) -> None:
    assert ruling.told(host()) == ruling.expected


def waivers(payer: str, **changes: Any) -> list[str]:
    found: list[str] = shown(decide_request(request(payer, **changes), host()), "waivers")
    return found


IN_2019 = {
    "booking.start": "2019-06-10T10:00:00-07:00",
    "booking.end": ...,
    "prescriptions.0.signed_on": "2019-05-10",
    "prescriptions.0.received_on": "2019-05-11",
    "as_of": "2019-05-20T09:00:00-07:00",
}


@pytest.mark.parametrize(
    "plan", ["FEP", "federal employee program", "Federal  EmployeePlan", "FEP Blue Focus"]
)
@pytest.mark.parametrize("changes", [{}, IN_2019], ids=["now", "2019"])
def test_the_law_says_nothing_of_federal_employees(plan: str, changes: dict[str, Any]) -> None:
    """Whatever is said of the plan's funding."""
    for payer in ("regence", "premera"):
        assert waivers(payer, **{"coverages.0.plan": plan}, **changes) == []


def test_public_employees_have_no_visit_by_the_law() -> None:
    """LAW-05 informs: the state funds the plan itself. It is no ruling, because where the plugin
    of the exempt plans is installed too, EX-07 waives the same."""
    plan = {"coverages.0.plan": "UMP Classic", "coverages.0.funding": "self_insured"}
    assert waivers("regence", **plan) == []


def test_the_law_binds_no_payer_that_the_state_does_not_regulate() -> None:
    """LAW-04."""
    assert waivers("acme-comp") == []


def test_the_waiver_says_which_visit_it_is() -> None:
    made = request("kaiser", visits=visits("kaiser", *days(2)))
    (waiver,) = decide_request(made, host())["waivers"]
    assert "the first 6 visits" in waiver["reason"]
    assert "visit 3" in waiver["reason"]
    assert "RCW 48.43.016" in waiver["source"]["title"]


@pytest.mark.parametrize(
    ("before", "changes", "asked"),
    [
        *((3, {}, False), (4, {}, True), (5, {}, True), (6, {}, False)),
        (5, {"clinic.network.kaiser": [{"status": "out"}]}, False),
        (5, {"coverages.0.funding": "self_insured"}, False),
    ],
)
def test_somebody_is_told_after_the_last(before: int, changes: dict[str, Any], asked: bool) -> None:
    made = request("kaiser", visits=visits("kaiser", *days(before)), **changes)
    kinds = [kind for kind, _ in finished(made, host())]
    assert ("request-authorization" in kinds) == asked
