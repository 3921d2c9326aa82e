"""Regence's prior authorization: REG-02 to REG-06 and REG-20, row by row."""

from __future__ import annotations

from typing import Any

import pytest

from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import (
    authorization,
    bookings,
    days,
    request,
    small_host,
    told,
    visits,
)

PA = "prior-authorization"
DUE = f"due {PA}"
SELF = {"coverages.0.funding": "self_insured"}
NOW = {"as_of": "2026-12-01T09:00:00-08:00"}
ASKED = authorization("regence", status="requested", visits=..., from_=..., to=...)
DENIED = {**ASKED, "status": "denied"}

Row = tuple[dict[str, Any], dict[str, Any]]


def seen(*on: str, **more: Any) -> dict[str, Any]:
    """Visits of November 2026, given by their day."""
    return {"visits": visits("regence", *(f"2026-11-{day}" for day in on)), **more}


def approved(count: Any = 4, **more: Any) -> dict[str, Any]:
    return authorization("regence", visits=count, **more)


#: REG-03: seven calendar days from the first visit, the seventh included.
CLOCK: dict[str, Row] = {
    "visit 1, nothing asked": ({}, {PA: "due/none", DUE: "2026-12-15", "outcome": "allow"}),
    "visit 1 asks for action": ({}, {"actions": ["request-authorization"], "visit_number": 1}),
    "day 0 of a second visit": (
        seen("30", as_of="2026-11-30T18:00:00-08:00"),
        {PA: "unmet/hold", DUE: "2026-12-07", "actions": ["request-authorization"]},
    ),
    "day 6": (seen("25"), {PA: "unmet/hold", DUE: "2026-12-02", "outcome": "hold"}),
    "day 7 is in time": (seen("24"), {PA: "unmet/hold", DUE: "2026-12-01"}),
    "day 7, its last minute": (
        seen("24", as_of="2026-12-01T23:59:59-08:00"),
        {PA: "unmet/hold"},
    ),
    "day 7 by the clinic's clock": (
        seen("24", as_of="2026-12-02T07:59:00+00:00"),
        {PA: "unmet/hold"},
    ),
    "day 8 blocks": (seen("23"), {PA: "unmet/block", DUE: "2026-11-30", "outcome": "block"}),
    "day 8, its first minute": (seen("24", as_of="2026-12-02T00:00:00-08:00"), {PA: "unmet/block"}),
    "the first visit starts the clock": (seen("20", "30"), {PA: "unmet/block", "visit_number": 3}),
    "a standing first visit too": (
        {"upcoming": bookings("regence", "2026-12-03T10:00:00-08:00")},
        {PA: "unmet/hold", DUE: "2026-12-10", "visit_number": 2},
    ),
    "weekends and holidays count": (
        seen("25", as_of="2026-12-03T09:00:00-08:00"),
        {PA: "unmet/block"},
    ),
}
#: What is on file, at a second visit long after the seven days.
ON_FILE: dict[str, Row] = {
    "requested holds": ({"authorizations": [ASKED]}, {PA: "unmet/hold"}),
    "requested is chased": ({"authorizations": [ASKED]}, {"actions": ["chase-authorization"]}),
    "pended holds": ({"authorizations": [{**ASKED, "status": "pended"}]}, {PA: "unmet/hold"}),
    "denied blocks": ({"authorizations": [DENIED]}, {PA: "unmet/block", "actions": ["appeal"]}),
    "asked whether one is required": (
        {"authorizations": [{**ASKED, "kind": "not-required"}]},
        {PA: "unmet/hold", "actions": ["chase-authorization"]},
    ),
    "whether one is required, answer not recorded": (
        {"authorizations": [{**ASKED, "kind": "not-required", "status": None}]},
        {PA: "unknown/hold"},
    ),
    "one is required": (
        {"authorizations": [{**ASKED, "kind": "not-required", "status": "denied"}]},
        {PA: "unmet/block"},
    ),
    "of a kind that nobody recorded": (
        {"authorizations": [approved(kind=...)]},
        {PA: "unknown/hold"},
    ),
    "void is as none": (
        {"authorizations": [{**ASKED, "status": "void"}]},
        {PA: "unmet/block", "actions": ["request-authorization"]},
    ),
    "a denial of this payer's other kind": (
        {"authorizations": [{**DENIED, "kind": "clinic-approval"}]},
        {PA: "unmet/block", "actions": ["request-authorization"]},
    ),
    "another payer's approval": (
        {"authorizations": [{**approved(), "payer": "premera"}]},
        {PA: "unmet/block"},
    ),
    "approved under another name": (
        {"authorizations": [{**approved(), "payer": "Regence BlueShield"}]},
        {PA: "met/none", "outcome": "allow"},
    ),
    "approved without visits": ({"authorizations": [approved(...)]}, {PA: "unknown/hold"}),
    "approved without an end": ({"authorizations": [approved(to=...)]}, {PA: "unknown/hold"}),
    "approved without a beginning": (
        {"authorizations": [approved(from_=...)]},
        {PA: "unknown/hold"},
    ),
    "approved to the day": ({"authorizations": [approved(to="2026-12-08")]}, {PA: "met/none"}),
    "approved to the eve": ({"authorizations": [approved(to="2026-12-07")]}, {PA: "unmet/block"}),
    "approved from the day": ({"authorizations": [approved(from_="2026-12-08")]}, {PA: "met/none"}),
    "approved from tomorrow": (
        {"authorizations": [approved(from_="2026-12-09")]},
        {PA: "unmet/block"},
    ),
    "not required": (
        {
            "authorizations": [
                authorization("regence", "not-required", visits=..., from_=..., to=...)
            ]
        },
        {PA: "met/none", "outcome": "allow"},
    ),
    "not required, until the eve": (
        {"authorizations": [authorization("regence", "not-required", to="2026-12-07")]},
        {PA: "unmet/block"},
    ),
    "unknown list": ({"authorizations": ...}, {PA: "unknown/hold"}),
    "unknown status": ({"authorizations": [{**ASKED, "status": None}]}, {PA: "unknown/hold"}),
    "denied, asked again later": (
        {"authorizations": [DENIED, {**ASKED, "requested_on": "2026-11-02"}]},
        {PA: "unmet/hold"},
    ),
    "denied, asked again the same day": ({"authorizations": [DENIED, ASKED]}, {PA: "unmet/hold"}),
    "asked before the denial": (
        {"authorizations": [DENIED, {**ASKED, "requested_on": "2026-10-31"}]},
        {PA: "unmet/block"},
    ),
    "asked undated": (
        {"authorizations": [DENIED, {**ASKED, "requested_on": None}]},
        {PA: "unmet/hold"},
    ),
    "an approval outweighs a later denial": (
        {"authorizations": [approved(), {**DENIED, "requested_on": "2026-11-30"}]},
        {PA: "met/none"},
    ),
    "an approval that ended before this episode": (
        {"authorizations": [approved(from_="2026-01-01", to="2026-11-14")]},
        {PA: "unmet/block", "actions": ["request-authorization"]},
    ),
    "a denial of the last episode": (
        {"authorizations": [{**DENIED, "to": "2026-11-14"}, approved()]},
        {PA: "met/none"},
    ),
}
#: REG-04 to REG-06: four first, then an extension once they are done.
COUNTS: dict[str, Row] = {
    "4 approved, visit 4": (seen(*["10", "11", "12"]), {PA: "met/none", "visit_number": 4}),
    "4 approved, visit 5": (
        seen(*["10", "11", "12", "13"]),
        {PA: "unmet/block", "rule " + PA: "REG-05", "actions": ["request-extension"]},
    ),
    "4 approved and done, its dates over": (
        seen(*["10", "11", "12", "13"], authorizations=[approved(to="2026-12-05")]),
        {PA: "unmet/block", "actions": ["request-extension"]},
    ),
    "4 approved and done, more denied": (
        seen(
            *["10", "11", "12", "13"],
            authorizations=[approved(to="2026-12-05"), {**DENIED, "requested_on": "2026-11-20"}],
        ),
        {PA: "unmet/block", "actions": ["appeal", "request-extension"]},
    ),
    "4 approved, 3 done, its dates over": (
        seen(*["10", "11", "12"], authorizations=[approved(to="2026-12-05")]),
        {PA: "unmet/block", "actions": ["request-authorization"]},
    ),
    "4 approved, 3 done and 1 booked": (
        seen(
            *["10", "11", "12"],
            upcoming=bookings("regence", "2026-12-04T10:00:00-08:00"),
        ),
        {PA: "unmet/block", "actions": [], "visit_number": 5},
    ),
    "a booking at the same start counts before": (
        seen(
            *["10", "11", "12"],
            upcoming=bookings("regence", "2026-12-08T10:00:00-08:00"),
        ),
        {PA: "unmet/block", "visit_number": 5},
    ),
    "a later booking does not": (
        seen(
            *["10", "11", "12"],
            upcoming=bookings("regence", "2026-12-08T10:30:00-08:00"),
        ),
        {PA: "met/none", "visit_number": 4},
    ),
    "4 used, 3 more approved": (
        seen(*["10", "11", "12", "13"], authorizations=[approved(4), approved(3, number="A2")]),
        {PA: "met/none"},
    ),
    "7 used up": (
        seen(
            *["10", "11", "12", "13", "14", "15", "16"],
            authorizations=[approved(4), approved(3, number="A2")],
        ),
        {PA: "unmet/block", "rule " + PA: "REG-05"},
    ),
    "used up and more asked": (
        seen(*["10", "11", "12", "13"], authorizations=[approved(4), ASKED]),
        {PA: "unmet/hold"},
    ),
    "only visits within its dates use it up": (
        seen(*["10", "11", "12", "13"], authorizations=[approved(4, from_="2026-11-12")]),
        {PA: "met/none", "visit_number": 5},
    ),
    "another payer's visits do not": (
        {"visits": visits("premera", *days(6)) + visits("regence", "2026-11-20")},
        {PA: "met/none", "visit_number": 2},
    ),
    "another clinic's do not": (
        {"visits": visits("regence", *days(6), provider="other")},
        {PA: "met/none", "visit_number": 1},
    ),
    "other care does not": (
        {"visits": visits("regence", *days(6), modality="acupuncture")},
        {PA: "met/none", "visit_number": 1},
    ),
    "the plan's 24 visits give no more": (
        seen(*["10", "11", "12", "13"], **{"coverages.0.visit_limit": 24}),
        {PA: "unmet/block", "benefit": "met/none"},
    ),
    "unknown visits": ({"visits": ...}, {PA: "unknown/hold", "visit_number": None}),
    "unknown bookings": ({"upcoming": ...}, {PA: "unknown/hold", "visit_number": None}),
}
#: Visit 1 of an episode.
FIRST: dict[str, Row] = {
    "requested": (
        {"authorizations": [ASKED]},
        {PA: "due/none", "actions": ["chase-authorization"]},
    ),
    "missing list": ({"authorizations": ...}, {PA: "due/none", "outcome": "allow"}),
    "denied": ({"authorizations": [DENIED]}, {PA: "unmet/block"}),
    "denied and asked again": ({"authorizations": [DENIED, ASKED]}, {PA: "unmet/hold"}),
    "denied in an earlier episode": (
        {"authorizations": [{**DENIED, "from": "2026-01-01", "to": "2026-06-01"}]},
        {PA: "due/none", "outcome": "allow"},
    ),
    "approved": ({"authorizations": [approved()]}, {PA: "met/none"}),
    "91 days after the last visit": (
        {"visits": visits("regence", "2026-09-08")},
        {PA: "due/none", "visit_number": 1, DUE: "2026-12-15"},
    ),
    "90 days after it is visit 2": (
        {"visits": visits("regence", "2026-09-09")},
        {PA: "unmet/block", "visit_number": 2, DUE: "2026-09-16"},
    ),
    "coverage not confirmed": (
        {"coverages.0.staff_confirmed": False},
        {PA: "due/none", "coverage": "unknown/hold", "outcome": "hold"},
    ),
}


def check(row: Row, **base: Any) -> None:
    changes, expected = row
    decision = decide_request(
        request("regence", **{**SELF, **base, **changes}), small_host("regence")
    )
    assert told(decision, expected) == expected


@pytest.mark.parametrize("text", CLOCK)
def test_seven_days(text: str) -> None:
    check(CLOCK[text])


@pytest.mark.parametrize("text", ON_FILE)
def test_what_is_on_file(text: str) -> None:
    check(ON_FILE[text], visits=visits("regence", "2026-11-15"))


@pytest.mark.parametrize("text", COUNTS)
def test_counting(text: str) -> None:
    check(COUNTS[text], authorizations=[approved()])


@pytest.mark.parametrize("text", FIRST)
def test_first_visit(text: str) -> None:
    check(FIRST[text])
