"""L&I: the claim, network and payment, prescriber and conditions (LNI-01, -02, -10 to -17)."""

from __future__ import annotations

from typing import Any

import pytest

from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import (
    chart_of,
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
ACCEPTED = f"{CLAIM}.accepted_diagnoses"
WHO, DX = "prescription.prescriber", "diagnosis.reimbursable"
RULE = "rule claim"

Row = tuple[dict[str, Any], dict[str, Any]]
ROWS: dict[str, Row] = {
    "all is well": ({}, {"claim": "met/none", "outcome": "allow", "self_pay_offered": False}),
    "billed, nothing at the visit": ({}, {"route": "claim", "payment_at_visit": False}),
    "no benefit, no cost share": ({}, {"benefit": "-", "cost-share": "-"}),
    "no authorization at visit 1": ({}, {"prior-authorization": "-", "visit_number": 1}),
    "no claim": ({CLAIM: ...}, {"claim": "unknown/hold", "outcome": "hold"}),
    "LNI-13 open": ({STATUS: "open"}, {"claim": "met/none", RULE: "LNI-13"}),
    "LNI-13 allowed": ({STATUS: "allowed"}, {"claim": "met/none"}),
    "LNI-13 pending": ({STATUS: "pending"}, {"claim": "unmet/hold"}),
    "LNI-13 reopening": ({STATUS: "reopening"}, {"claim": "unmet/hold"}),
    "LNI-13 unknown": ({STATUS: "unknown"}, {"claim": "unknown/hold"}),
    "LNI-13 missing": ({STATUS: ...}, {"claim": "unknown/hold"}),
    "LNI-13 rejected": (
        {STATUS: "rejected"},
        {"claim": "unmet/block", "outcome": "block", "self_pay_offered": False},
    ),
    "rejected, not confirmed": (
        {STATUS: "rejected", "coverages.0.staff_confirmed": False},
        {"claim": "unmet/hold", "outcome": "hold", "self_pay_offered": False},
    ),
    "LNI-13 closed without a day": ({STATUS: "closed"}, {"claim": "unknown/hold"}),
    "closing day itself": ({STATUS: "closed", CLOSED: "2026-12-08"}, {"claim": "met/none"}),
    "closed the day before": (
        {STATUS: "closed", CLOSED: "2026-12-07"},
        {"claim": "unmet/block", "self_pay_offered": False},
    ),
    "allowed, and closed before": (
        {STATUS: "allowed", CLOSED: "2026-12-07"},
        {"claim": "unmet/block", "self_pay_offered": False},
    ),
    "allowed, closing later": ({STATUS: "allowed", CLOSED: "2026-12-08"}, {"claim": "met/none"}),
    "open, and closed before": ({STATUS: "open", CLOSED: "2026-12-07"}, {"claim": "unmet/hold"}),
    "reopening what was closed": (
        {STATUS: "reopening", CLOSED: "2026-12-07"},
        {"claim": "unmet/hold"},
    ),
    "injured that day": ({INJURY: "2026-12-08"}, {"claim": "met/none"}),
    "injured the day after": ({INJURY: "2026-12-09"}, {"claim": "unmet/hold"}),
    "injury unknown": ({INJURY: ...}, {"claim": "met/none"}),
    "LNI-11 whose insurer": (
        {f"{CLAIM}.insurer_kind": ...},
        {"claim": "met/none", "actions": ["confirm-coverage", "send-progress-report"]},
    ),
    "LNI-11 known": (
        {f"{CLAIM}.insurer_kind": "self_insured"},
        {"actions": ["send-progress-report"]},
    ),
    "LNI-15 self-pay that names L&I": (
        {"booking.self_pay": True},
        {
            "outcome": "hold",
            "route": None,
            "payment_at_visit": False,
            "self_pay_offered": False,
            "rule coverage": "LNI-15",
        },
    ),
    "self-pay that names nobody": (
        {"booking.self_pay": True, "booking.payer": ...},
        {"outcome": "allow", "route": "self-pay", "payment_at_visit": True},
    ),
    "out of network": (
        {"clinic.network.lni": [{"status": "out"}]},
        {"network": "unmet/hold", "route": "claim", "payment_at_visit": False},
    ),
    "network unknown": ({"clinic.network": {}}, {"network": "unknown/hold", "route": None}),
    "by another name": (
        {
            "booking.payer": "Labor & Industries",
            "coverages.0.payer": "labor and industries",
            "clinic.network": {"WA L&I": [{"status": "in"}]},
        },
        {"payer": "lni", "network": "met/none", "outcome": "allow"},
    ),
    "no prescription, no self-pay": (
        {"prescriptions": [], "as_of": "2026-12-06T09:00:00-08:00"},
        {"outcome": "block", "self_pay_offered": False},
    ),
    # DX-03: the claim's accepted conditions
    "an accepted condition": ({ACCEPTED: ["M54.16"]}, {DX: "met/none"}),
    "one of several": ({ACCEPTED: ["S16.1XXA", "M54.50"]}, {DX: "met/none"}),
    "another condition": ({ACCEPTED: ["S16.1XXA"]}, {DX: "unmet/hold", f"rule {DX}": "DX-03"}),
    "no condition": ({ACCEPTED: []}, {DX: "unmet/hold"}),
    "conditions not known": ({ACCEPTED: None}, {DX: "met/none"}),
    "pain alone is enough": (
        {"prescriptions.0.loss_of_function": False},
        {"medical-necessity": "met/none"},
    ),
    "other care the same day": (
        {"visits": visits("regence", "2026-12-08", provider="other", modality="chiropractic")},
        {"same-day-care": "unmet/hold"},
    ),
}
#: LNI-10: one letter and six digits, or two letters and five.
NUMBERS = {
    **dict.fromkeys(["A123456", "AB12345", "S123456", "ZZ99999"], "met/none"),
    **dict.fromkeys(["ABC1234", "A12345", "A1234567", "AB1234", "1234567"], "unmet/hold"),
    **dict.fromkeys(["a123456", "A12345O", "AB 12345"], "unmet/hold"),
    "A12345\uff16": "unmet/hold",  # a digit, but none of ours
    **dict.fromkeys(["V123456", "VA12345"], "unmet/hold"),
    **dict.fromkeys(["", None, ...], "unknown/hold"),
}
#: LNI-02.
CREDENTIALS = {
    **dict.fromkeys(["MD", "DO", "DC", "ND", "DPM", "DDS", "DMD", "OD", "ARNP"], "met/none"),
    **dict.fromkeys(["PA", "PA-C", "NP", "D.D.S.", "RN, DO"], "met/none"),
    **dict.fromkeys(["RN", "PT", "DPT", "PhD", "LMT"], "unmet/hold"),
}


@pytest.mark.parametrize("text", ROWS)
def test_row(text: str) -> None:
    changes, expected = ROWS[text]
    assert told(decide_request(request("lni", **changes), small_host("lni")), expected) == expected


@pytest.mark.parametrize("number", NUMBERS, ids=repr)
def test_claim_numbers(number: Any) -> None:
    decision = decide_request(request("lni", **{f"{CLAIM}.number": number}), small_host("lni"))
    expected = {"claim": NUMBERS[number]}
    assert told(decision, expected) == expected


@pytest.mark.parametrize("credential", CREDENTIALS)
def test_who_may_order(credential: str) -> None:
    changes = {"prescriptions.0.prescriber.credential": credential}
    decision = decide_request(request("lni", **changes), small_host("lni"))
    expected = {WHO: CREDENTIALS[credential], f"rule {WHO}": "LNI-02"}
    assert told(decision, expected) == expected


def test_crime_victims_are_named_as_such() -> None:
    decision = decide_request(request("lni", **{f"{CLAIM}.number": "V123456"}), small_host("lni"))
    found = requirement(decision, "claim")
    assert found is not None
    assert "crime victims" in found["message"]


def test_the_bill_has_a_last_day() -> None:
    """LNI-14: received within a year."""
    assert ("submit-claim", "2027-12-08") in finished(request("lni"), small_host("lni"))


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-06-30", "112.09 dollars"),
        ("2025-07-01", "112.09 dollars"),
        ("2026-07-01", "Look up the daily maximum"),
        ("2025-06-30", "Look up the daily maximum"),
    ],
)
def test_the_daily_maximum_is_told_where_it_is_known(day: str, words: str) -> None:
    """LNI-08."""
    host = host_of("lni")
    made = request("lni", **{"booking.start": f"{day}T10:00:00-07:00", "booking.end": ...})
    case = host.case(chart_of(made))
    actions, _ = host.visit_complete(case, host.decide_case(case))
    texts = [action.message for action in actions]
    assert any(words in text for text in texts)
