"""Regence's other rules: prescription, prescriber, necessity, and what the client is told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import (
    authorization,
    host_of,
    request,
    requirement,
    small_host,
    told,
    visits,
)

PA = "prior-authorization"
NEED, CURRENT, WHO = "medical-necessity", "prescription.current", "prescription.prescriber"
SELF = {"coverages.0.funding": "self_insured"}

Row = tuple[dict[str, Any], dict[str, Any]]
ROWS: dict[str, Row] = {
    "REG-01: none on file": (
        {"prescriptions": []},
        {"prescription": "unmet/hold", "outcome": "hold"},
    ),
    "REG-01: none on file, too late": (
        {"prescriptions": [], "as_of": "2026-12-05T09:00:00-08:00"},
        {"prescription": "unmet/block", "outcome": "block", "self_pay_offered": True},
    ),
    "REG-02: a prescription is no authorization": (
        {"visits": visits("regence", "2026-11-15")},
        {PA: "unmet/block", "prescription": "met/none"},
    ),
    "REG-08: pain and loss of function": ({}, {NEED: "met/none", f"rule {NEED}": "REG-08"}),
    "REG-08: pain alone": (
        {"prescriptions.0.loss_of_function": False},
        {NEED: "unmet/block", f"rule {NEED}": "REG-08", "self_pay_offered": True},
    ),
    "REG-08: loss of function alone": ({"prescriptions.0.pain": False}, {NEED: "unmet/block"}),
    "REG-08: one known absent decides": (
        {"prescriptions.0.pain": ..., "prescriptions.0.loss_of_function": False},
        {NEED: "unmet/block"},
    ),
    "REG-08: pain not recorded": ({"prescriptions.0.pain": ...}, {NEED: "unknown/hold"}),
    "REG-08: function not recorded": (
        {"prescriptions.0.loss_of_function": ...},
        {NEED: "unknown/hold"},
    ),
    "REG-08: an empty text is not recorded": (
        {"prescriptions.0.loss_of_function": "  "},
        {NEED: "unknown/hold"},
    ),
    "REG-08: pain alone, unconfirmed": (
        {"prescriptions.0.loss_of_function": False, "prescriptions.0.staff_confirmed": False},
        {NEED: "unmet/hold", "outcome": "hold"},
    ),
    "REG-08 binds visits that need no authorization": (
        {
            "prescriptions.0.loss_of_function": False,
            "authorizations": [authorization("regence", "not-required")],
        },
        {NEED: "unmet/block", PA: "met/none"},
    ),
    "REG-09: self-pay is offered": (
        {"prescriptions.0.purpose": "maintenance"},
        {NEED: "unmet/block", "self_pay_offered": True},
    ),
    "OQ-9: 90 days old": ({"prescriptions.0.signed_on": "2026-09-09"}, {CURRENT: "met/none"}),
    "OQ-9: 91 days old": (
        {"prescriptions.0.signed_on": "2026-09-08"},
        {CURRENT: "unmet/hold", f"rule {CURRENT}": "OQ-9"},
    ),
    "OQ-9: run out blocks all the same": (
        {
            "prescriptions.0.signed_on": "2026-09-08",
            "prescriptions.0.duration": {"count": 2, "unit": "month"},
        },
        {CURRENT: "unmet/block"},
    ),
    "by another name": (
        {"booking.payer": "Regence Blue Shield", "coverages.0.payer": "regence blueshield"},
        {"payer": "regence", "coverage": "met/none", "route": "claim"},
    ),
    "a plan's name for the payer": (
        {"booking.payer": ..., "coverages.0.payer": "UMP", "coverages.0.plan": ...},
        {"payer": "regence", "coverage": "met/none"},
    ),
    "out of network": (
        {"clinic.network.regence": [{"status": "out", "from": "2017-07-31"}]},
        {"route": "superbill", "payment_at_visit": True, "outcome": "allow", PA: "due/none"},
    ),
}
CREDENTIALS = {
    **dict.fromkeys(
        ["MD", "DO", "ND", "DC", "DPM", "PA", "ARNP", "NP", "PA-C", "p.a.-c"], "met/none"
    ),
    **dict.fromkeys(["N.P.", "m.d.", "MD, PhD", "LMT/DC"], "met/none"),
    **dict.fromkeys(["RN", "PT", "DPT", "LMT", "PhD", "PsyD", "DDS", "M"], "unmet/hold"),
}


@pytest.mark.parametrize("text", ROWS)
def test_row(text: str) -> None:
    changes, expected = ROWS[text]
    decision = decide_request(request("regence", **SELF, **changes), small_host("regence"))
    assert told(decision, expected) == expected


@pytest.mark.parametrize("credential", CREDENTIALS)
def test_who_may_prescribe(credential: str) -> None:
    changed = request("regence", **SELF, **{"prescriptions.0.prescriber.credential": credential})
    decision = decide_request(changed, small_host("regence"))
    assert told(decision, [WHO]) == {WHO: CREDENTIALS[credential]}


def test_the_definition_of_necessity_goes_with_the_finding() -> None:
    """REG-07."""
    found = requirement(decide_request(request("regence"), small_host("regence")), NEED)
    assert found is not None
    assert "prudent clinician" in found["message"]


ALL_STATES = {
    "due": {},
    "owed": {"visits": visits("regence", "2026-11-28")},
    "late": {"visits": visits("regence", "2026-11-15")},
    "met": {"authorizations": [authorization("regence")]},
    "asked": {
        "visits": visits("regence", "2026-11-15"),
        "authorizations": [authorization("regence", status="requested")],
    },
}


def expected_of(changes: dict[str, Any], **rules: Any) -> str:
    tables = [
        {"plugin": "regence", "id": f"REG-{i}", "source": "x", "values": v}
        for i, v in rules.items()
    ]
    host = host_of("regence", overrides=tables)
    found = requirement(decide_request(request("regence", **SELF, **changes), host), PA)
    assert found is not None
    text: str = found["patient_message"]
    return text


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
