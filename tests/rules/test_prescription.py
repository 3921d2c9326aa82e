"""Codes of the release in force, the best of several prescriptions, and how old one may be."""

import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from massage_ins_bridge.rulebook.overrides import read_overrides
from massage_ins_bridge.rulebook.schema import RuleDataError
from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import (
    chart_of,
    host_of,
    request,
    shown,
    small_host,
    told,
)

RX, DX = "prescriptions.0", "prescription.diagnosis"


@pytest.mark.parametrize(
    ("code", "day", "valid"),
    [
        *(("M54.5", "2021-09-30", True), ("M54.5", "2021-10-01", False)),
        *(("M54.50", "2021-09-30", False), ("M54.50", "2021-10-01", True)),
        *(("M79.1", "2018-09-30", True), ("M79.1", "2018-10-01", False)),
        ("M79.18", "2018-10-01", True),
    ],
)
def test_a_code_is_that_of_the_release_in_force(code: str, day: str, valid: bool) -> None:
    start, as_of = (f"{day}T{hour}:00:00-07:00" for hour in ("10", "08"))
    times = {"booking.start": start, "booking.end": ..., "as_of": as_of}
    paper = {f"{RX}.signed_on": day, f"{RX}.received_on": day, f"{RX}.diagnoses": [code]}
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
    costly = {item["key"] for item in decision["requirements"] if item["effect"] != "none"}
    assert costly <= {"core.rules-review"}  # how old a rule's source is, no paper changes


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
    expected = {"outcome": "hold", "prescription.signature": "unmet/hold"}
    assert told(decision, expected) == expected


def test_an_uploaded_paper_is_judged_field_by_field_beside_others() -> None:
    """Read anew from the record, filed or only being filed, and before staff has confirmed it."""
    papers = [{"id": "rx2", "signed_on": "2026-10-01", "visits": 4}]
    made = request("cigna", **{"prescriptions.1": papers[0], f"{RX}.signed": False})
    host = small_host("out-of-network")
    case = host.case(chart_of(made))
    (first, _) = chart_of(made).prescriptions or ()
    for paper in (first, replace(first, id="rx3"), replace(first, staff_confirmed=None)):
        answer, failed = host.prescription_upload(case, paper)
        assert failed == ()
        found = {item.field: item.status for item in answer.findings}
        assert (found["prescription.signature"], found[DX]) == ("unmet", "met")
        assert found["prescription"] == ("met" if paper.staff_confirmed else "unknown")


AGE = """
[[rules]]
plugin = "premera"
id = "OQ-9"
source = "our choice"
text = "A prescription is good for 39 days."
values = { max_age_days = 39 }
"""


@pytest.mark.parametrize(("age", "stands"), [(39, "unmet/hold"), (40, "met/none")])
def test_a_clinic_sets_how_old_a_prescription_may_be(age: int, stands: str, tmp_path: Path) -> None:
    """For a payer whose plugin says nothing of it. The one of the test is forty days old."""
    file = tmp_path / "own.toml"
    file.write_text(AGE.replace("39", str(age)), encoding="utf-8")
    made = decide_request(request("premera"), host_of("premera", overrides=read_overrides(file)))
    assert shown(made, "prescription.current") == stands


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ("{ max_age_days = [39] }", "'values.max_age_days' must be a whole number, not a list"),
        ("{ max_age = 39 }", "'values.max_age_days' is missing; it is a whole number"),
        ("{}", "'values.max_age_days' is missing; it is a whole number"),
    ],
)
def test_what_the_shared_rules_read_is_asked_for(values: str, said: str, tmp_path: Path) -> None:
    """Without it they would fail at each booking of the payer."""
    file = tmp_path / "own.toml"
    file.write_text(AGE.replace("{ max_age_days = 39 }", values), encoding="utf-8")
    with pytest.raises(RuleDataError) as caught:
        host_of("premera", overrides=read_overrides(file))
    assert said in str(caught.value)
