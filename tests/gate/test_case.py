"""Who is billed, in which network, on which day: what is known before any rule speaks."""

from dataclasses import fields
from typing import Any

import pytest

from massage_ins_bridge.api import Case, NoRuleError
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
    assert "NET-02" not in found.rules
    assert "NET-02" in found.for_plugin("out-of-network").rules
    assert found.for_plugin("nobody").rules == {}
    assert found.payer_rule("OQ-6") is not None
    assert found.payer_rule(None) is None
    assert found.payer_rule("LNI-02") is None


PRIMARY = {"payer": "aetna", "position": "primary", "staff_confirmed": True}


def test_the_primary_payer_sees_its_own_visits_and_papers() -> None:
    """And not those of the secondary one that is billed."""
    seen = visits("cigna", *days(2)) + visits("aetna", *days(3))
    papers = [authorization("cigna"), authorization("aetna", number="A2")]
    made = case(
        visits=seen,
        authorizations=papers,
        **{"coverages.0.position": "secondary"},
        **{"coverages.1": PRIMARY},
    )
    (primary,) = made.primaries
    beside = made.of_primary(primary)
    assert (made.visit_number, beside.visit_number) == (3, 4)
    assert [a.number for a in made.authorizations or ()] == ["A1"]
    assert [a.number for a in beside.authorizations or ()] == ["A2"]
    assert (made.network, beside.network) == ("in", None)
    assert beside.beside
    assert not made.beside


@pytest.mark.parametrize(
    ("payer", "changes", "binds"),
    [
        ("cigna", {}, True),
        ("cigna", {"clinic.network.cigna": [{"status": "out"}]}, False),
        ("cigna", {"clinic.network": {}}, False),
        ("pip", {"clinic.network": {}}, True),
        ("acme", {}, True),
    ],
)
def test_the_payers_word_decides_in_network_or_where_none_matters(
    payer: str, changes: dict[str, Any], binds: bool
) -> None:
    made = small_host("out-of-network", "pip").case(chart_of(request(payer, **changes)))
    assert made.must_answer is binds


def test_what_is_booked_later_is_known_in_order_of_days() -> None:
    times = ("2026-12-20", "2026-12-10", "2026-12-01")
    booked = bookings("cigna", *(f"{day}T10:00:00-08:00" for day in times))
    other = bookings("cigna", "2026-12-15T10:00:00-08:00", modality="acupuncture")
    made = case(upcoming=[*booked, *other])
    assert [str(entry.day) for entry in made.later or ()] == ["2026-12-10", "2026-12-20"]
    assert [str(entry.day) for entry in made.booked or ()] == ["2026-12-01"]
    assert {entry.done for entry in made.later or ()} == {False}
    assert case(upcoming=...).later is None
    assert case(upcoming=[{"payer": "cigna"}]).later is None


def test_the_booking_itself_is_not_a_later_one() -> None:
    assert case(upcoming=bookings("cigna", "2026-12-08T10:00:00-08:00")).later == ()


def test_a_plugin_without_rules_is_told_so_by_its_name() -> None:
    with pytest.raises(NoRuleError, match="'X-1' of the plugin 'bare' is absent"):
        case().for_plugin("bare").rules["X-1"]
