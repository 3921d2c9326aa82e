"""The shape of the second reading's cases."""

import json
import random
from datetime import date

import pytest

from .base import Draft, valid_request
from .facts import local
from .generate import PAYERS, cases
from .oracle import decide

DAY, TODAY = date(2026, 12, 8), date(2026, 12, 1)


@pytest.mark.parametrize("payer", [name for name in PAYERS if name != "uniform"])
def test_the_valid_request_is_allowed(payer: str) -> None:
    found = decide(valid_request(Draft(random.Random(1), payer, DAY, TODAY)))
    assert found["outcome"] == "allow"
    assert {item["effect"] for item in found["requirements"].values()} == {"none"}


@pytest.mark.parametrize("payer", PAYERS)
def test_cases_have_the_shape_of_a_request(payer: str) -> None:
    """And are the same each time."""
    assert list(cases(payer, 20, 7)) == list(cases(payer, 20, 7))
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
        (request.get("patient") or {}).pop("birth_date", None)
        dates = [text for text in json.dumps(request).split('"') if text[:2] == "20"]
        assert all("2015" <= text[:4] <= "2035" for text in dates if text[4:5] == "-")
