"""The rules that every payer shares, each in a row: coverage, network, intake, the clinic's own
approval, care on the same day, benefit and cost share."""

from __future__ import annotations

from typing import Any

import pytest

from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import (
    authorization,
    bookings,
    request,
    requirement,
    small_host,
    told,
    visits,
)

HOST = ("out-of-network", "lni")
APPROVAL, SAME = "clinic-approval", "same-day-care"
ALWAYS = {"clinic.prior_approval": "always"}
OUT = {"clinic.network.cigna": [{"status": "out"}]}
THAT_DAY = "2026-12-08T16:00:00-08:00"
LIMIT, USED = "coverages.0.visit_limit", "coverages.0.visits_used"


def approval(status: str = "approved", **more: Any) -> dict[str, Any]:
    bare: dict[str, Any] = {"visits": ..., "from_": ..., "to": ...}
    made = authorization("cigna", APPROVAL, status=status, **(bare | more))
    return {**ALWAYS, "authorizations": [made]}


def elsewhere(payer: str | None = "aetna", start: str = THAT_DAY, **more: Any) -> dict[str, Any]:
    other = {"provider": "other", "modality": "chiropractic", **more}
    return {"upcoming": bookings(payer, start, **other)}


Row = tuple[dict[str, Any], dict[str, Any]]
ROWS: dict[str, Row] = {
    "coverage unknown": (
        {"coverages": ..., "booking.payer": ...},
        {"coverage": "unknown/hold", "outcome": "hold", "route": None, "payer": None},
    ),
    "none on file": (
        {"coverages": [], "booking.payer": ...},
        {"coverage": "unknown/hold", "outcome": "hold"},
    ),
    "a payer that nobody serves": (
        {"coverages.0.payer": "Acme", "booking.payer": "Acme"},
        {"coverage": "unknown/hold", "route": None, "payer": "Acme", "outcome": "hold"},
    ),
    "coverage not confirmed": (
        {"coverages.0.staff_confirmed": False},
        {"coverage": "unknown/hold", "outcome": "hold", "actions": ["confirm-coverage"]},
    ),
    "two primaries": (
        {"booking.payer": ..., "coverages.1": {"payer": "aetna", "position": "primary"}},
        {"coverage": "unknown/hold", "route": None},
    ),
    "NET-08: network unknown": ({"clinic": ...}, {"network": "unknown/hold", "route": None}),
    "out of network costs nothing": (OUT, {"network": "met/none", "outcome": "allow"}),
    # RX-08
    "intake not in": (
        {"patient.intake_received": False},
        {"intake": "unmet/hold", "due intake": "2026-12-04", "outcome": "hold"},
    ),
    "intake unknown": ({"patient": ...}, {"intake": "unknown/hold", "due intake": "2026-12-04"}),
    "intake never blocks": (
        {"patient.intake_received": False, "as_of": "2026-12-08T09:00:00-08:00"},
        {"intake": "unmet/hold", "outcome": "hold"},
    ),
    "the clinic's own lead": (
        {"patient.intake_received": False, "clinic.prescription_lead_days": 0},
        {"due intake": "2026-12-08"},
    ),
    # NET-10
    "the payer's word is enough": ({}, {APPROVAL: "-"}),
    "always, nothing": ({**ALWAYS}, {APPROVAL: "unmet/hold", "outcome": "hold"}),
    "always, approved": (approval(), {APPROVAL: "met/none", "outcome": "allow"}),
    "always, asked": (approval("requested"), {APPROVAL: "unmet/hold"}),
    "always, denied": (
        approval("denied"),
        {APPROVAL: "unmet/block", "outcome": "block", "self_pay_offered": True},
    ),
    "always, void": (approval("void"), {APPROVAL: "unmet/hold"}),
    "always, approved to the day": (approval(to="2026-12-08"), {APPROVAL: "met/none"}),
    "always, approved to the eve": (approval(to="2026-12-07"), {APPROVAL: "unmet/hold"}),
    "always, list unknown": ({**ALWAYS, "authorizations": ...}, {APPROVAL: "unknown/hold"}),
    "always, an insurer's answer is not ours": (
        {**ALWAYS, "authorizations": [authorization("cigna", "not-required")]},
        {APPROVAL: "unmet/hold"},
    ),
    "always, visits unknown": ({**approval(), "visits": ...}, {APPROVAL: "met/none"}),
    # BK-01
    "other care that day": (elsewhere(), {SAME: "unmet/hold", "outcome": "hold"}),
    "other care that day, done": (
        {"visits": visits("aetna", "2026-12-08", provider="other", modality="acupuncture")},
        {SAME: "unmet/hold"},
    ),
    "other massage that day": (elsewhere(modality="massage"), {SAME: "unmet/hold"}),
    "other care, out of network": (
        {**elsewhere(), **OUT},
        {SAME: "unmet/warn", "outcome": "allow"},
    ),
    "other care, the clinic's same day": (
        elsewhere(start="2026-12-09T07:59:00+00:00"),
        {SAME: "unmet/hold"},
    ),
    "other care, the next day": (elsewhere(start="2026-12-09T08:00:00+00:00"), {SAME: "met/none"}),
    "other care, not insured": (elsewhere(None), {SAME: "met/none"}),
    "other care, paid in cash": (elsewhere("Self-Pay"), {SAME: "met/none"}),
    "other care here": (elsewhere(provider="this-clinic"), {SAME: "met/none"}),
    "bookings unknown": ({"upcoming": ...}, {SAME: "unknown/hold"}),
    "bookings unknown, out of network": ({"upcoming": ..., **OUT}, {SAME: "unknown/warn"}),
    # NET-12
    "the last visit of the plan": ({LIMIT: 5, USED: 4}, {"benefit": "met/none"}),
    "the plan's visits used": (
        {LIMIT: 5, USED: 5},
        {"benefit": "unmet/block", "outcome": "block", "self_pay_offered": True},
    ),
    "the last one is booked": (
        {LIMIT: 5, USED: 4, "upcoming": bookings("cigna", "2026-12-03T10:00:00-08:00")},
        {"benefit": "unmet/block"},
    ),
    "booked for later": (
        {LIMIT: 5, USED: 4, "upcoming": bookings("cigna", "2026-12-08T10:00:01-08:00")},
        {"benefit": "met/none"},
    ),
    "booked for another payer": (
        {LIMIT: 5, USED: 4, "upcoming": bookings("aetna", "2026-12-03T10:00:00-08:00")},
        {"benefit": "met/none"},
    ),
    "limit unknown": ({LIMIT: ...}, {"benefit": "unknown/warn", "outcome": "allow"}),
    "used unknown": ({USED: ...}, {"benefit": "unknown/warn"}),
    "no visits at all": ({LIMIT: 0, USED: 0}, {"benefit": "unmet/block"}),
    "used up, unconfirmed": (
        {LIMIT: 5, USED: 5, "coverages.0.staff_confirmed": False},
        {"benefit": "unmet/hold", "outcome": "hold"},
    ),
    "used up, bookings unknown": ({LIMIT: 5, USED: 5, "upcoming": ...}, {"benefit": "unmet/block"}),
    "left, bookings unknown": ({"upcoming": ...}, {"benefit": "unknown/hold"}),
    "cost share known": ({}, {"cost-share": "met/none"}),
    "cost share unknown": (
        {"coverages.0.cost_share": ...},
        {"cost-share": "unknown/warn", "outcome": "allow"},
    ),
    "one part of it is enough": (
        {"coverages.0.cost_share": {"coinsurance_percent": "20"}},
        {"cost-share": "met/none"},
    ),
    "not acknowledged": ({"patient.acknowledged_on": ...}, {"cost-share": "unknown/warn"}),
    "the service's name decides nothing": (
        {"booking.service": "relaxation-massage"},
        {"outcome": "allow"},
    ),
}


