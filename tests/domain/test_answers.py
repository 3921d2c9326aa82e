"""The decision as JSON: its fields and their order are what outsiders rely on."""

import json
from datetime import date

from massage_ins_bridge.domain.answers import (
    COST_RANK,
    REQUIREMENT_KEYS,
    Action,
    Decision,
    Requirement,
    Waiver,
)
from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import request

TOP = (
    *("outcome", "payer", "route", "payment_at_visit", "visit_number", "requirements", "waivers"),
    *("actions", "self_pay_offered", "rules_as_of", "ruleset"),
)
REQUIREMENT = (
    *("key", "status", "effect", "rule", "plugin", "message", "remedy", "patient_message"),
    *("due", "source"),
)
WAIVER = ("key", "rule", "plugin", "strength", "reason", "source", "confirm_with_plan")


def decision() -> Decision:
    day = date(2026, 12, 8)
    item = Requirement("intake", "unmet", "hold", "R", "core", "m", "r", "p", "s", day)
    waiver = Waiver("intake", "W", "x", "doubtful", "why", "s", confirm_with_plan=True)
    rest = ((item,), (waiver,), (Action("appeal", "R", "do", day),))
    return Decision("hold", "regence", None, False, 2, *rest, True, day, {"b": "2", "a": "1"})


def test_the_shape_is_the_contracts() -> None:
    said = decision().to_dict()
    assert tuple(said) == TOP
    assert tuple(said["requirements"][0]) == REQUIREMENT
    assert tuple(said["waivers"][0]) == WAIVER
    assert set(said["actions"][0]) == {"kind", "due", "rule", "message"}
    said = json.loads(json.dumps(said))  # with days as text
    assert said["rules_as_of"] == said["requirements"][0]["due"] == "2026-12-08"
    assert list(said["ruleset"]) == ["a", "b"]


def test_effects_are_in_order() -> None:
    assert sorted(COST_RANK, key=COST_RANK.__getitem__) == ["none", "warn", "hold", "block"]


def test_requirements_come_in_the_order_of_the_keys() -> None:
    keys = [item["key"] for item in decide_request(request("regence"))["requirements"]]
    known = [key for key in keys if key in REQUIREMENT_KEYS]
    assert known == sorted(known, key=REQUIREMENT_KEYS.index)
