"""The prescription by the shared rules: on file, signed, complete, current; the best of several."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import (
    bookings,
    days,
    request,
    requirement,
    small_host,
    told,
    visits,
)

RX = "prescriptions.0"
P = "prescription"
CURRENT, LEFT, LEAD, WHO = f"{P}.current", f"{P}.visits", f"{P}.lead-time", f"{P}.prescriber"
DX, PAYS, NEED = f"{P}.diagnosis", "diagnosis.reimbursable", "medical-necessity"
NONE: dict[str, Any] = {"prescriptions": []}


def weeks(count: int, signed: str) -> dict[str, Any]:
    return {f"{RX}.signed_on": signed, f"{RX}.duration": {"count": count, "unit": "week"}}


def months(count: int, signed: str) -> dict[str, Any]:
    return {f"{RX}.signed_on": signed, f"{RX}.duration": {"count": count, "unit": "month"}}


def orders(count: Any, done: int, **more: Any) -> dict[str, Any]:
    return {f"{RX}.visits": count, "visits": visits("cigna", *days(done)), **more}


def codes(*codes: str) -> dict[str, Any]:
    return {f"{RX}.diagnoses": list(codes)}


Row = tuple[dict[str, Any], dict[str, Any]]
ROWS: dict[str, Row] = {
    # RX-05, RX-07: none on file; the last day counts as in time
    "none, a week ahead": (NONE, {P: "unmet/hold", f"due {P}": "2026-12-04", "outcome": "hold"}),
    "none, the last day": (
        {**NONE, "as_of": "2026-12-04T23:59:59-08:00"},
        {P: "unmet/hold"},
    ),
    "none, the day after": (
        {**NONE, "as_of": "2026-12-05T00:00:00-08:00"},
        {P: "unmet/block", "outcome": "block", "self_pay_offered": True},
    ),
    "none, the clinic asks a week": (
        {**NONE, "clinic.prescription_lead_days": 7},
        {P: "unmet/hold", f"due {P}": "2026-12-01"},
    ),
    "none, the clinic asks eight days": (
        {**NONE, "clinic.prescription_lead_days": 8},
        {P: "unmet/block"},
    ),
    "none, the clinic says nothing": (
        {**NONE, "clinic.prescription_lead_days": ...},
        {f"due {P}": "2026-12-04"},
    ),
    "none, a word of the client or not": (
        {**NONE, "as_of": "2026-12-06T00:00:00-08:00", "coverages.0.staff_confirmed": False},
        {P: "unmet/block", "outcome": "block"},
    ),
    "unknown list": ({"prescriptions": ...}, {P: "unknown/hold", "outcome": "hold"}),
    "unknown list, too late": (
        {"prescriptions": ..., "as_of": "2026-12-06T00:00:00-08:00"},
        {P: "unknown/hold", "outcome": "hold"},
    ),
    # RX-01 and signature
    "unsigned": ({f"{RX}.signed": False}, {f"{P}.signature": "unmet/hold"}),
    "signature unknown": ({f"{RX}.signed": ...}, {f"{P}.signature": "unknown/hold"}),
    "no frequency": ({f"{RX}.frequency": ...}, {f"{P}.frequency": "unmet/hold"}),
    "half a frequency": ({f"{RX}.frequency": {"times": 2}}, {f"{P}.frequency": "unmet/hold"}),
    "no duration": (
        {f"{RX}.duration": ...},
        {f"{P}.duration": "unmet/hold", CURRENT: "unknown/hold"},
    ),
    "no codes": (codes(), {DX: "unmet/hold", PAYS: "-", "actions": ["ask-prescriber"]}),
    "empty codes": (codes("", " "), {DX: "unmet/hold"}),
    # OQ-9: from the day of signing to the end, both included
    "its last day": (weeks(6, "2026-10-27"), {CURRENT: "met/none"}),
    "the day after": (weeks(6, "2026-10-26"), {CURRENT: "unmet/block", "outcome": "block"}),
    "months clamp": (months(1, "2026-11-08"), {CURRENT: "met/none"}),
    "a month and a day": (months(1, "2026-11-07"), {CURRENT: "unmet/block"}),
    "run out, unconfirmed": (
        {**weeks(6, "2026-10-26"), f"{RX}.staff_confirmed": False},
        {CURRENT: "unmet/hold", "outcome": "hold"},
    ),
    "signed that day": (weeks(6, "2026-12-08"), {CURRENT: "met/none"}),
    "signed the day after": (weeks(6, "2026-12-09"), {CURRENT: "unmet/hold", "outcome": "hold"}),
    "signing unknown": ({f"{RX}.signed_on": ...}, {CURRENT: "unknown/hold", LEFT: "unknown/hold"}),
    # visits ordered
    "the last one ordered": (orders(4, 3), {LEFT: "met/none"}),
    "all used": (orders(3, 3), {LEFT: "unmet/block", "outcome": "block"}),
    "another payer's visits use it up": (
        {f"{RX}.visits": 3, "visits": visits("aetna", *days(3))},
        {LEFT: "unmet/block"},
    ),
    "another clinic's do not": (
        {f"{RX}.visits": 3, "visits": visits("cigna", *days(3), provider="other")},
        {LEFT: "met/none"},
    ),
    "visits before it was signed do not": (
        orders(3, 3, **weeks(12, "2026-11-13")),
        {LEFT: "met/none"},
    ),
    "the day of signing counts": (orders(3, 3, **weeks(12, "2026-11-10")), {LEFT: "unmet/block"}),
    "booked ones count": (
        orders(3, 2, upcoming=bookings("aetna", "2026-12-08T10:00:00-08:00")),
        {LEFT: "unmet/block"},
    ),
    "by frequency and duration": (
        orders(
            ..., 3, **{f"{RX}.frequency": {"times": 1, "per": "month"}, **months(3, "2026-11-01")}
        ),
        {LEFT: "unmet/block"},
    ),
    "its own number comes first": (
        orders(
            9, 3, **{f"{RX}.frequency": {"times": 1, "per": "month"}, **months(3, "2026-11-01")}
        ),
        {LEFT: "met/none"},
    ),
    "number unknown": ({f"{RX}.visits": ..., f"{RX}.frequency": ...}, {LEFT: "unknown/hold"}),
    "visits unknown": ({"visits": ...}, {LEFT: "unknown/hold"}),
    # RX-07: received late only warns
    "received in time": ({f"{RX}.received_on": "2026-12-04"}, {LEAD: "met/none"}),
    "received late": (
        {f"{RX}.received_on": "2026-12-05"},
        {LEAD: "unmet/warn", "outcome": "allow"},
    ),
    "receipt unknown": ({f"{RX}.received_on": ...}, {LEAD: "unknown/warn", "outcome": "allow"}),
    # DX-01
    "an invalid code": (codes("XYZ"), {DX: "unmet/hold", PAYS: "unknown/hold"}),
    "one invalid beside a valid": (codes("M54.2", "M54.5"), {DX: "unmet/hold", PAYS: "met/none"}),
    "only what is never paid": (
        codes("F41.1", "Z00.00"),
        {PAYS: "unmet/block", "outcome": "block"},
    ),
    "never paid, unconfirmed": (
        {**codes("F41.1"), f"{RX}.staff_confirmed": False},
        {PAYS: "unmet/hold", "outcome": "hold"},
    ),
    "never paid beside a payable one": (codes("F41.1", "M54.2"), {PAYS: "met/none"}),
    "never paid beside one of no class": (codes("F41.1", "I10"), {PAYS: "unknown/hold"}),
    "never paid beside an invalid one": (codes("F41.1", "XYZ"), {PAYS: "unknown/hold"}),
    "of no class": (codes("I10"), {PAYS: "unknown/hold", DX: "met/none"}),
    "G89 alone": (codes("G89.29"), {PAYS: "unknown/hold"}),
    "G89 beside a payable one": (codes("G89.29", "M54.2"), {PAYS: "met/none"}),
    "the sequel of an injury": (codes("S13.4XXS"), {PAYS: "unknown/hold"}),
    "an injury, active treatment": (codes("S13.4XXA"), {PAYS: "met/none"}),
    "an injury, healing": (codes("S16.1XXD"), {PAYS: "met/none"}),
    "an injury without its seventh character": (codes("S13.4"), {DX: "unmet/hold"}),
    "carpal tunnel asks staff": (codes("G56.01"), {PAYS: "unknown/hold"}),
    "in small letters, without its dot": (codes("m542"), {DX: "met/none", PAYS: "met/none"}),
    # DX-02
    "maintenance": ({f"{RX}.purpose": "maintenance"}, {NEED: "unmet/block", "outcome": "block"}),
    "relaxation": (
        {f"{RX}.purpose": "relaxation"},
        {NEED: "unmet/block", "self_pay_offered": True},
    ),
    "purpose unknown": ({f"{RX}.purpose": ...}, {NEED: "unknown/hold"}),
    # RX-03
    "outside Washington": ({f"{RX}.prescriber.state": "OR"}, {WHO: "unmet/hold"}),
    "Washington in full": ({f"{RX}.prescriber.state": "Washington"}, {WHO: "met/none"}),
    "state unknown": ({f"{RX}.prescriber.state": ...}, {WHO: "unknown/hold"}),
    "credential unknown": ({f"{RX}.prescriber.credential": ""}, {WHO: "unknown/hold"}),
    "NPI unknown": ({f"{RX}.prescriber.npi": ...}, {WHO: "unknown/hold"}),
    "no prescriber": ({f"{RX}.prescriber": ...}, {WHO: "unknown/hold"}),
    "a wrong check digit": ({f"{RX}.prescriber.npi": "1234567890"}, {WHO: "unmet/hold"}),
    "nobody confirmed it": (
        {f"{RX}.staff_confirmed": ...},
        {P: "unknown/hold", "outcome": "hold", "actions": ["review-prescription"]},
    ),
}


@pytest.mark.parametrize("text", ROWS)
def test_row(text: str) -> None:
    changes, expected = ROWS[text]
    decision = decide_request(request("cigna", **changes), small_host("out-of-network"))
    assert told(decision, expected) == expected


@pytest.mark.parametrize(
    ("code", "day", "valid"),
    [
        ("M54.5", "2021-09-30", True),
        ("M54.5", "2021-10-01", False),
        ("M54.50", "2021-09-30", False),
        ("M54.50", "2021-10-01", True),
        ("M79.1", "2018-09-30", True),
        ("M79.1", "2018-10-01", False),
        ("M79.18", "2018-10-01", True),
    ],
)
def test_a_code_is_that_of_the_release_in_force(code: str, day: str, valid: bool) -> None:
    times = {
        "booking.start": f"{day}T10:00:00-07:00",
        "booking.end": ...,
        "as_of": f"{day}T08:00:00-07:00",
    }
    paper = {f"{RX}.signed_on": day, f"{RX}.received_on": day, **codes(code)}
    decision = decide_request(request("cigna", **times, **paper), small_host("out-of-network"))
    assert told(decision, [DX]) == {DX: "met/none" if valid else "unmet/hold"}


FLAWS: dict[str, dict[str, Any]] = {
    "blocks": {"purpose": "maintenance"},
    "holds": {"signed": False},
    "warns": {"received_on": None},
    "unconfirmed": {"staff_confirmed": False},
    "expired": {"signed_on": "2020-01-01"},
}


@pytest.mark.parametrize("flaw", FLAWS)
@pytest.mark.parametrize("good_first", [True, False])
def test_of_several_the_best_is_used_alone(flaw: str, good_first: bool) -> None:
    made = request("cigna")
    good = made["prescriptions"][0]
    bad = {**copy.deepcopy(good), "id": "rx2", **FLAWS[flaw]}
    made["prescriptions"] = [good, bad] if good_first else [bad, good]
    decision = decide_request(made, small_host("out-of-network"))
    assert decision["outcome"] == "allow"
    assert all(item["effect"] == "none" for item in decision["requirements"])


def test_of_equal_ones_the_same_is_used_in_whatever_order_they_are_written() -> None:
    made = request("cigna")
    paper = {key: value for key, value in made["prescriptions"][0].items() if key != "id"}
    both, one = {**paper, "diagnoses": ["S13.4XXS", "M54.50"]}, {**paper, "diagnoses": ["M54.50"]}
    turned = {**both, "diagnoses": ["M54.50", "S13.4XXS"]}
    decisions = [
        decide_request({**made, "prescriptions": papers}, small_host("out-of-network"))
        for papers in ([both, one], [one, both], [turned, one], [one, turned])
    ]
    assert all(decision == decisions[0] for decision in decisions)


def test_of_two_bad_ones_the_one_that_holds_is_used() -> None:
    made = request("cigna")
    good = made["prescriptions"][0]
    made["prescriptions"] = [{**good, **FLAWS["blocks"]}, {**good, "id": "rx2", **FLAWS["holds"]}]
    decision = decide_request(made, small_host("out-of-network"))
    assert decision["outcome"] == "hold"
    signature = requirement(decision, f"{P}.signature")
    assert signature is not None
    assert signature["status"] == "unmet"
