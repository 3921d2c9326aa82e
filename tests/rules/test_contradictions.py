"""What contradicts itself in a chart is shown, and costs nothing."""

from typing import Any

import pytest

from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import authorization, request, shown, small_host, visits

KEY = "core.contradiction"
HOST = ("out-of-network", "lni")
LIMIT, USED = "coverages.0.visit_limit", "coverages.0.visits_used"
TWO = visits("cigna", "2026-11-20", "2026-11-21")
ASKED = authorization("cigna", requested_on="2026-11-10", decided_on="2026-11-10")
YEAR = {"payer": "cigna", "staff_confirmed": True, "plan_year_start": "01-01"}
AETNA = {"payer": "aetna", "staff_confirmed": True, "position": "primary"}
CONTRADICTIONS: dict[str, tuple[dict[str, Any], str]] = {
    "came in before it was signed": (
        {"prescriptions.0.received_on": "2026-10-28"},
        "Prescription rx1 came in before it was signed.",
    ),
    "signed before birth": (
        {"patient.birth_date": "2026-10-30", "prescriptions.0.received_on": ...},
        "before the client was born",
    ),
    "more used than allowed": ({LIMIT: 3, USED: 4}, "allows fewer visits (3) than are used (4)."),
    "more done than approved": (
        {"authorizations": [authorization("cigna", visits=1)], "visits": TWO},
        "approves fewer visits (1) than are done (2).",
    ),
    "decided before it was requested": (
        {"authorizations": [{**ASKED, "decided_on": "2026-11-09"}]},
        "Authorization A1 was decided before it was requested.",
    ),
    "more used than approved, by the payer's count": (
        {"authorizations": [{**ASKED, "visits": 3, "used": 4, "used_on": "2026-11-20"}]},
        "Authorization A1 approves 3 visits, and its payer counts 4.",
    ),
    "asked for tomorrow": (
        {"authorizations": [{**ASKED, "requested_on": "2026-12-02", "decided_on": None}]},
        "Authorization A1: the day of the request, December 2, 2026, is still to come.",
    ),
    "signed tomorrow": (
        {"prescriptions.0.signed_on": "2026-12-02", "prescriptions.0.received_on": "2026-12-02"},
        "Prescription rx1: the day of signing, December 2, 2026, is still to come.",
    ),
    "a visit of next week": (
        {"visits": visits("cigna", "2026-12-05")},
        "A visit: the day of the visit, December 5, 2026, is still to come.",
    ),
    "a report of next week": (
        {"progress_reports": [{"on": "2026-12-05", "payer": "lni"}]},
        "A progress report: the day of the report, December 5, 2026, is still to come.",
    ),
    "counted tomorrow": (
        {"coverages.0.visits_used_on": "2026-12-02"},
        "A coverage: the day of the plan's count, December 2, 2026, is still to come.",
    ),
    "acknowledged tomorrow": (
        {"patient.acknowledged_on": "2026-12-02"},
        "The client: the day of the acknowledgement, December 2, 2026, is still to come.",
    ),
    "plan years that differ": (
        {"coverages": [{**YEAR, "to": "2026-06-30"}, {**YEAR, "plan_year_start": "07-01"}]},
        "The plan year begins on 01-01 and on 07-01.",
    ),
    "a closing day of an open claim": (
        {"coverages.0.claim": {"status": "open", "closed_on": "2026-12-24"}},
        "closing date and is not marked closed",
    ),
}


@pytest.mark.parametrize("text", CONTRADICTIONS)
def test_a_contradiction_is_shown_and_costs_nothing(text: str) -> None:
    changes, words = CONTRADICTIONS[text]
    decision = decide_request(request("cigna", **changes), small_host(*HOST))
    assert shown(decision, KEY) == "unmet/warn"
    assert words in shown(decision, f"message {KEY}")
    assert decision["actions"]


FIRST = authorization("cigna", visits=2, to="2027-01-22")
MORE = authorization("cigna", number="A2", visits=1, from_="2026-11-20", to="2027-02-20")
DAYS = ("2026-11-18", "2026-11-19", "2026-11-20", "2026-11-21")


@pytest.mark.parametrize(("done", "said"), [(2, "-"), (3, "-"), (4, "unmet/warn")])
def test_an_extension_overlaps_and_contradicts_nothing(done: int, said: str) -> None:
    facts = {"authorizations": [FIRST, MORE], "visits": visits("cigna", *DAYS[:done])}
    decision = decide_request(request("cigna", **facts), small_host(*HOST))
    assert shown(decision, KEY) == said


def test_an_l_and_i_form_serves_its_own_stretch_of_visits() -> None:
    form = authorization("lni", "lni-f245-417", visits=6)
    done = visits("lni", *(f"2026-11-{day}" for day in range(10, 17)))
    made = request("lni", authorizations=[form], visits=done)
    assert shown(decide_request(made), KEY) == "-"


ACCEPTED: dict[str, dict[str, Any]] = {
    "decided on the day of the request": {"authorizations": [ASKED]},
    "as many used as approved": {"authorizations": [{**ASKED, "visits": 4, "used": 4}]},
    "more used than were denied": {"authorizations": [{**ASKED, "status": "denied", "used": 99}]},
    "another payer's plan year": {
        "coverages": [YEAR, {"payer": "aetna", "plan_year_start": "07-01", "position": "secondary"}]
    },
    "the plan year of a former employer's plan": {
        "coverages": [
            {**YEAR, "plan": "Former", "to": "2026-06-30"},
            {**YEAR, "plan": "Present", "plan_year_start": "07-01", "from": "2026-07-01"},
        ]
    },
    "an episode that the booking alone names": {"booking.episode": "knee", "visits": TWO},
    "an episode that a visit alone names": {"visits": [{**TWO[0], "episode": "knee"}]},
}


@pytest.mark.parametrize("about", ACCEPTED)
def test_what_may_well_be_is_no_contradiction(about: str) -> None:
    decision = decide_request(request("cigna", **ACCEPTED[about]), small_host(*HOST))
    assert shown(decision, KEY) == "-"


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"coverages": [{**YEAR, "position": "primary"}, AETNA], "booking.payer": ...}, "coverage"),
        ({"booking.practitioner": "nobody", "clinic.practitioners": [{"key": "mira"}]}, "network"),
    ],
)
def test_what_leaves_it_open_holds(changes: dict[str, Any], key: str) -> None:
    """Two primaries, and a practitioner whom the clinic does not list."""
    decision = decide_request(request("cigna", **changes), small_host(*HOST))
    assert (shown(decision, key), decision["outcome"]) == ("unknown/hold", "hold")


def test_nothing_contradicts_itself_in_a_sound_chart() -> None:
    decision = decide_request(request("cigna"), small_host(*HOST))
    assert shown(decision, KEY) == "-"
