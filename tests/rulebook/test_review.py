"""A decision that rests on rules whose review is overdue warns, and is decided as before."""

from typing import Any

import pytest

from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import request, shown, small_host

HOST = ("regence", "uniform", "wa-law", "lni")
KEY = "core.rules-review"


def decided(payer: str, as_of: str, **changes: Any) -> dict[str, Any]:
    times = {"booking.start": "2027-04-06T10:00:00-07:00", "booking.end": ..., "as_of": as_of}
    paper = {"prescriptions.0.signed_on": "2027-02-01", "prescriptions.0.received_on": "2027-02-02"}
    return decide_request(request(payer, **times, **paper, **changes), small_host(*HOST))


IN_TIME, OVERDUE = "2027-02-20T23:59:00-08:00", "2027-02-21T00:00:00-08:00"


@pytest.mark.parametrize("payer", ["regence", "lni"])
def test_the_day_after_the_review_was_due_it_warns(payer: str) -> None:
    before, after = decided(payer, IN_TIME), decided(payer, OVERDUE)
    assert shown(before, KEY) == "-"
    assert (shown(after, KEY), shown(after, f"rule {KEY}")) == ("unknown/warn", "CP-REVIEW")
    assert before["outcome"] == after["outcome"] == "allow"


def test_only_rules_that_the_decision_rests_on_are_named() -> None:
    warning = shown(decided("regence", OVERDUE), f"message {KEY}")
    named = warning.split(": ")[1].rstrip(".").split(", ")
    assert {"REG-03", "LAW-03", "RX-05"} <= set(named)
    assert not {"LNI-13", "EX-01", "LAW-01"} & set(named)
    assert len(named) == len(set(named))


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"prescriptions.0.signed": False}, "hold"),
        ({"prescriptions.0.purpose": "relaxation"}, "block"),
    ],
)
def test_a_hold_and_a_block_stay_what_they_are(changes: dict[str, Any], outcome: str) -> None:
    before, after = (decided("regence", when, **changes) for when in (IN_TIME, OVERDUE))
    assert before["outcome"] == after["outcome"] == outcome
    rest = [item for item in after["requirements"] if item["key"] != KEY]
    assert rest == before["requirements"]
