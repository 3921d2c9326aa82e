"""What Regence's plugin tells staff and the client."""

import json
from typing import Any

import pytest

from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import (
    authorization,
    host_of,
    request,
    shown,
    small_host,
    visits,
)

SELF = {"coverages.0.funding": "self_insured"}


def test_the_definition_of_necessity_goes_with_the_finding() -> None:
    """REG-07."""
    decision = decide_request(request("regence"), small_host("regence"))
    assert "prudent clinician" in shown(decision, "message medical-necessity")


LATE = {"visits": visits("regence", "2026-11-15")}
ALL_STATES = {
    "due": {},
    "owed": {"visits": visits("regence", "2026-11-28")},
    "late": LATE,
    "met": {"authorizations": [authorization("regence")]},
    "asked": {**LATE, "authorizations": [authorization("regence", status="requested")]},
}


def expected_of(changes: dict[str, Any], **rules: Any) -> str:
    tables = [
        {"plugin": "regence", "id": f"REG-{i}", "source": "x", "values": v}
        for i, v in rules.items()
    ]
    host = host_of("regence", overrides=tables)
    decision = decide_request(request("regence", **SELF, **changes), host)
    return str(shown(decision, "patient_message prior-authorization"))


@pytest.mark.parametrize("state", ALL_STATES)
def test_the_client_is_told_what_to_expect(state: str) -> None:
    """REG-04 to REG-06, whatever the plan or the doctor allows."""
    text = expected_of(ALL_STATES[state])
    assert "approves 4 at first and then 2-3 more, about 6 in all" in text
    assert "whatever your plan or your doctor allows" in text


def test_what_the_client_is_told_comes_from_the_rule_data() -> None:
    changed = {"04": {"usual_visits": 5}, "05": {"usual_more_to": 8}, "06": {"usual_total": 11}}
    text = expected_of({}, **changed)
    assert "approves 5 at first and then 2-8 more, about 11 in all" in text


def test_complaints_and_confirming_are_on_record() -> None:
    """REG-10 and REG-11 say what people do; they ask nothing of a booking."""
    rules = small_host("regence").books["regence"]
    assert {"REG-10", "REG-11"} <= {rule.id for rule in rules.rules}
    decision = json.dumps(decide_request(request("regence"), small_host("regence")))
    assert "REG-11" not in decision
