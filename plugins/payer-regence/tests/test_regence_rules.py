"""What Regence's plugin tells staff and the client."""

import json
from typing import Any

import pytest

from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import (
    authorization,
    days,
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


ASKED = authorization("regence", status="requested", visits=..., from_=..., to=...)
STATES = {
    "due": {},
    "owed": {"visits": visits("regence", "2026-11-28")},
    "met": {"authorizations": [authorization("regence")]},
    "asked": {"visits": visits("regence", "2026-11-28"), "authorizations": [ASKED]},
}
#: REG-04 and REG-05, changed to numbers that stand nowhere else.
USUAL = {"04": {"usual_visits": 41}, "05": {"usual_more_from": 52, "usual_more_to": 63}}


def told_to_the_client(changes: dict[str, Any]) -> str:
    tables = [
        {"plugin": "regence", "id": f"REG-{i}", "source": "x", "values": v}
        for i, v in USUAL.items()
    ]
    host = host_of("regence", overrides=tables)
    decision = decide_request(request("regence", **changes), host)
    return str(shown(decision, "patient_message prior-authorization"))


@pytest.mark.parametrize("state", STATES)
def test_the_client_is_told_what_to_expect_by_the_rule_data(state: str) -> None:
    text = told_to_the_client(SELF | STATES[state])
    assert all(number in text for number in ("41", "52", "63"))


def test_not_where_the_laws_six_visits_came_first() -> None:
    text = told_to_the_client({"visits": visits("regence", *days(6))})
    assert not any(number in text for number in ("41", "52", "63"))


def test_complaints_and_confirming_are_on_record() -> None:
    """REG-10 and REG-11 say what people do; they ask nothing of a booking."""
    rules = small_host("regence").books["regence"]
    assert {"REG-10", "REG-11"} <= {rule.id for rule in rules.rules}
    decision = json.dumps(decide_request(request("regence"), small_host("regence")))
    assert "REG-11" not in decision
