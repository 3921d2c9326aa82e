"""The last day on which a payer's answer can still come in time."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massage_ins_bridge.gate.answer_days import is_holiday, last_day_to_ask
from massage_ins_bridge.testing.requests import chart_of, request, small_host

PLUGINS = ("government", "kaiser", "lni", "out-of-network", "premera", "regence")


def last_day(payer: str, day: str) -> str | None:
    start = {"booking.start": f"{day}T12:00:00-08:00", "booking.end": ...}
    found = last_day_to_ask(small_host(*PLUGINS).case(chart_of(request(payer, **start))))
    return found.isoformat() if found else None


@pytest.mark.parametrize(
    ("payer", "day", "last"),
    [
        ("regence", "2026-12-08", "2026-12-05"),  # a Saturday is a day
        ("bridgespan", "2026-12-08", "2026-12-05"),
        ("premera", "2026-12-08", "2026-12-05"),
        ("lifewise", "2026-12-08", "2026-12-05"),
        ("regence", "2026-12-28", "2026-12-24"),  # Christmas is none
        ("regence", "2026-11-30", "2026-11-25"),  # Thanksgiving and the day after are none
        ("regence", "2026-07-06", "2026-07-01"),  # the fourth is a Saturday, kept on the third
        ("regence", "2024-01-04", "2023-12-31"),  # New Year's day is none
        ("regence", "2023-12-31", "2023-12-26"),  # five plain days before 2024
        ("premera", "2023-12-26", "2023-12-21"),
        ("lni", "2026-12-28", "2026-12-18"),
        ("kaiser", "2026-12-28", "2026-12-23"),
        ("va", "2026-12-28", "2026-12-23"),
        ("cigna", "2026-12-08", None),
        ("acme", "2026-12-08", None),
    ],
)
def test_it_is_found_by_stepping_back_from_the_visit(
    payer: str, day: str, last: str | None
) -> None:
    assert last_day(payer, day) == last


@given(st.dates(date(2024, 1, 10), date(2035, 12, 31)))
def test_so_many_days_that_are_no_holidays_lie_between(day: date) -> None:
    found = last_day("regence", day.isoformat())
    assert found is not None
    first = date.fromisoformat(found)
    passed = [first + timedelta(days=n) for n in range((day - first).days)]
    assert sum(not is_holiday(one) for one in passed) == 3
    assert not is_holiday(first)
