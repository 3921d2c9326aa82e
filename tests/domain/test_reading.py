"""Reading a request: what is wrong with each field, where, and how it is said."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from massage_ins_bridge.domain.reading import UnusableInputError
from massage_ins_bridge.domain.request import read_request
from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import request, told

NOW = datetime(2026, 12, 1, 17, tzinfo=UTC)
LOSS = "loss_of_function"
NET = "clinic.network.regence"
YEAR_START = "coverages[0].plan_year_start"


def problems(**changes: Any) -> list[str]:
    with pytest.raises(UnusableInputError) as caught:
        read_request(request("regence", **changes), NOW)
    return [str(problem) for problem in caught.value.problems]


#: path changed, value, path in the message, a word of it
WRONG: list[tuple[str, Any, str, str]] = [
    ("bookin", {}, "bookin", "did you mean 'booking'?"),
    ("booking.strat", "", "booking.strat", "did you mean 'start'?"),
    ("coverages.0.visit_limits", 3, "coverages[0].visit_limits", "did you mean 'visit_limit'?"),
    ("coverages.0.zzzzz", 3, "coverages[0].zzzzz", "known are payer, plan"),
    ("coverages.0.visit_limit", "16", "coverages[0].visit_limit", "whole number, not text"),
    ("coverages.0.visit_limit", 16.0, "coverages[0].visit_limit", "whole number"),
    ("coverages.0.visit_limit", True, "coverages[0].visit_limit", "not true or false"),
    ("coverages.0.visit_limit", -1, "coverages[0].visit_limit", "between 0 and 1,000,000"),
    ("coverages.0.funding", "erisa", "coverages[0].funding", "one of fully_insured, self_insured"),
    ("coverages.0.position", "first", "coverages[0].position", "primary, secondary"),
    ("coverages.0.cost_share.copay", 20.5, "coverages[0].cost_share.copay", '"20.00"'),
    ("coverages.0.cost_share.copay", "NaN", "coverages[0].cost_share.copay", '"20.00"'),
    *(
        ("coverages.0.cost_share.copay", amount, "coverages[0].cost_share.copay", '"20.00"')
        for amount in ("-1", "1e3", "1_0", "\uff12\uff10", f"20.{'0' * 40}x", "1000000", 1000000)
    ),
    ("coverages", {}, "coverages", "a list, not an object"),
    ("visits", [{"provider": "This-Clinic"}], "visits[0].provider", "one of this-clinic, other"),
    ("coverages.0", "regence", "coverages[0]", "an object, not text"),
    ("patient", [], "patient", "an object, not a list"),
    ("patient.intake_received", "yes", "patient.intake_received", "true or false, not text"),
    ("patient.intake_received", 1, "patient.intake_received", "true or false, not a number"),
    ("patient.birth_date", "1980-02-30", "patient.birth_date", "no day of the calendar"),
    ("patient.birth_date", "3.2.1980", "patient.birth_date", "a date such as 2026-12-08"),
    ("patient.birth_date", "19800203", "patient.birth_date", "a date such as 2026-12-08"),
    ("patient.birth_date", "2027-01-01", "patient.birth_date", "lies in the future"),
    ("patient.name", 7, "patient.name", "text, not a number"),
    ("patient.name", "\ud800", "patient.name", "not valid Unicode"),
    ("patient.name", "x" * 4001, "patient.name", "4,001 characters"),
    ("booking.start", "2026-12-08T10:00:00", "booking.start", "no offset from UTC"),
    ("booking.start", "2026-12-08T25:00:00-08:00", "booking.start", "no time of the calendar"),
    ("booking.start", "2026-12-08", "booking.start", "a time with its offset"),
    ("booking.start", None, "booking.start", "is missing"),
    ("booking.start", ..., "booking.start", "is missing"),
    ("booking.start", "2200-01-01T00:00:00+00:00", "booking.start", "outside 1900-2199"),
    ("booking.end", "2026-12-08T10:00:00-08:00", "booking.end", "not after booking.start"),
    ("booking", ..., "booking", "is missing"),
    ("as_of", "2026-12-01", "as_of", "a time with its offset"),
    ("as_of", 1764608400, "as_of", "a time with its offset"),
    (f"prescriptions.0.{LOSS}", True, f"prescriptions[0].{LOSS}", "false for none"),
    ("prescriptions.0.diagnoses", "M54.2", "prescriptions[0].diagnoses", "a list, not text"),
    ("prescriptions.0.diagnoses", [7], "prescriptions[0].diagnoses[0]", "text, not a number"),
    ("prescriptions.0.frequency.per", "year", "prescriptions[0].frequency.per", "day, week, month"),
    ("prescriptions.0.prescriber", "MD", "prescriptions[0].prescriber", "an object, not text"),
    ("clinic.timezone", "America/Seattle", "clinic.timezone", "America/Los_Angeles"),
    ("clinic.timezone", "../etc/passwd", "clinic.timezone", "no known time zone"),
    ("clinic.network", [], "clinic.network", "an object, not a list"),
    (NET, {}, NET, "a list, not an object"),
    (f"{NET}.0.status", "maybe", f"{NET}[0].status", "in, out"),
    (f"{NET}.0.practitioners", ["mia"], f"{NET}[0].practitioners[0]", "none is listed"),
    (f"{NET}.0.practitioners", "mira", f"{NET}[0].practitioners", "a list, not text"),
    ("coverages.0.plan_year_start", "02-30", YEAR_START, "no day of every year; write"),
    ("coverages.0.plan_year_start", "02-29", YEAR_START, "no day of every year; write"),
    ("coverages.0.plan_year_start", "2026-01-01", YEAR_START, "month and day such as 01-01"),
    ("clinic.adult_age", 0, "clinic.adult_age", "from 1 to 25; leave it out"),
    ("clinic.adult_age", 26, "clinic.adult_age", "from 1 to 25; leave it out"),
    ("clinic.late_authorization", "never", "clinic.late_authorization", "one of block, hold"),
    ("clinic.fees", {"pip": 120.5}, "clinic.fees.pip", '"20.00"'),
    ("clinic.fees", "120.00", "clinic.fees", "an object, not text"),
    ("booking.place", "moon", "booking.place", "one of clinic, home, other"),
    ("booking.injury", "knee", "booking.injury", "one of work, auto, neither"),
    ("booking.prescription", ["rx1"], "booking.prescription", "text, not a list"),
    ("patient.birth_date", "1899-12-31", "patient.birth_date", "outside 1900-2199"),
    (f"{NET}.0.to", "2014-12-31", f"{NET}[0].to", "ends before it begins"),
    ("visits", [{"on": "2026-13-01"}], "visits[0].on", "no day of the calendar"),
    ("upcoming", [{"start": "noon"}], "upcoming[0].start", "a time with its offset"),
    (
        *("authorizations", [{"from": "2026-12-01", "to": "2026-11-30"}]),
        *("authorizations[0].to", "ends before it begins"),
    ),
    (
        *("coverages.0.claim", {"date_of_injury": "2026-02-01", "closed_on": "2026-01-01"}),
        *("coverages[0].claim.closed_on", "before the injury"),
    ),
]


@pytest.mark.parametrize(("path", "value", "where", "word"), WRONG)
def test_what_is_wrong_is_said_with_its_path(path: str, value: Any, where: str, word: str) -> None:
    (said,) = problems(**{path: value})
    assert said.startswith(f"{where}: ")
    assert word in said


def test_every_problem_is_told_at_once() -> None:
    found = problems(**{"patient.name": 7, "visits": {}, "coverages.0.plann": 1})
    places = ["patient.name", "coverages[0].plann", "visits"]
    assert [line.split(":")[0] for line in found] == places


@pytest.mark.parametrize("key", ["a\nb", "a\rb", "a\u2028b", "x" * 500])
def test_a_problem_is_one_short_line_whatever_the_key(key: str) -> None:
    (said,) = problems(patient={key: 1})
    assert len(said.splitlines()) == 1
    assert len(said) < 400


@pytest.mark.parametrize("status", [..., None, ""])
def test_a_network_row_without_its_status_is_unknown(status: Any) -> None:
    """Every field but booking.start may be missing; missing is unknown."""
    decision = decide_request(request("regence", **{f"{NET}.0.status": status}))
    assert told(decision, ["network", "outcome"]) == {"network": "unknown/hold", "outcome": "hold"}


def test_null_and_empty_text_are_missing_and_an_empty_list_is_not() -> None:
    assert read_request(request("regence", visits=[]), NOW).visits == ()
    changes = {"patient.name": "", "coverages.0.plan": "  ", "visits": None, "booking.payer": ""}
    chart = read_request(request("regence", **changes), NOW)
    assert chart.patient is not None
    assert chart.patient.name is None
    assert chart.coverages is not None
    assert chart.coverages[0].plan is None
    assert chart.visits is None
    assert chart.booking.payer is None


def test_amounts_are_read_exactly() -> None:
    chart = read_request(request("regence", **{"coverages.0.cost_share.copay": " 20.10"}), NOW)
    assert chart.coverages is not None
    share = chart.coverages[0].cost_share
    assert share is not None
    assert share.copay == Decimal("20.10")
    assert share.deductible_met is None


def test_false_is_a_finding_and_text_is_one() -> None:
    for value in (False, "cannot sit"):
        chart = read_request(request("regence", **{"prescriptions.0.loss_of_function": value}), NOW)
        assert chart.prescriptions is not None
        assert chart.prescriptions[0].loss_of_function == value
