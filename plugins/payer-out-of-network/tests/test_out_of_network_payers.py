"""Premera, Kaiser and the others: what they ask for themselves, and how the visit is paid."""

from __future__ import annotations

from typing import Any

import pytest

from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import (
    days,
    finished,
    request,
    small_host,
    told,
    visits,
)

PA, NEED = "prior-authorization", "medical-necessity"
ALL = ("premera", "kaiser", "first-choice", "cigna", "aetna", "uhc")
HOST = "out-of-network"
SELF = {"coverages.0.funding": "self_insured"}
NONE: dict[str, Any] = {"authorizations": []}


def own(payer: str, count: int, **more: Any) -> dict[str, Any]:
    return {"visits": visits(payer, *days(count)), **more}


def out(payer: str, **more: Any) -> dict[str, Any]:
    return {f"clinic.network.{payer}": [{"status": "out", "from": "2017-07-31"}], **more}


Row = tuple[str, dict[str, Any], dict[str, Any]]
ROWS: dict[str, Row] = {
    # REG-08: Premera as Regence; the others not
    "Premera, pain alone": (
        "premera",
        {"prescriptions.0.loss_of_function": False},
        {NEED: "unmet/block", f"rule {NEED}": "REG-08"},
    ),
    "Premera, not recorded": ("premera", {"prescriptions.0.pain": ...}, {NEED: "unknown/hold"}),
    "Cigna, pain alone": ("cigna", {"prescriptions.0.loss_of_function": False}, {NEED: "met/none"}),
    # NET-02: two networks by date
    "uhc, the last day in": (
        "uhc",
        {
            "clinic.network.uhc": [
                {"status": "in", "from": "2015-01-01", "to": "2026-12-08"},
                {"status": "out", "from": "2026-12-09"},
            ]
        },
        {"route": "claim", "payment_at_visit": False},
    ),
    "uhc, the first day out": (
        "uhc",
        {
            "clinic.network.uhc": [
                {"status": "in", "from": "2015-01-01", "to": "2026-12-07"},
                {"status": "out", "from": "2026-12-08"},
            ]
        },
        {"route": "superbill", "payment_at_visit": True},
    ),
    "uhc, a gap between": (
        "uhc",
        {
            "clinic.network.uhc": [
                {"status": "in", "to": "2026-12-07"},
                {"status": "out", "from": "2026-12-09"},
            ]
        },
        {"network": "unknown/hold", "route": None, "payment_at_visit": False},
    ),
    "uhc, both at once": (
        "uhc",
        {"clinic.network.uhc": [{"status": "in"}, {"status": "out", "from": "2026-12-08"}]},
        {"network": "unknown/hold", "route": None},
    ),
}


@pytest.mark.parametrize("text", ROWS)
def test_row(text: str) -> None:
    payer, changes, expected = ROWS[text]
    decision = decide_request(request(payer, **changes), small_host(HOST))
    assert told(decision, expected) == expected


@pytest.mark.parametrize("payer", ALL)
def test_in_network_the_clinic_bills(payer: str) -> None:
    expected = {"outcome": "allow", "route": "claim", "payment_at_visit": False, "actions": []}
    assert told(decide_request(request(payer), small_host(HOST)), expected) == expected
    assert ("submit-claim", "2026-12-08") in finished(request(payer), small_host(HOST))


@pytest.mark.parametrize("payer", ALL)
def test_out_of_network_the_client_pays_and_gets_a_superbill(payer: str) -> None:
    """NET-05."""
    made = request(payer, **out(payer))
    expected = {
        "outcome": "allow",
        "route": "superbill",
        "payment_at_visit": True,
        "actions": ["collect-payment", "give-superbill"],
        "network": "met/none",
    }
    assert told(decide_request(made, small_host(HOST)), expected) == expected
    kinds = [kind for kind, _ in finished(made, small_host(HOST))]
    assert {"collect-payment", "give-superbill"} <= set(kinds)
    assert "submit-claim" not in kinds


@pytest.mark.parametrize("payer", ALL)
def test_the_same_prescription_rules_hold_out_of_network(payer: str) -> None:
    for changes, outcome in (
        ({"prescriptions": []}, "hold"),
        ({"prescriptions.0.signed": False}, "hold"),
        ({"prescriptions.0.purpose": "relaxation"}, "block"),
        ({"patient.intake_received": False}, "hold"),
    ):
        made = request(payer, **out(payer), **changes)
        assert told(decide_request(made, small_host(HOST)), ["outcome"]) == {"outcome": outcome}


@pytest.mark.parametrize("payer", ["first-choice", "cigna", "aetna", "uhc"])
def test_the_others_ask_for_no_authorization(payer: str) -> None:
    for count in (0, 6, 12):
        made = request(payer, **own(payer, count, **SELF))
        expected = {PA: "-", "outcome": "allow"}
        assert told(decide_request(made, small_host(HOST)), expected) == expected


@pytest.mark.parametrize("payer", ALL)
@pytest.mark.parametrize(
    ("credential", "stands"),
    [("RN", "met/none"), ("PT", "met/none"), ("DPT", "met/none"), ("LMT", "unmet/hold")],
)
def test_who_may_prescribe(payer: str, credential: str, stands: str) -> None:
    made = request(payer, **{"prescriptions.0.prescriber.credential": credential})
    decision = decide_request(made, small_host(HOST))
    assert told(decision, ["prescription.prescriber"]) == {"prescription.prescriber": stands}


@pytest.mark.parametrize(
    ("name", "payer"),
    [
        ("Premera Blue Cross", "premera"),
        ("PREMERA BLUECROSS", "premera"),
        ("First Choice Health Network", "first-choice"),
        ("first choice", "first-choice"),
        ("Cigna Healthcare", "cigna"),
        ("UnitedHealthcare", "uhc"),
        ("United Health Care", "uhc"),
    ],
)
def test_a_payer_by_another_name(name: str, payer: str) -> None:
    made = request(payer, **{"booking.payer": name, "coverages.0.payer": name})
    expected = {"payer": payer, "coverage": "met/none", "network": "met/none"}
    assert told(decide_request(made, small_host(HOST)), expected) == expected
