"""The second reading against the given examples, its own rows, and the shape of its cases."""

from __future__ import annotations

import copy
import json
import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from .base import Draft, valid_request
from .facts import Json, local
from .generate import PAYERS, cases
from .oracle import AMBIGUOUS, decide
from .row_parts import Row
from .rows_authorization import AUTHORIZATION_ROWS
from .rows_other import OTHER_ROWS
from .rows_prescription import PRESCRIPTION_ROWS
from .terms import KEYS

ROWS = PRESCRIPTION_ROWS + AUTHORIZATION_ROWS + OTHER_ROWS
EXAMPLES = Path(__file__).parents[3] / "shared" / "scenarios" / "examples.jsonl"
DAY, TODAY = date(2026, 12, 8), date(2026, 12, 1)


def examples() -> list[Any]:
    if not EXAMPLES.exists():
        reason = pytest.mark.skip(reason=f"no examples at {EXAMPLES}")
        return [pytest.param({}, marks=reason, id="examples")]
    lines = map(json.loads, EXAMPLES.read_text(encoding="utf-8").splitlines())
    return [pytest.param(line, id=line["name"]) for line in lines]


@pytest.mark.parametrize("example", examples())
def test_given_example(example: Json) -> None:
    found, expect = decide(example["request"]), example["expect"]
    for key in ("outcome", "route", "payment_at_visit", "self_pay_offered", "visit_number"):
        if key in expect:
            assert found[key] == expect[key], key
    requirements = found["requirements"]
    assert {k: requirements[k]["status"] for k in expect.get("req", {})} == expect.get("req", {})
    assert {k: requirements[k]["due"] for k in expect.get("due", {})} == expect.get("due", {})
    waived = {key for key, item in requirements.items() if item["status"] == "waived"}
    assert set(expect.get("waived", [])) <= waived
    assert not set(expect.get("not_waived", [])) & waived
    assert set(expect.get("actions", [])) <= found["actions"]


def change(request: Json, path: str, value: Any) -> None:
    *parents, last = path.split(".")
    target: Any = request
    for part in parents:
        target = target[int(part)] if part.isdigit() else target[part]
    if isinstance(target, list):
        target.insert(int(last), value)
    elif value is ...:
        target.pop(last)
    else:
        target[last] = value


def base(payer: str) -> Json:
    made = Draft(random.Random(1), payer, DAY, TODAY)
    request = valid_request(made)
    request["booking"]["start"] = "2026-12-08T10:00:00-08:00"
    request["booking"]["end"] = "2026-12-08T11:00:00-08:00"
    request["prescriptions"][0]["diagnoses"] = ["M54.2"]
    return request


def shown(found: Json, key: str) -> Any:
    if key.startswith("due "):
        return found["requirements"][key.removeprefix("due ")]["due"]
    if key in KEYS:
        item = found["requirements"].get(key)
        return f"{item['status']}/{item['effect']}" if item else "-"
    return found[key]


@pytest.mark.parametrize("row", [pytest.param(row, id=f"{row[1]}: {row[0]}") for row in ROWS])
def test_row_of_the_text(row: Row) -> None:
    _, payer, changes, expected = row
    request = base(payer)
    for path, value in changes.items():
        change(request, path, copy.deepcopy(value))
    found = decide(request)
    assert {key: shown(found, key) for key in expected} == expected


@pytest.mark.parametrize("payer", [name for name in PAYERS if name != "uniform"])
def test_the_valid_request_is_allowed(payer: str) -> None:
    found = decide(base(payer))
    assert found["outcome"] == "allow"
    assert {item["effect"] for item in found["requirements"].values()} == {"none"}


def test_ambiguities_have_their_own_names() -> None:
    assert len({name for name, _, _ in AMBIGUOUS}) == len(AMBIGUOUS)


def test_cases_repeat() -> None:
    assert list(cases("regence", 20, 7)) == list(cases("regence", 20, 7))


@pytest.mark.parametrize("payer", PAYERS)
def test_cases_have_the_shape_of_a_request(payer: str) -> None:
    for request in cases(payer, 300, 5):
        start, end = (local(request["booking"][key]) for key in ("start", "end"))
        assert start < end
        today = local(request["as_of"]).date()
        assert all(item["on"] <= today.isoformat() for item in request.get("visits") or [])
        for item in request.get("authorizations") or []:
            assert (item.get("from") or "") <= (item.get("to") or "9999")
        for item in request.get("coverages") or []:
            claim = item.get("claim") or {}
            assert (claim.get("date_of_injury") or "") <= (claim.get("closed_on") or "9999")
        dates = [text for text in json.dumps(request).split('"') if text[:2] == "20"]
        assert all("2015" <= text[:4] <= "2035" for text in dates if text[4:5] == "-")
