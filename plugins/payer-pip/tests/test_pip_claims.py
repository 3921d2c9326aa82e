"""PIP: an open claim, three years, a benefit that can run out (PIP-01 to PIP-07, OQ-5)."""

from __future__ import annotations

from typing import Any

import pytest

from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import (
    finished,
    host_of,
    request,
    requirement,
    small_host,
    told,
    visits,
)

CLAIM = "coverages.0.claim"
STATUS, CLOSED, INJURY = f"{CLAIM}.status", f"{CLAIM}.closed_on", f"{CLAIM}.date_of_injury"
ACCEPTED, LEFT = f"{CLAIM}.accepted_diagnoses", f"{CLAIM}.benefit"
DETAILS, BENEFIT, DX = "pip.billing-details", "pip.benefit-left", "diagnosis.reimbursable"
FULL = {
    f"{CLAIM}.insurer": "Acme Auto",
    f"{CLAIM}.policy_number": "P-1",
    f"{CLAIM}.adjuster": {"name": "A. Juster", "phone": "555-0100"},
    LEFT: {"limit": "10000", "left": "8000.50", "asked_on": "2026-11-25"},
}

Row = tuple[dict[str, Any], dict[str, Any]]
ROWS: dict[str, Row] = {
    "open": ({}, {"claim": "met/none", "outcome": "allow", "route": "claim"}),
    "nothing at the visit": ({}, {"payment_at_visit": False, "visit_number": 1}),
    "follows no network": ({"clinic.network": ...}, {"network": "-", "outcome": "allow"}),
    "out of every network": (
        {"clinic.network": {"pip": [{"status": "out"}]}},
        {"route": "claim", "payment_at_visit": False, "outcome": "allow"},
    ),
    "PIP-06: no authorization": ({}, {"prior-authorization": "-"}),
    "NET-10 binds it": (
        {"clinic.prior_approval": "always"},
        {"clinic-approval": "unmet/hold", "outcome": "hold"},
    ),
    "no benefit, no cost share": ({}, {"benefit": "-", "cost-share": "-"}),
    "allowed": ({STATUS: "allowed"}, {"claim": "met/none"}),
    "pending": ({STATUS: "pending"}, {"claim": "unmet/hold"}),
    "reopening": ({STATUS: "reopening"}, {"claim": "unmet/hold"}),
    "unknown": ({STATUS: "unknown"}, {"claim": "unknown/hold", "rule claim": "PIP-07"}),
    "missing": ({STATUS: ...}, {"claim": "unknown/hold"}),
    "no claim": ({CLAIM: ...}, {"claim": "unknown/hold"}),
    "no number": ({f"{CLAIM}.number": ""}, {"claim": "unknown/hold"}),
    "any number": ({f"{CLAIM}.number": "7"}, {"claim": "met/none"}),
    "rejected": (
        {STATUS: "rejected"},
        {"claim": "unmet/block", "outcome": "block", "self_pay_offered": True},
    ),
    "closed on the day": ({STATUS: "closed", CLOSED: "2026-12-08"}, {"claim": "met/none"}),
    "closed before": ({STATUS: "closed", CLOSED: "2026-12-07"}, {"claim": "unmet/block"}),
    "allowed, and closed before": (
        {STATUS: "allowed", CLOSED: "2026-12-07"},
        {"claim": "unmet/block"},
    ),
    "open, and closed before": ({STATUS: "open", CLOSED: "2026-12-07"}, {"claim": "unmet/hold"}),
    "closed without a day": ({STATUS: "closed"}, {"claim": "unknown/hold"}),
    "PIP-05: exhausted": (
        {STATUS: "exhausted"},
        {"claim": "unmet/hold", "rule claim": "PIP-05", "self_pay_offered": True},
    ),
    "nothing left": ({LEFT: {"left": "0.00", "asked_on": "2026-11-25"}}, {"claim": "unmet/hold"}),
    "a cent left": ({LEFT: {"left": "0.01", "asked_on": "2026-11-25"}}, {"claim": "met/none"}),
    # PIP-03: three years, to the day
    "three years": ({INJURY: "2023-12-08"}, {"claim": "met/none"}),
    "three years and a day": (
        {INJURY: "2023-12-07"},
        {"claim": "unmet/block", "rule claim": "PIP-03", "self_pay_offered": True},
    ),
    "injured that day": ({INJURY: "2026-12-08"}, {"claim": "met/none"}),
    "injured the day after": ({INJURY: "2026-12-09"}, {"claim": "unmet/hold"}),
    "injury unknown": ({INJURY: ...}, {"claim": "unknown/hold"}),
    "not confirmed": (
        {INJURY: "2023-12-07", "coverages.0.staff_confirmed": False},
        {"claim": "unmet/hold", "outcome": "hold"},
    ),
    "the worst of several": ({STATUS: "pending", INJURY: "2020-01-01"}, {"claim": "unmet/block"}),
    # DX-03
    "an accepted condition": ({ACCEPTED: ["M54.16"]}, {DX: "met/none"}),
    "another condition": ({ACCEPTED: ["S16.1XXA"]}, {DX: "unmet/hold"}),
    "no condition": ({ACCEPTED: []}, {DX: "unmet/hold"}),
    "other care the same day warns": (
        {"visits": visits("aetna", "2026-12-08", provider="other", modality="chiropractic")},
        {"same-day-care": "unmet/warn", "outcome": "allow"},
    ),
    "pain alone is enough": (
        {"prescriptions.0.loss_of_function": False},
        {"medical-necessity": "met/none"},
    ),
    "by another name": (
        {"booking.payer": "Personal Injury Protection"},
        {"payer": "pip", "outcome": "allow"},
    ),
    # PIP-04: what billing needs only warns
    "nothing on file to bill with": ({}, {DETAILS: "unknown/warn", BENEFIT: "unknown/warn"}),
    "all on file": (FULL, {DETAILS: "-", BENEFIT: "met/none", "actions": []}),
    "no way to reach the adjuster": (
        {**FULL, f"{CLAIM}.adjuster": {"name": "A. Juster"}},
        {DETAILS: "unknown/warn", "outcome": "allow", "actions": ["confirm-coverage"]},
    ),
    "a fax is enough": ({**FULL, f"{CLAIM}.adjuster": {"fax": "555-0100"}}, {DETAILS: "-"}),
    "asked 30 days ago": (
        {**FULL, f"{LEFT}.asked_on": "2026-11-01"},
        {BENEFIT: "met/none"},
    ),
    "asked 31 days ago": (
        {**FULL, f"{LEFT}.asked_on": "2026-10-31"},
        {BENEFIT: "unmet/warn", "outcome": "allow"},
    ),
    # OQ-5
    "payment at the visit, as the clinic chose": (
        {"clinic.pip_payment_at_visit": True},
        {"payment_at_visit": True, "route": "claim", "pip.payment-at-visit": "met/none"},
    ),
}
#: Three years from a 29 February end on the 28th.
LEAP = {"2027-02-28": "met/none", "2027-03-01": "unmet/block"}
CREDENTIALS = {
    **dict.fromkeys(["MD", "DO", "ND", "DC", "DPM", "PA-C", "ARNP", "RN", "PT", "DPT"], "met/none"),
    **dict.fromkeys(["LMT", "OD", "DDS", "PhD"], "unmet/hold"),
}


