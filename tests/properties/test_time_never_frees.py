"""With the facts fixed, a later ``as_of`` never loosens: deadlines pass, they do not come back."""

import copy
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.properties.drawn import STRICTNESS, Json, requests, strictness

from massage_ins_bridge.domain.clinic import DEFAULT_ZONE
from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import request, shown

pytestmark = pytest.mark.slow  # hundreds of charts each
#: How a warning of a contradiction ends that passes with the day.
TO_COME = "is still to come."
LATER = st.one_of(st.integers(0, 72), st.integers(0, 24 * 200)).map(lambda h: timedelta(hours=h))


def moved(made: Json, by: timedelta) -> Json:
    """The same seen later. What somebody said without a day was said on the first one: with the
    clock alone it would be said of another plan year."""
    later: Json = copy.deepcopy(made)
    said = datetime.fromisoformat(made["as_of"])
    for item in later.get("coverages") or ():
        if item.get("visits_used") is not None and not item.get("visits_used_on"):
            item["visits_used_on"] = said.date().isoformat()
    for item in later.get("authorizations") or ():
        if item.get("used") is not None and not item.get("used_on"):
            item["used_on"] = said.date().isoformat()
    return {**later, "as_of": (said + by).isoformat()}


@settings(max_examples=500)
@given(made=requests(), later=LATER)
def test_later_is_never_looser(made: Json, later: timedelta) -> None:
    assert strictness(moved(made, later)) >= strictness(made)


@settings(max_examples=60)
@given(made=requests("regence", "lni", "pip"), later=LATER)
def test_each_requirement_never_becomes_cheaper(made: Json, later: timedelta) -> None:
    """But for a report that is owed: on a booking that is refused it is not. And what is said to
    have happened on a day to come contradicts the calendar only until that day."""
    costs = ("none", "warn", "hold", "block")
    now = decide_request(made)["requirements"]
    passing = {r["key"] for r in now if r["message"].endswith(TO_COME)}
    before = {r["key"]: costs.index(r["effect"]) for r in now if r["key"] not in passing}
    moved_on = decide_request(moved(made, later))
    after = {r["key"]: costs.index(r["effect"]) for r in moved_on["requirements"]}
    if moved_on["outcome"] == "block":
        before.pop("progress-report", None)
    assert {key: cost for key, cost in before.items() if after.get(key, 0) < cost} == {}


Key = tuple[str, str | None]


def of_each(decision: Json) -> dict[Key, Json]:
    return {(item["key"], item["payer"]): item for item in decision["requirements"]}


@settings(max_examples=500)
@given(made=requests(), later=LATER)
def test_a_clock_refuses_only_past_the_day_that_it_said(made: Json, later: timedelta) -> None:
    """What holds now and blocks later had a ``due``; it blocks from the day after on, and keeps
    the day."""
    now, then = moved(made, timedelta()), moved(made, later)
    first, second = decide_request(now), decide_request(then)
    zone = ZoneInfo((made.get("clinic") or {}).get("timezone") or DEFAULT_ZONE)
    today = datetime.fromisoformat(then["as_of"]).astimezone(zone).date().isoformat()
    before, after = of_each(first), of_each(second)
    for key, item in after.items():
        if item["effect"] != "block" or key not in before or before[key]["effect"] == "block":
            continue
        assert before[key]["due"] is not None, key
        assert before[key]["due"] < today, key
        assert item["due"] == before[key]["due"], key


def test_an_overdue_review_warns_and_changes_no_outcome() -> None:
    """Every day until long after all rules were to be read again. Some pages are overdue since
    they were read; the project's own rules are read nowhere."""
    made = request("regence", **{"booking.start": "2028-06-01T10:00:00-07:00", "booking.end": ...})
    made["prescriptions"][0] |= {"signed_on": "2028-05-01", "received_on": "2028-05-02"}
    outcomes = set()
    for days in (0, 80, 200, 500):
        decision = decide_request(moved(made, timedelta(days=days)))
        outcomes.add(STRICTNESS[decision["outcome"]])
        assert shown(decision, "core.rules-review") == "unknown/warn"
        message = shown(decision, "message core.rules-review")
        assert message.startswith("The rules behind this decision are to be read again.")
        assert "Project rule" not in message
    assert outcomes == {0}