@pytest.mark.parametrize("text", ROWS)
def test_row(text: str) -> None:
    changes, expected = ROWS[text]
    decision = decide_request(request("cigna", **changes), small_host(*HOST))
    assert told(decision, expected) == expected


CONTRADICTIONS: dict[str, tuple[dict[str, Any], str]] = {
    "came in before it was signed": (
        {"prescriptions.0.received_on": "2026-10-28"},
        "prescription rx1 came in before it was signed",
    ),
    "signed before birth": (
        {"patient.birth_date": "2026-10-30", "prescriptions.0.received_on": ...},
        "before the client was born",
    ),
    "more used than allowed": ({LIMIT: 3, USED: 4}, "allows 3 visits and 4 are used"),
    "two approvals at once": (
        {"authorizations": [authorization("cigna"), authorization("cigna", number="A2")]},
        "authorizations A1 and A2 overlap",
    ),
    "more done than approved": (
        {
            "authorizations": [authorization("cigna", visits=1)],
            "visits": visits("cigna", "2026-11-20", "2026-11-21"),
        },
        "approves 1 visits and 2 are done",
    ),
    "a closing day of an open claim": (
        {"coverages.0.claim": {"status": "open", "closed_on": "2026-12-24"}},
        "closing date and is not marked closed",
    ),
}


@pytest.mark.parametrize("text", CONTRADICTIONS)
def test_a_contradiction_is_shown_and_costs_nothing(text: str) -> None:
    changes, words = CONTRADICTIONS[text]
    decision = decide_request(request("cigna", **changes), small_host(*HOST))
    found = requirement(decision, "core.contradiction")
    assert found is not None
    assert (found["status"], found["effect"]) == ("unmet", "warn")
    assert words in found["message"]
    assert decision["actions"]


def test_an_l_and_i_form_serves_its_own_stretch_of_visits() -> None:
    form = authorization("lni", "lni-f245-417", visits=6)
    done = visits("lni", *(f"2026-11-{day}" for day in range(10, 17)))
    made = request("lni", authorizations=[form], visits=done)
    assert requirement(decide_request(made), "core.contradiction") is None


def test_nobody_pays_at_the_visit_for_a_payer_that_nobody_serves() -> None:
    made = request("acme", **{"clinic.network": {"acme": [{"status": "out"}]}})
    decision = decide_request(made, small_host(*HOST))
    kinds = {action["kind"] for action in decision["actions"]}
    assert not kinds & {"collect-payment", "give-superbill"}


def test_nothing_contradicts_itself_in_a_sound_chart() -> None:
    decision = decide_request(request("cigna"), small_host(*HOST))
    assert requirement(decision, "core.contradiction") is None


def test_the_cost_share_is_shown_as_far_as_it_is_known() -> None:
    share = {"copay": "20.00", "deductible": "500"}
    made = decide_request(request("regence", **{"coverages.0.cost_share": share}))
    (found,) = [r for r in made["requirements"] if r["key"] == "cost-share"]
    assert (
        found["message"] == "Known and acknowledged: copay 20.00 dollars, deductible 500 dollars."
    )
