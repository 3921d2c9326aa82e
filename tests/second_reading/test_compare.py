"""What `compare` sees, and what it leaves open."""

import copy
from typing import Any

import pytest

from .compare import as_decision, differences
from .generate import PAYERS, cases
from .oracle import decide

Json = dict[str, Any]


@pytest.mark.parametrize("payer", PAYERS)
def test_the_reading_agrees_with_itself(payer: str) -> None:
    for request in cases(payer, 100, 11):
        assert differences(request, as_decision(decide(request))) == []


def product() -> tuple[Json, Json]:
    request = next(
        case
        for case in cases("regence", 400, 11)
        if "request-authorization" in decide(case)["actions"] and not case["booking"]["self_pay"]
    )
    return request, copy.deepcopy(as_decision(decide(request)))


def parts(request: Json, decision: Json) -> set[str]:
    return {part for part, _, _ in differences(request, decision)}


def test_it_sees_another_outcome_status_due_waiver_and_action() -> None:
    request, found = product()
    found["outcome"] = "unheard of"
    prior = next(i for i in found["requirements"] if i["key"] == "prior-authorization")
    prior["due"] = "2001-01-01"
    intake = next(i for i in found["requirements"] if i["key"] == "intake")
    intake["effect"] = "block"
    more = {"key": "benefit", "payer": "regence", "rule": "EX-01", "strength": "firm"}
    found["waivers"].append(more)
    found["actions"] = [{"kind": "appeal", "due": None}]
    assert parts(request, found) >= {
        *("outcome", "prior-authorization of regence: due", "intake of regence"),
        *("waiver of benefit", "action request-authorization", "action appeal"),
    }


def test_it_sees_what_is_left_out_and_what_is_too_much() -> None:
    request, found = product()
    found["requirements"] = [i for i in found["requirements"] if i["key"] != "intake"]
    plain = {"key": "place", "payer": "regence", "status": "met", "effect": "none"}
    found["requirements"].append(plain)
    assert parts(request, found) == {"intake of regence", "place of regence: listed though met"}
