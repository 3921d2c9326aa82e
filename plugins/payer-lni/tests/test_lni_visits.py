"""L&I: what each visit of the claim needs (LNI-05, -06), and progress reports (LNI-03, -04)."""

from __future__ import annotations

from typing import Any

import pytest

from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import (
    authorization,
    days,
    finished,
    host_of,
    request,
    small_host,
    told,
    visits,
)

PA, REPORT = "prior-authorization", "progress-report"
FORM, MANAGER = "lni-f245-417", "lni-claim-manager"
BARE: dict[str, Any] = {"visits": ..., "from_": ..., "to": ...}


def done(count: int, **more: Any) -> dict[str, Any]:
    return {"visits": visits("lni", *days(count)), **more}


def paper(kind: str, **more: Any) -> dict[str, Any]:
    return {"authorizations": [authorization("lni", kind, **{**BARE, **more})]}


def report(on: str, improvement: bool | None = True) -> dict[str, Any]:
    return {"progress_reports": [{"on": on, "payer": "lni", "improvement": improvement}]}


Row = tuple[dict[str, Any], dict[str, Any]]
NEEDS: dict[str, Row] = {
    "visit 1": ({}, {PA: "-", "visit_number": 1}),
    "visit 6": (done(5), {PA: "-", "visit_number": 6}),
    "visit 7, nothing": (
        done(6),
        {PA: "unmet/block", "visit_number": 7, "self_pay_offered": False},
    ),
    "visit 7, form": (done(6, **paper(FORM)), {PA: "met/none"}),
    "visit 7, form asked": (done(6, **paper(FORM, status="requested")), {PA: "unmet/hold"}),
    "visit 7, form pended": (done(6, **paper(FORM, status="pended")), {PA: "unmet/hold"}),
    "visit 7, form denied": (done(6, **paper(FORM, status="denied")), {PA: "unmet/block"}),
    "visit 7, form void": (done(6, **paper(FORM, status="void")), {PA: "unmet/block"}),
    "visit 7, claim manager": (done(6, **paper(MANAGER, visits=20)), {PA: "unmet/block"}),
    "visit 7, another kind": (
        done(6, **paper("prior-authorization", visits=20)),
        {PA: "unmet/block"},
    ),
    "visit 7, not required": (done(6, **paper("not-required")), {PA: "met/none"}),
    "visit 7, form until the eve": (done(6, **paper(FORM, to="2026-12-07")), {PA: "unmet/block"}),
    "visit 7, form to the day": (done(6, **paper(FORM, to="2026-12-08")), {PA: "met/none"}),
    "visit 8, form for one": (done(7, **paper(FORM, visits=1)), {PA: "unmet/block"}),
    "visit 8, form for two": (done(7, **paper(FORM, visits=2)), {PA: "met/none"}),
    "the six before it do not use the form up": (
        done(6, **paper(FORM, visits=1)),
        {PA: "met/none"},
    ),
    "visit 12, form": (done(11, **paper(FORM)), {PA: "met/none", "visit_number": 12}),
    "visit 13, form": (done(12, **paper(FORM)), {PA: "unmet/block", "visit_number": 13}),
    "visit 13, nothing": (done(12), {PA: "unmet/block", "outcome": "block"}),
    "visit 13, claim manager, visits": (done(12, **paper(MANAGER, visits=6)), {PA: "met/none"}),
    "visit 13, claim manager, dates": (
        done(12, **paper(MANAGER, to="2027-01-31")),
        {PA: "met/none"},
    ),
    "visit 13, claim manager, neither": (done(12, **paper(MANAGER)), {PA: "unknown/hold"}),
    "visit 13, claim manager asked": (
        done(12, **paper(MANAGER, status="requested")),
        {PA: "unmet/hold"},
    ),
    "visit 14, claim manager for one": (done(13, **paper(MANAGER, visits=1)), {PA: "unmet/block"}),
    "visits unknown": ({"visits": ...}, {PA: "unknown/hold", REPORT: "unknown/hold"}),
    "authorizations unknown": (done(6, authorizations=...), {PA: "unknown/hold"}),
    # LNI-06: counted by claim
    "months between do not start anew": (
        {"visits": visits("lni", *(f"2026-03-0{day}" for day in range(1, 7)))},
        {PA: "unmet/block", "visit_number": 7},
    ),
    "another claim's visits": (
        {"visits": visits("lni", *days(6), claim_number="A999999")},
        {PA: "-", "visit_number": 1},
    ),
    "this claim's visits": (
        {"visits": visits("lni", *days(6), claim_number="AB12345")},
        {PA: "unmet/block", "visit_number": 7},
    ),
    "another clinic's visits": (
        {"visits": visits("lni", *days(6), provider="other")},
        {PA: "-", "visit_number": 1},
    ),
}
FIRST = "2026-11-10"
REPORTS: dict[str, Row] = {
    "no visit yet: a month from the first": (
        {},
        {REPORT: "due/none", f"due {REPORT}": "2027-01-08", "outcome": "allow"},
    ),
    "five done": (done(5), {REPORT: "due/none", f"due {REPORT}": "2026-12-10"}),
    "six done": (done(6), {REPORT: "unmet/hold", f"due {REPORT}": "2026-11-15"}),
    "six done, on the day of the sixth": (
        {"visits": visits("lni", *days(6, 24)), "as_of": "2026-11-29T23:00:00-08:00"},
        {REPORT: "due/none", f"due {REPORT}": "2026-11-29"},
    ),
    "six done, reported that day": (
        done(6, **report("2026-11-15"), **paper(FORM)),
        {REPORT: "met/none", "outcome": "allow"},
    ),
    "six done, reported the day before": (
        done(6, **report("2026-11-14")),
        {REPORT: "unmet/hold", f"due {REPORT}": "2026-11-15"},
    ),
    "twelve done, one report": (
        done(12, **report("2026-11-16"), **paper(MANAGER, visits=9)),
        {REPORT: "unmet/hold", f"due {REPORT}": "2026-11-21"},
    ),
    "twelve done, reported since": (
        done(12, **report("2026-11-21"), **paper(MANAGER, visits=9)),
        {REPORT: "met/none", "outcome": "allow"},
    ),
    "a month, its last day": (
        {"visits": visits("lni", "2026-11-01")},
        {REPORT: "due/none", f"due {REPORT}": "2026-12-01"},
    ),
    "a month, passed": (
        {"visits": visits("lni", "2026-10-31")},
        {REPORT: "unmet/hold", f"due {REPORT}": "2026-11-30"},
    ),
    "a month, reported": (
        {"visits": visits("lni", "2026-10-31"), **report("2026-11-05")},
        {REPORT: "met/none"},
    ),
    "reports unknown": (done(6, progress_reports=...), {REPORT: "unknown/hold"}),
    "reports unknown, none owed yet": (
        {"visits": visits("lni", FIRST), "progress_reports": ...},
        {REPORT: "due/none"},
    ),
    "another payer's report": (
        done(6, progress_reports=[{"on": "2026-11-20", "payer": "pip", "improvement": True}]),
        {REPORT: "unmet/hold"},
    ),
    "under another name": (
        done(6, progress_reports=[{"on": "2026-11-20", "payer": "WA L&I", "improvement": True}]),
        {REPORT: "met/none"},
    ),
    "no improvement, visit 7": (
        done(6, **report("2026-11-20", improvement=False)),
        {REPORT: "unmet/hold"},
    ),
    "no improvement, visit 6": (
        done(5, **report("2026-11-20", improvement=False)),
        {REPORT: "met/none", "outcome": "allow"},
    ),
    "silent on improvement, visit 7": (
        done(6, **report("2026-11-20", None)),
        {REPORT: "unmet/hold"},
    ),
    "silent on improvement, visit 3": (
        {"visits": visits("lni", "2026-10-20", "2026-10-25"), **report("2026-11-10", None)},
        {REPORT: "met/none"},
    ),
    "improvement since": (
        done(
            6,
            progress_reports=[
                {"on": "2026-11-20", "payer": "lni", "improvement": False},
                {"on": "2026-11-25", "payer": "lni", "improvement": True},
            ],
        ),
        {REPORT: "met/none"},
    ),
}
FORM_IN_TIME: dict[str, tuple[dict[str, Any], bool]] = {
    "visit 4": (done(3), False),
    "visit 5": (done(4), True),
    "visit 6": (done(5), True),
    "visit 6, on file": (done(5, **paper(FORM, status="requested")), False),
    "visit 6, void": (done(5, **paper(FORM, status="void")), True),
}


