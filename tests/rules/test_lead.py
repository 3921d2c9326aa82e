"""The last day on which a paper is in time for a visit."""

from datetime import date
from typing import Any

import pytest

from massage_ins_bridge.api import Case
from massage_ins_bridge.rules.lead import by_when, cost, due_day, is_late, lead_days, please
from massage_ins_bridge.testing.requests import chart_of, request, small_host


def case(**changes: Any) -> Case:
    return small_host("out-of-network").case(chart_of(request("cigna", **changes)))


@pytest.mark.parametrize(("days", "due"), [(None, 4), (4, 4), (0, 8), (7, 1)])
def test_so_many_days_before_the_visit(days: int | None, due: int) -> None:
    made = case(**{"clinic.prescription_lead_days": days})
    assert due_day(made) == date(2026, 12, due)
    assert lead_days(made) == 8 - due


@pytest.mark.parametrize(
    ("as_of", "late"),
    [("2026-12-04T23:59:59-08:00", False), ("2026-12-05T00:00:00-08:00", True)],
)
def test_the_last_day_counts_as_in_time(as_of: str, late: bool) -> None:
    made = case(as_of=as_of)
    assert is_late(made) is late
    assert cost(made) == ("block" if late else "hold")


def test_a_day_that_has_passed_is_never_said_to_be_a_deadline() -> None:
    soon, late = case(), case(as_of="2026-12-06T09:00:00-08:00")
    for text in (by_when(soon), please(soon, "send it")):
        assert "December 4" in text
    for text in (by_when(late), please(late, "send it")):
        assert "December" not in text
    assert "4 days" in by_when(late)
