"""Who is billed, in which network, on which day: what is known before any rule speaks."""

from dataclasses import fields
from typing import Any

import pytest

from massage_ins_bridge.api import Authorization, Case
from massage_ins_bridge.domain.reading import read
from massage_ins_bridge.testing.requests import (
    authorization,
    bookings,
    chart_of,
    days,
    request,
    small_host,
    visits,
)

IN = [{"status": "in", "from": "2015-01-01"}]
CIGNA = {"payer": "cigna", "position": "primary", "staff_confirmed": True}
AETNA = {"payer": "aetna", "position": "secondary", "staff_confirmed": True}


def case(payer: str = "cigna", /, **changes: Any) -> Case:
    return small_host("out-of-network", "lni").case(chart_of(request(payer, **changes)))


def test_a_copy_for_a_plugin_differs_in_its_rules_alone() -> None:
    made = case()
    copy = made.for_plugin("out-of-network")
    assert copy is not made
    for item in fields(Case):
        same = getattr(copy, item.name) is getattr(made, item.name)
        assert same == (item.name != "rules"), item.name
    assert copy.rules is made.all_rules["out-of-network"]


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
    "unnamed, no primary": ({**UNNAMED, "coverages": [AETNA] * 2}, None, None, "no coverage says"),
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
    assert "no installed payer plugin serves Acme Health" in found.coverage_problem


@pytest.mark.parametrize(
    ("spans", "network"),
    [
        (IN, "in"),
        ([], None),
        ([{"status": "in", "from": "2026-12-08"}], "in"),
        ([{"status": "in", "from": "2026-12-09"}], None),
        ([{"status": "in", "to": "2026-12-08"}], "in"),
        ([{"status": "in", "to": "2026-12-07"}], None),
        ([{"status": "in", "to": "2026-12-07"}, {"status": "out", "from": "2026-12-08"}], "out"),
        ([{"status": "in"}, {"status": "in"}], "in"),
        ([{"status": "in"}, {"status": "out"}], None),
    ],
)
def test_network_on_the_day_of_service(spans: list[Any], network: str | None) -> None:
    assert case(**{"clinic.network.cigna": spans}).network == network


def test_network_under_any_of_the_payers_names() -> None:
    assert case(**{"clinic.network": {"Cigna Healthcare": IN}}).network == "in"
    both = {"cigna": IN, "Cigna Healthcare": [{"status": "out"}]}
    assert case(**{"clinic.network": both}).network is None
    assert case(**{"clinic.network": {"aetna": IN}}).network is None


@pytest.mark.parametrize(
    ("zone", "day", "today"),
    [
        (None, "2026-12-07", "2026-11-30"),
        ("America/Los_Angeles", "2026-12-07", "2026-11-30"),
        ("America/New_York", "2026-12-08", "2026-12-01"),
        ("UTC", "2026-12-08", "2026-12-01"),
    ],
)
def test_days_are_the_clinics(zone: str | None, day: str, today: str) -> None:
    times = {"booking.start": "2026-12-08T06:30:00+00:00", "as_of": "2026-12-01T06:30:00+00:00"}
    found = case(**times, **{"booking.end": ..., "clinic.timezone": zone})
    assert (str(found.date_of_service), str(found.today)) == (day, today)


def test_a_booking_is_numbered_by_its_own_payer_and_clinic() -> None:
    mixed = [
        *visits("cigna", *days(2)),
        *visits("aetna", *days(3)),
        *visits("cigna", *days(4), provider="other"),
        *visits("cigna", *days(5), modality="acupuncture"),
    ]
    found = case(visits=mixed, upcoming=bookings("Cigna Healthcare", "2026-12-04T10:00:00-08:00"))
    assert found.visit_number == 4
    assert found.chain is not None
    assert found.chain.number == 2 + 3 + 4 + 1 + 1


def test_a_plugin_sees_its_own_rules() -> None:
    found = case()
    assert "PRM-02" not in found.rules
    assert "PRM-02" in found.for_plugin("out-of-network").rules
    assert found.for_plugin("nobody").rules == {}
    assert found.payer_rule("OQ-6") is not None
    assert found.payer_rule(None) is None
    assert found.payer_rule("LNI-02") is None


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({}, [1]),
        ({"requested_on": "2026-10-30"}, [0]),
        ({"number": "a 1", "to": "2027-02-01"}, [0]),
        ({"status": "requested"}, [0]),
        ({"visits": 2}, [0]),
        ({"number": "A2"}, [0, 1]),
        ({"number": ...}, [0, 1]),
        ({"status": "denied"}, [0, 1]),
        ({"kind": "clinic-approval"}, [0, 1]),
    ],
)
def test_records_of_one_number_are_one_authorization(
    changes: dict[str, Any], kept: list[int]
) -> None:
    both = [authorization("cigna", visits=4), authorization("cigna", **{"visits": 4, **changes})]
    found = case(authorizations=both).authorizations
    known = [read(Authorization, item) for item in both]
    assert [known[index] for index in kept] == list(found or ())
