"""Premera's and Kaiser's own authorizations (PRM-01, PRM-02, KPW-01), row by row."""

from __future__ import annotations

from typing import Any

import pytest

from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import (
    authorization,
    bookings,
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


def filed(payer: str, **more: Any) -> dict[str, Any]:
    return {"authorizations": [authorization(payer, **more)]}


def out(payer: str, **more: Any) -> dict[str, Any]:
    return {f"clinic.network.{payer}": [{"status": "out", "from": "2017-07-31"}], **more}


def dated(day: str, *before: str, **more: Any) -> dict[str, Any]:
    """A Premera booking on another day, with a prescription and visits shortly before it."""
    year = day[:4]
    return {
        "booking.start": f"{day}T10:00:00-07:00",
        "booking.end": ...,
        "as_of": f"{year}-05-30T09:00:00-07:00",
        "prescriptions.0.signed_on": f"{year}-05-01",
        "prescriptions.0.received_on": f"{year}-05-02",
        "visits": visits("premera", *(f"{year}-05-{on}" for on in before)),
        **more,
    }


ASKED: dict[str, Any] = {"status": "requested", "visits": ..., "from_": ..., "to": ...}
SIX = ("10", "11", "12", "13", "14", "15")
MORNING = [f"2026-12-02T{hour:02}:00:00-08:00" for hour in range(9, 15)]
Row = tuple[str, dict[str, Any], dict[str, Any]]
ROWS: dict[str, Row] = {
    # PRM-02: from the seventh visit of the episode, every massage counted, whatever the funding
    "Premera, visit 6": (
        "premera",
        own("premera", 5),
        {PA: "-", "visit_number": 6, "outcome": "allow"},
    ),
    "Premera, visit 7": ("premera", own("premera", 6), {PA: "unmet/block", "visit_number": 7}),
    "Premera, visit 7, self-insured": ("premera", own("premera", 6, **SELF), {PA: "unmet/block"}),
    "Premera, visit 7, out of network": (
        "premera",
        own("premera", 6, **out("premera")),
        {PA: "unmet/block", "route": "superbill"},
    ),
    "Premera, six elsewhere": (
        "premera",
        {"visits": visits("cigna", *days(6), provider="other")},
        {PA: "unmet/block", "visit_number": 1},
    ),
    "Premera, five elsewhere and one here": (
        "premera",
        {"visits": visits(None, *days(5), provider="other") + visits("premera", "2026-11-20")},
        {PA: "unmet/block", "visit_number": 2},
    ),
    "Premera, six with a physical therapist": (
        "premera",
        {"visits": visits("premera", *days(6), provider="other", modality="physical-therapy")},
        {PA: "-"},
    ),
    "Premera, six a year ago": (
        "premera",
        {"visits": visits("premera", *(f"2025-11-{day}" for day in SIX))},
        {PA: "-", "visit_number": 1},
    ),
    "Premera, six booked before": (
        "premera",
        {
            "upcoming": bookings(
                "premera", *(f"2026-12-02T{hour:02}:00:00-08:00" for hour in range(9, 15))
            )
        },
        {PA: "unmet/block", "visit_number": 7},
    ),
    "Premera, visit 7, requested": (
        "premera",
        own("premera", 6, **filed("premera", **ASKED)),
        {PA: "unmet/hold"},
    ),
    "Premera, visit 7, covered": (
        "premera",
        own("premera", 6, **filed("premera")),
        {PA: "met/none"},
    ),
    "Premera, visit 7, denied": (
        "premera",
        own("premera", 6, **filed("premera", **{**ASKED, "status": "denied"})),
        {PA: "unmet/block"},
    ),
    "Premera, visit 7, used up": (
        "premera",
        own("premera", 6, **filed("premera", visits=6)),
        {PA: "unmet/block", "actions": ["request-extension"]},
    ),
    "Premera, visit 7, half an approval": (
        "premera",
        own("premera", 6, **filed("premera", visits=...)),
        {PA: "unknown/hold"},
    ),
    "Premera, visit 7, not required": (
        "premera",
        own("premera", 6, **filed("premera", kind="not-required")),
        {PA: "met/none"},
    ),
    "Premera, visits unknown": ("premera", {"visits": ...}, {PA: "unknown/hold"}),
    "Premera, visits unknown, not required": (
        "premera",
        {"visits": ..., **filed("premera", kind="not-required")},
        {PA: "met/none"},
    ),
    "Premera, unconfirmed": (
        "premera",
        own("premera", 6, **{"coverages.0.staff_confirmed": False}),
        {PA: "unmet/hold"},
    ),
    # PRM-01 and its end
    "Premera 2018-06-07, visit 6": (
        "premera",
        dated("2018-06-07", *SIX[:5]),
        {PA: "-"},
    ),
    "Premera 2018-06-07, visit 7": (
        "premera",
        dated("2018-06-07", *SIX),
        {PA: "unmet/block", f"rule {PA}": "PRM-02"},
    ),
    "Premera 2018-06-06, visit 7": (
        "premera",
        dated("2018-06-06", *SIX),
        {PA: "unmet/block", f"rule {PA}": "PRM-01"},
    ),
    "Premera 2018-06-06, visit 6": (
        "premera",
        dated("2018-06-06", *SIX[:5]),
        {PA: "unmet/hold", f"rule {PA}": "PRM-01"},
    ),
    "used up and lapsed": (
        "premera",
        own("premera", 6, **filed("premera", visits=6, from_="2026-10-01", to="2026-12-01")),
        {PA: "unmet/block", "actions": ["request-extension"]},
    ),
    "Premera 2016-06-30": ("premera", dated("2016-06-30", *SIX), {PA: "-"}),
    "an exempt employer is hearsay": (
        "premera",
        dated("2018-06-06", *SIX, **{"coverages.0.plan": "Microsoft Corporation"}),
        {"waivers": ["PRM-01 doubtful"], PA: "unknown/hold"},
    ),
    "and no longer after 2018-06-06": (
        "premera",
        dated("2018-06-07", *SIX, **{"coverages.0.plan": "Microsoft"}),
        {"waivers": [], PA: "unmet/block"},
    ),
    # KPW-01: from visit 1, no grace
    "Kaiser, visit 1, nothing": (
        "kaiser",
        NONE,
        {PA: "unmet/hold", "outcome": "hold", "actions": ["request-authorization"]},
    ),
    "Kaiser, visit 1, covered": ("kaiser", {}, {PA: "met/none", "outcome": "allow"}),
    "Kaiser, visit 1, requested": ("kaiser", filed("kaiser", **ASKED), {PA: "unmet/hold"}),
    "Kaiser, visit 6": ("kaiser", own("kaiser", 5, **NONE), {PA: "unmet/hold"}),
    "Kaiser, visit 7, fully insured": ("kaiser", own("kaiser", 6, **NONE), {PA: "unmet/block"}),
    "Kaiser, visit 7, requested": (
        "kaiser",
        own("kaiser", 6, **filed("kaiser", **ASKED)),
        {PA: "unmet/hold"},
    ),
    "Kaiser, visit 7, self-insured": (
        "kaiser",
        own("kaiser", 6, **NONE, **SELF),
        {PA: "unmet/hold"},
    ),
    "Kaiser, visit 7, funding unknown": (
        "kaiser",
        own("kaiser", 6, **NONE, **{"coverages.0.funding": ...}),
        {PA: "unmet/hold"},
    ),
    "Kaiser, visit 7, out of network": (
        "kaiser",
        own("kaiser", 6, **NONE, **out("kaiser")),
        {PA: "unmet/hold", "route": "superbill"},
    ),
    "Kaiser, visit 7, unconfirmed": (
        "kaiser",
        own("kaiser", 6, **NONE, **{"coverages.0.staff_confirmed": False}),
        {PA: "unmet/hold"},
    ),
    "Kaiser, authorizations unknown": ("kaiser", {"authorizations": ...}, {PA: "unknown/hold"}),
    "Group Health is Kaiser": (
        "kaiser",
        {
            "booking.payer": "Group Health",
            "coverages.0.payer": "Group Health Cooperative",
            "clinic.network": {"Kaiser Permanente": [{"status": "in"}]},
            "authorizations.0.payer": "group health",
        },
        {"payer": "kaiser", PA: "met/none", "outcome": "allow"},
    ),
}


@pytest.mark.parametrize("text", ROWS)
def test_row(text: str) -> None:
    payer, changes, expected = ROWS[text]
    decision = decide_request(request(payer, **changes), small_host(HOST))
    assert told(decision, expected) == expected


@pytest.mark.parametrize(("count", "asked"), [(3, False), (6, True)])
def test_after_a_premera_visit_the_next_ones_authorization_is_asked_for(
    count: int, asked: bool
) -> None:
    kinds = [
        kind for kind, _ in finished(request("premera", **own("premera", count)), small_host(HOST))
    ]
    assert ("request-authorization" in kinds) == asked
