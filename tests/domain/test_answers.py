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
from massage_ins_bridge.domain.source import Source
from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import request

TOP = (
    *("outcome", "payer", "route", "payment_at_visit", "visit_number", "requirements", "waivers"),
    *("actions", "self_pay_offered", "self_pay_terms", "rules_as_of", "ruleset"),
)
REQUIREMENT = (
    *("key", "payer", "status", "effect", "rule", "plugin", "message", "remedy"),
    *("patient_message", "due", "source"),
)
WAIVER = (*("key", "payer", "rule", "plugin", "strength", "reason", "source", "confirm_with_plan"),)
SOURCE = Source("a page", "https://a.example/page", date(2026, 11, 22), "read")


def decision() -> Decision:
    day = date(2026, 12, 8)
    item = Requirement("intake", "unmet", "hold", "R", "core", "m", "r", "p", SOURCE, day)
    waiver = Waiver("intake", "W", "x", "doubtful", "why", SOURCE, confirm_with_plan=True)
    rest = ((item,), (waiver,), (Action("appeal", "R", "do", day),))
    rules = (day, {"b": "2", "a": "1"})
    return Decision("hold", "regence", None, False, 2, *rest, True, "free", *rules)


def test_the_shape_is_the_contracts() -> None:
    said = decision().to_dict()
    assert tuple(said) == TOP
    assert tuple(said["requirements"][0]) == REQUIREMENT
    assert tuple(said["waivers"][0]) == WAIVER
    source = {"title": "a page", "href": "https://a.example/page", "read_on": "2026-11-22"}
    for part in ("requirements", "waivers"):
        assert said[part][0]["source"] == {**source, "sure": "read"}
    assert {said[part][0]["payer"] for part in ("requirements", "waivers")} == {"regence"}
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
