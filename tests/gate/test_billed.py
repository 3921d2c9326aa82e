"""Who is billed, by which coverage, and who pays before them."""

from datetime import date
from typing import Any

import pytest

from massage_ins_bridge.api import Case, Coverage, in_force
from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import chart_of, days, request, small_host, visits

CIGNA = {"payer": "cigna", "position": "primary", "staff_confirmed": True}
AETNA = {"payer": "aetna", "position": "secondary", "staff_confirmed": True}


def case(payer: str = "cigna", /, **changes: Any) -> Case:
    return small_host("out-of-network", "lni").case(chart_of(request(payer, **changes)))


UNNAMED = {"booking.payer": None}
TWO = [CIGNA, {**AETNA, "position": "primary"}]
#: By what a booking says: changes, who is billed and by which coverage, a word of the problem.
BILLED: dict[str, tuple[dict[str, Any], str | None, str | None, str]] = {
    "named, the only one": ({"coverages": [CIGNA]}, "cigna", "cigna", ""),
    "named, beside another": ({"coverages": [AETNA, CIGNA]}, "cigna", "cigna", ""),
    "named, the secondary": (
        {"booking.payer": "aetna", "coverages": [CIGNA, AETNA]},
        *("aetna", "aetna", ""),
    ),
    "named by an alias": ({"booking.payer": "Cigna Healthcare"}, "cigna", "cigna", ""),
    "named, not among them": ({"coverages": [AETNA]}, "cigna", None, "not on file"),
    "named twice, one primary": (
        {"coverages": [CIGNA, {**CIGNA, "position": "secondary"}]},
        *("cigna", None, "compete"),
    ),
    "named twice, one ended": (
        {"coverages": [CIGNA, {**CIGNA, "to": "2020-01-01"}]},
        *("cigna", "cigna", ""),
    ),
    "named twice, both primary": ({"coverages": [CIGNA, CIGNA]}, "cigna", None, "compete"),
    "unnamed, one primary": ({**UNNAMED, "coverages": [AETNA, CIGNA]}, "cigna", "cigna", ""),
    "unnamed, only a secondary": ({**UNNAMED, "coverages": [AETNA]}, "aetna", "aetna", ""),
    "unnamed, two primaries": ({**UNNAMED, "coverages": TWO}, None, None, "two coverages say pr"),
    "unnamed, no primary, one payer": (
        {**UNNAMED, "coverages": [AETNA] * 2},
        *("aetna", None, "no coverage says"),
    ),
    "unnamed, no primary, two payers": (
        {**UNNAMED, "coverages": [AETNA, {**CIGNA, "position": "secondary"}]},
        *(None, None, "no coverage says"),
    ),
    "unnamed, one in force": (
        {**UNNAMED, "coverages": [{**CIGNA, "to": "2026-12-07"}, AETNA]},
        *("aetna", "aetna", ""),
    ),
    "unnamed, the only one ended": (
        {**UNNAMED, "coverages": [{**CIGNA, "to": "2026-12-07"}]},
        *("cigna", "cigna", ""),
    ),
    "unnamed, beside an injury claim": (
        {**UNNAMED, "coverages": [CIGNA, {"payer": "lni", "position": "primary"}]},
        *("cigna", "cigna", ""),
    ),
    "unnamed, none": ({**UNNAMED, "coverages": []}, None, None, "no coverage"),
    "unnamed, unknown": ({**UNNAMED, "coverages": ...}, None, None, "not known"),
    "a coverage without a payer": (
        {**UNNAMED, "coverages": [{"position": "primary"}]},
        *(None, None, "names no payer"),
    ),
}


@pytest.mark.parametrize("text", BILLED)
def test_who_is_billed(text: str) -> None:
    changes, payer, covered, problem = BILLED[text]
    found = case(**changes)
    assert (found.payer.key if found.payer else None) == payer
    assert (found.coverage.payer if found.coverage and found.payer else None) == covered
    assert problem in found.coverage_problem
    assert bool(found.coverage_problem) == bool(problem)


def by_plan(*coverages: dict[str, Any]) -> Case:
    """A booking that names its payer by a plan, over these coverages."""
    made = request("regence", **{"booking.payer": "Uniform Medical Plan"})
    made["coverages"] = [{"payer": "regence", "staff_confirmed": True, **c} for c in coverages]
    return small_host("regence").case(chart_of(made))


