"""Washington law: which visits of an episode need no authorization, by date, funding, network and
the visits to every massage therapist. A stand-in payer asks for the authorization."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pytest

from massage_ins_bridge.api import Answer, Case, Payer, Requirement, hookimpl
from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import (
    bookings,
    days,
    finished,
    host_of,
    request,
    shown,
    told,
    visits,
)

PA = "prior-authorization"


class AsksAlways:
    """Payers that ask for an authorization at every visit; Acme Comp is not state-regulated."""

    name = value = "stand-in"
    dist = None

    def load(self) -> AsksAlways:
        return self

    @hookimpl
    def payers(self) -> list[Payer]:
        comp = Payer("acme-comp", "Acme Comp", "stand-in", state_regulated=False)
        return [Payer(key, key.title(), "stand-in") for key in ("acme", "regence")] + [comp]

    @hookimpl
    def on_booking(self, case: Case) -> Answer:
        asked = Requirement(PA, "unmet", "block", "S-1", "stand-in", "None.", "", "", "a test")
        return Answer((asked,))


@lru_cache(maxsize=1)
def host() -> Any:
    return host_of("wa-law", points=(AsksAlways(),))


def dated(day: str) -> dict[str, Any]:
    """The booking on another day, with a prescription of a week before."""
    year = day[:4]
    return {
        "booking.start": f"{day}T10:00:00-07:00",
        "booking.end": ...,
        "as_of": f"{year}-05-20T09:00:00-07:00",
        "prescriptions.0.signed_on": f"{year}-05-10",
        "prescriptions.0.received_on": f"{year}-05-11",
        "prescriptions.0.diagnoses": ["M54.2"],
    }


def waivers(payer: str = "acme", **changes: Any) -> list[str]:
    found: list[str] = shown(decide_request(request(payer, **changes), host()), "waivers")
    return found


OUT = {"clinic.network.acme": [{"status": "out"}]}
UNKNOWN = {"clinic.network": {}}
FIVE, SIX = visits("acme", *days(5)), visits("acme", *days(6))
MAY = ["2018-05-20", "2018-05-21", "2018-05-22", "2018-05-23", "2018-05-24", "2018-05-25"]

Row = tuple[dict[str, Any], list[str]]
#: A public employee's plan: Regence's, self-funded by the state.
UMP: dict[str, Any] = {
    "booking.payer": "regence",
    "coverages.0.payer": "regence",
    "coverages.0.plan": "UMP",
    "coverages.0.funding": "self_insured",
    "clinic.network.regence": [{"status": "in"}],
}

ROWS: dict[str, Row] = {
    "visit 1": ({}, ["LAW-03 firm"]),
    "visit 6": ({"visits": FIVE}, ["LAW-03 firm"]),
    "visit 7": ({"visits": SIX}, []),
    "six of another episode": (
        {"visits": visits("acme", *(f"2026-09-0{day}" for day in range(1, 7)))},
        ["LAW-03 firm"],
    ),
    "six, the last of them 90 days ago": (
        {"visits": visits("acme", *(f"2026-09-0{day}" for day in range(4, 10)))},
        [],
    ),
    "out of network": (OUT, []),
    "network unknown": (UNKNOWN, ["LAW-03 doubtful"]),
    "network unknown, visit 7": ({**UNKNOWN, "visits": SIX}, []),
    "self-insured": ({"coverages.0.funding": "self_insured"}, []),
    "funding unknown": ({"coverages.0.funding": "unknown"}, []),
    "funding missing": ({"coverages.0.funding": ...}, []),
    "not confirmed": ({"coverages.0.staff_confirmed": False}, []),
    "visits unknown": ({"visits": ...}, []),
    "bookings unknown": ({"upcoming": ...}, []),
    # LAW-02, LAW-03: other clinics' massage counts, whoever paid, standing bookings included
    "six elsewhere": ({"visits": visits("acme", *days(6), provider="other")}, []),
    "five elsewhere": ({"visits": visits("acme", *days(5), provider="other")}, ["LAW-03 firm"]),
    "six elsewhere, another payer": ({"visits": visits("cigna", *days(6), provider="other")}, []),
    "six elsewhere, paid in cash": ({"visits": visits(None, *days(6), provider="other")}, []),
    "six here, another payer": ({"visits": visits("cigna", *days(6))}, []),
    "six of other care": (
        {"visits": visits("acme", *days(6), modality="physical-therapy", provider="other")},
        ["LAW-03 firm"],
    ),
    "three elsewhere, two here, one booked": (
        {
            "visits": visits("acme", *days(3), provider="other") + visits("acme", *days(2, 20)),
            "upcoming": bookings("acme", "2026-12-05T10:00:00-08:00"),
        },
        [],
    ),
    "five, and one booked later": (
        {"visits": FIVE, "upcoming": bookings("acme", "2026-12-09T10:00:00-08:00")},
        ["LAW-03 firm"],
    ),
    "elsewhere hands on the episode": (
        {
            "visits": visits("acme", *(f"2026-07-0{day}" for day in range(1, 7)))
            + visits(None, "2026-09-20", provider="other")
        },
        [],
    ),
    # LAW-00, LAW-01, LAW-03 by date of service
    "2018-06-06, visit 1": (dated("2018-06-06"), ["LAW-00 firm"]),
    "2018-06-06, visit 2": ({**dated("2018-06-06"), "visits": visits("acme", MAY[0])}, []),
    "2018-06-07, visit 1": (dated("2018-06-07"), ["LAW-01 firm"]),
    "2018-06-07, visit 6": (
        {**dated("2018-06-07"), "visits": visits("acme", *MAY[:5])},
        ["LAW-01 firm"],
    ),
    "2018-06-07, visit 7": ({**dated("2018-06-07"), "visits": visits("acme", *MAY)}, []),
    "2020-06-10": (dated("2020-06-10"), ["LAW-01 firm"]),
    "2020-06-11": (dated("2020-06-11"), ["LAW-03 firm"]),
    "2020-06-10, late in the evening elsewhere": (
        {**dated("2020-06-10"), "booking.start": "2020-06-11T06:59:00+00:00"},
        ["LAW-01 firm"],
    ),
    # LAW-05: public employees have one visit only, and their plan is self-funded
    "UMP, visit 1": ({**UMP, "coverages.0.plan": "ump classic"}, ["LAW-05 firm"]),
    "UMP, visit 2": ({**UMP, "visits": visits("regence", "2026-11-20")}, []),
    "UMP, not confirmed": ({**UMP, "coverages.0.staff_confirmed": False}, []),
    "UMP, out of network": ({**UMP, "clinic.network.regence": [{"status": "out"}]}, []),
    "UMP by another payer's name": (
        {"coverages.0.plan": "UMP", "coverages.0.funding": "self_insured"},
        [],
    ),
    "UMP in 2019": (
        {
            **dated("2019-06-10"),
            "coverages.0.plan": "UMP",
            "coverages.0.funding": "self_insured",
        },
        [],
    ),
}


@pytest.mark.parametrize("text", ROWS)
def test_row(text: str) -> None:
    changes, expected = ROWS[text]
    assert waivers(**changes) == expected


def test_the_law_binds_no_payer_that_the_state_does_not_regulate() -> None:
    """LAW-04."""
    assert waivers("acme-comp") == []


@pytest.mark.parametrize(
    ("changes", "stands"),
    [({}, "waived/none"), (UNKNOWN, "unknown/hold"), (OUT, "unmet/block")],
)
def test_what_becomes_of_the_requirement(changes: dict[str, Any], stands: str) -> None:
    decision = decide_request(request("acme", **changes), host())
    assert told(decision, [PA]) == {PA: stands}


def test_the_waiver_says_which_visit_it_is() -> None:
    decision = decide_request(request("acme", visits=visits("acme", *days(2))), host())
    (waiver,) = decision["waivers"]
    assert "the first 6 visits" in waiver["reason"]
    assert "visit 3" in waiver["reason"]
    assert "RCW 48.43.016" in waiver["source"]


@pytest.mark.parametrize(("before", "asked"), [(3, False), (4, True), (5, True), (6, False)])
def test_after_the_last_free_visits_somebody_is_told(before: int, asked: bool) -> None:
    made = request("acme", visits=visits("acme", *days(before)))
    kinds = [kind for kind, _ in finished(made, host())]
    assert ("request-authorization" in kinds) == asked


def test_nobody_is_told_where_the_law_frees_nothing() -> None:
    for changes in (OUT, {"coverages.0.funding": "self_insured"}):
        made = request("acme", visits=visits("acme", *days(5)), **changes)
        assert "request-authorization" not in [kind for kind, _ in finished(made, host())]