@pytest.mark.parametrize("text", ROWS)
def test_row(text: str) -> None:
    changes, expected = ROWS[text]
    assert told(decide_request(request("pip", **changes), small_host("pip")), expected) == expected


@pytest.mark.parametrize("day", LEAP)
def test_three_years_of_a_leap_day(day: str) -> None:
    changes = {
        "booking.start": f"{day}T10:00:00-08:00",
        "booking.end": ...,
        INJURY: "2024-02-29",
        "prescriptions.0.signed_on": "2027-02-01",
    }
    decision = decide_request(request("pip", **changes), small_host("pip"))
    assert told(decision, ["claim"]) == {"claim": LEAP[day]}


@pytest.mark.parametrize("credential", CREDENTIALS)
def test_who_may_prescribe(credential: str) -> None:
    """OQ-6: both of the clinic's lists taken together."""
    changes = {"prescriptions.0.prescriber.credential": credential}
    decision = decide_request(request("pip", **changes), small_host("pip"))
    assert told(decision, ["prescription.prescriber"]) == {
        "prescription.prescriber": CREDENTIALS[credential]
    }


def test_what_a_policy_covers_at_least_is_told() -> None:
    """PIP-01, from the rule data."""
    table = {"plugin": "pip", "id": "PIP-01", "source": "x", "values": {"medical": "12345"}}
    for host, amount in (
        (small_host("pip"), "10000"),
        (host_of("pip", overrides=[table]), "12345"),
    ):
        found = requirement(decide_request(request("pip"), host), BENEFIT)
        assert found is not None
        assert amount in found["message"]


def test_after_the_visit_the_claim_goes_out() -> None:
    plain = finished(request("pip"), small_host("pip"))
    assert ("submit-claim", "2026-12-08") in plain
    assert "collect-payment" not in [kind for kind, _ in plain]
    paid = finished(request("pip", **{"clinic.pip_payment_at_visit": True}), small_host("pip"))
    assert ("collect-payment", "2026-12-08") in paid
