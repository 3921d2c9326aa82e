"""The examples that came with the task: each line's decision is as expected."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import told

FILE = Path(__file__).parents[3] / "shared" / "scenarios" / "examples.jsonl"
PLAIN = {"outcome", "route", "payment_at_visit", "self_pay_offered", "visit_number"}
KNOWN = PLAIN | {"req", "due", "waived", "not_waived", "actions", "rules"}


def examples() -> list[Any]:
    if not FILE.exists():
        mark = pytest.mark.skip(reason=f"no examples beside this clone ({FILE.name})")
        return [pytest.param({}, marks=mark, id="examples")]
    lines = map(json.loads, FILE.read_text(encoding="utf-8").splitlines())
    return [pytest.param(line, id=line["name"]) for line in lines]


def rules_of(decision: dict[str, Any]) -> set[str]:
    places = ("requirements", "waivers", "actions")
    return {item["rule"] for place in places for item in decision[place]}


@pytest.mark.parametrize("example", examples())
def test_an_example_is_decided_as_given(example: dict[str, Any]) -> None:
    expect = example["expect"]
    assert set(expect) <= KNOWN, "an expectation that nobody checks"
    decision = decide_request(example["request"])
    wanted = {key: expect[key] for key in PLAIN & set(expect)}
    assert told(decision, wanted) == wanted
    found = {item["key"]: item for item in decision["requirements"]}
    statuses = expect.get("req", {})
    assert {key: found[key]["status"] for key in statuses} == statuses
    dues = expect.get("due", {})
    assert {key: found[key]["due"] for key in dues} == dues
    waived = {key for key, item in found.items() if item["status"] == "waived"}
    assert set(expect.get("waived", [])) <= waived
    assert not set(expect.get("not_waived", [])) & waived
    assert set(expect.get("actions", [])) <= {item["kind"] for item in decision["actions"]}
    assert set(expect.get("rules", [])) <= rules_of(decision)


def test_there_are_examples() -> None:
    if FILE.exists():
        assert len(examples()) >= 20
