"""With the facts fixed, a later ``as_of`` never loosens: deadlines pass, they do not come back."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.properties.drawn import STRICTNESS, Json, requests, strictness

from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import request, shown

pytestmark = pytest.mark.slow  # hundreds of charts each
LATER = st.one_of(st.integers(0, 72), st.integers(0, 24 * 200)).map(lambda h: timedelta(hours=h))


def moved(made: Json, by: timedelta) -> Json:
    return {**made, "as_of": (datetime.fromisoformat(made["as_of"]) + by).isoformat()}


@settings(max_examples=500)
@given(made=requests(), later=LATER)
def test_later_is_never_looser(made: Json, later: timedelta) -> None:
    assert strictness(moved(made, later)) >= strictness(made)


@settings(max_examples=60)
@given(made=requests("regence", "lni", "pip"), later=LATER)
def test_each_requirement_never_becomes_cheaper(made: Json, later: timedelta) -> None:
    costs = ("none", "warn", "hold", "block")
    before = {r["key"]: costs.index(r["effect"]) for r in decide_request(made)["requirements"]}
    moved_on = decide_request(moved(made, later))
    after = {r["key"]: costs.index(r["effect"]) for r in moved_on["requirements"]}
    assert {key: cost for key, cost in before.items() if after.get(key, 0) < cost} == {}


def test_an_overdue_review_warns_and_changes_no_outcome() -> None:
    """Every day until long after all rules were to be read again."""
    made = request("regence", **{"booking.start": "2028-06-01T10:00:00-07:00", "booking.end": ...})
    made["prescriptions"][0] |= {"signed_on": "2028-05-01", "received_on": "2028-05-02"}
    outcomes = set()
    for days in (0, 80, 200, 500):
        decision = decide_request(moved(made, timedelta(days=days)))
        outcomes.add(STRICTNESS[decision["outcome"]])
        review = shown(decision, "core.rules-review")
        assert review == ("unknown/warn" if days > 80 else "-")
    assert outcomes == {0}
