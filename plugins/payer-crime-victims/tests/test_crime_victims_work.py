"""What Crime Victims Compensation is owed after a visit, what it says of an order that came in, and
what no client may read."""

import re
from pathlib import Path
from typing import Any

import pytest

from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import (
    chart_of,
    finished,
    request,
    small_host,
    uploaded,
    visits,
)
from massage_ins_bridge.testing.rulings import read_rulings

HOST = small_host("crime-victims")
NONE = {"coverages.0.extra": {"crime-victims": {"other_insurance": "none"}}}
TOLD = re.compile(r"crime|victim|\bpa(?:y|id)\b|Compensation", re.IGNORECASE)


def owed(**changes: Any) -> dict[str, str | None]:
    return dict(finished(request("crime-victims", **{**NONE, **changes}), HOST))


def test_the_bill_is_there_within_a_year_of_the_visit_or_of_the_claims_allowance() -> None:
    assert owed() == {"submit-claim": "2027-12-08"}
    for allowed, last in (("2026-11-01", "2027-12-08"), ("2027-01-15", "2028-01-15")):
        facts = {"other_insurance": "none", "allowed_on": allowed}
        changed = owed(**{"coverages.0.extra": {"crime-victims": facts}})
        assert changed["submit-claim"] == last


def test_other_insurance_is_billed_first() -> None:
    """The text of the work, by whether somebody pays before."""
    for facts, said in (({"other_insurance": "none"}, "Bill the program"), ({}, "first")):
        made = request("crime-victims", **{"coverages.0.extra": {"crime-victims": facts}})
        assert said in _texts(made)


def test_after_a_visit_the_next_report_has_its_day() -> None:
    assert owed(visits=visits("crime-victims", "2026-11-20")) == {
        "submit-claim": "2027-12-08",
        "send-progress-report": "2026-12-20",
    }


@pytest.mark.parametrize(
    ("attending", "found"),
    [
        ({"name": "Dr Example"}, "met"),
        ({"name": "Dr Other"}, "unmet"),
        ({"npi": "1245319599"}, "unmet"),
    ],
)
def test_an_order_that_came_in_is_compared_with_who_attends(
    attending: dict[str, str], found: str
) -> None:
    made = request("crime-victims", **{"coverages.0.claim.attending": attending})
    assert uploaded(made, HOST)[0]["prescription.prescriber"] == found


def test_an_order_that_cannot_be_compared_is_not_called_wrong() -> None:
    gone = {"prescriptions.0.prescriber.npi": ..., "coverages.0.claim.attending": {"npi": "1"}}
    assert uploaded(request("crime-victims", **gone), HOST)[0]["prescription.prescriber"] != "met"
    nobody = request("crime-victims", **{"coverages.0.claim.attending": ...})
    assert uploaded(nobody, HOST)[0]["prescription.prescriber"] == "met"


def test_no_text_for_clients_names_the_program_the_crime_or_paying() -> None:
    rulings = read_rulings(Path(__file__).with_name("rulings.toml"))
    texts = {
        item["patient_message"]
        for ruling in rulings
        for item in decide_request(ruling.request, HOST)["requirements"]
        if item["plugin"] == "crime-victims"
    }
    assert len(texts) > 5
    assert [text for text in texts if TOLD.search(text)] == []


def test_a_client_who_books_by_their_own_words_is_found() -> None:
    for name in ("CVC", "L&I Crime Victims", "crime victims compensation"):
        made = request("crime-victims", **{**NONE, "booking.payer": name})
        assert decide_request(made, HOST)["payer"] == "crime-victims"


def _texts(made: dict[str, Any]) -> str:
    case = HOST.case(chart_of(made, HOST))
    actions, _ = HOST.visit_complete(case, HOST.decide_case(case))
    return " ".join(action.message for action in actions)