def test_a_plan_that_only_the_booking_names_is_the_clients_word() -> None:
    found = by_plan({}).coverage
    assert found is not None
    assert (found.plan, found.staff_confirmed) == ("Uniform Medical Plan", False)
    found = by_plan({"plan": "Regence Innova"}).coverage
    assert found is not None
    assert (found.plan, found.staff_confirmed) == ("Regence Innova", True)


def test_of_two_coverages_the_one_of_the_plan_named_is_billed() -> None:
    uniform = {"plan": "uniform medical  plan", "member_id": "U"}
    for coverages in ([{"plan": "Innova"}, uniform], [uniform, {"plan": "Innova"}]):
        found = by_plan(*coverages).coverage
        assert found is not None
        assert (found.member_id, found.staff_confirmed) == ("U", True)
    assert by_plan({"plan": "Innova"}, {"plan": "Other"}).coverage is None


def test_a_payer_that_nobody_serves_is_named_as_written() -> None:
    found = case("Acme Health")
    assert found.payer is not None
    assert found.payer.name == "Acme Health"
    assert not found.payer.served
    assert "Acme Health" in found.coverage_problem


@pytest.mark.parametrize(
    ("begin", "end", "there"),
    [
        *((None, None, True), ("2026-12-08", "2026-12-08", True), ("2026-12-09", None, False)),
        *((None, "2026-12-07", False), ("2026-01-01", "2026-12-31", True)),
    ],
)
def test_a_coverage_is_in_force_between_its_days(
    begin: str | None, end: str | None, there: bool
) -> None:
    first, last = (date.fromisoformat(day) if day else None for day in (begin, end))
    assert in_force(Coverage(from_=first, to=last), date(2026, 12, 8)) is there


SECONDARY = {**CIGNA, "position": "secondary"}
FIRST = {**AETNA, "position": "primary"}
PRIMARIES: dict[str, tuple[list[dict[str, Any]], list[str]]] = {
    "one": ([SECONDARY, FIRST], ["aetna"]),
    "two": ([SECONDARY, FIRST, {**FIRST, "payer": "uhc"}], ["aetna", "uhc"]),
    "one that ended": ([SECONDARY, {**FIRST, "to": "2026-12-07"}], []),
    "of the same payer": ([SECONDARY, {**CIGNA, "to": "2026-12-07"}], []),
    "an injury claim": ([SECONDARY, {**FIRST, "payer": "lni"}], []),
    "where the primary is billed": ([CIGNA, FIRST], []),
}


@pytest.mark.parametrize("text", PRIMARIES)
def test_who_pays_before_a_secondary_plan(text: str) -> None:
    coverages, payers = PRIMARIES[text]
    assert [c.payer for c in case(coverages=coverages).primaries] == payers


def test_who_might_be_billed_is_remembered_where_it_is_not_known() -> None:
    found = case(**UNNAMED, coverages=TWO)
    assert {payer.key for payer in found.candidates} == {"aetna", "cigna"}


@pytest.mark.parametrize(
    ("named", "plan", "payer"),
    [
        ("FEP", None, "regence"),
        ("FEP", "Premera Blue Cross FEP Standard", "premera"),
        ("HMA", None, "regence"),
    ],
)
def test_a_plans_name_as_payer(named: str, plan: str | None, payer: str) -> None:
    """A federal employee's plan is Regence's, or Premera's where the plan says so."""
    made = request("regence", **{"booking.payer": None, "coverages.0.plan": plan})
    made["coverages"][0]["payer"] = named
    found = small_host("regence", "premera").case(chart_of(made))
    assert found.payer is not None
    assert found.payer.key == payer


def test_a_health_plan_is_billed_first_and_is_not_held_for_the_programs_claim() -> None:
    """The program pays last: its claim is no reason to hold what the plan pays for."""
    host = small_host("crime-victims", "regence")
    made = request("regence")
    claim = request("crime-victims")["coverages"][0]
    made["coverages"].append({**claim, "position": "secondary"})
    decision = decide_request(made, host)
    assert (decision["payer"], decision["outcome"]) == ("regence", "allow")


def test_what_the_plan_left_is_billed_by_the_plans_rules_too() -> None:
    host = small_host("crime-victims", "regence")
    made = request("crime-victims", visits=visits("regence", *days(8)))
    made["coverages"][0]["position"] = "secondary"
    made["coverages"].append(request("regence")["coverages"][0])
    made["clinic"]["network"]["regence"] = [{"status": "in", "from": "2015-01-01"}]
    asked = {(r["payer"], r["key"]) for r in decide_request(made, host)["requirements"]}
    assert ("regence", "prior-authorization") in asked
    assert ("crime-victims", "crime-victims.other-insurance") in asked