def check(row: Row) -> None:
    changes, expected = row
    assert told(decide_request(request("lni", **changes), small_host("lni")), expected) == expected


@pytest.mark.parametrize("text", NEEDS)
def test_what_a_visit_needs(text: str) -> None:
    check(NEEDS[text])


@pytest.mark.parametrize("text", REPORTS)
def test_progress_reports(text: str) -> None:
    check(REPORTS[text])


@pytest.mark.parametrize("text", FORM_IN_TIME)
def test_the_form_goes_out_before_the_sixth_visit(text: str) -> None:
    changes, sent = FORM_IN_TIME[text]
    decision = decide_request(request("lni", **changes), small_host("lni"))
    assert ("send-lni-form" in [action["kind"] for action in decision["actions"]]) == sent
    after = [kind for kind, _ in finished(request("lni", **changes), small_host("lni"))]
    assert ("send-lni-form" in after) == sent


def test_the_numbers_are_rule_data() -> None:
    """A clinic that is told otherwise changes its own file, not the plugin."""
    table = {
        "plugin": "lni",
        "id": "LNI-05",
        "source": "x",
        "values": {"form_from_visit": 9, "send_form_from_visit": 7},
    }
    host = host_of("lni", overrides=[table])
    for count, stands in ((7, "-"), (8, "unmet/block")):
        decision = decide_request(request("lni", **done(count)), host)
        assert told(decision, [PA]) == {PA: stands}
    decision = decide_request(request("lni", **done(7)), host)
    (form,) = [item for item in decision["actions"] if item["kind"] == "send-lni-form"]
    assert "visits 7-12" not in form["message"]
