"""What is said to have happened cannot lie in the future."""

from datetime import date, timedelta
from typing import Any

import pytest

from massage_ins_bridge.domain.facts import (
    Authorization,
    ClaimBenefit,
    Coverage,
    InjuryClaim,
    Patient,
    Prescription,
    ProgressReport,
    Visit,
)
from massage_ins_bridge.domain.happened import not_yet, to_come

TODAY = date(2026, 12, 1)
TOMORROW = TODAY + timedelta(days=1)
#: by path, a fact that says so of a day
HAPPENED: dict[str, Any] = {
    "birth_date": lambda day: Patient(birth_date=day),
    "acknowledged_on": lambda day: Patient(acknowledged_on=day),
    "visits_used_on": lambda day: Coverage(visits_used_on=day),
    "claim.date_of_injury": lambda day: Coverage(claim=InjuryClaim(date_of_injury=day)),
    "claim.benefit.asked_on": lambda day: Coverage(
        claim=InjuryClaim(benefit=ClaimBenefit(asked_on=day))
    ),
    "received_on": lambda day: Prescription(received_on=day),
    "requested_on": lambda day: Authorization(requested_on=day),
    "decided_on": lambda day: Authorization(decided_on=day),
    "used_on": lambda day: Authorization(used_on=day),
    "on": lambda day: Visit(on=day),
    "on ": lambda day: ProgressReport(on=day),
}


@pytest.mark.parametrize("path", HAPPENED)
def test_tomorrow_is_refused_with_field_and_cure_and_today_is_not(path: str) -> None:
    fact = HAPPENED[path]
    assert not_yet(fact(TODAY), TODAY) == []
    (problem,) = not_yet(fact(TOMORROW), TODAY)
    assert problem.path == path.strip()
    assert "lies in the future (2026-12-02); check the date" in problem.message


def test_what_stands_on_a_paper_is_taken_down_and_noticed() -> None:
    """A prescription may bear a wrong date; who signed it mends that."""
    paper = Prescription(signed_on=TOMORROW)
    assert not_yet(paper, TODAY) == []
    assert [one.path for one in to_come(paper, TODAY)] == ["signed_on"]


def test_what_may_lie_in_the_future_may() -> None:
    """A claim is told to close on a day to come, an approval and a coverage begin on one."""
    closing = Coverage(from_=TOMORROW, claim=InjuryClaim(closed_on=TOMORROW))
    for fact in (closing, Authorization(from_=TOMORROW, to=TOMORROW)):
        assert list(to_come(fact, TODAY)) == []
