"""Calendar arithmetic against the plainest way to do the same."""

import calendar
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from massage_ins_bridge.api import add_days, add_duration, add_months, local_day, ordered_visits
from massage_ins_bridge.domain.facts import Duration, Frequency

DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))
DAY = date(2026, 12, 8)
ZONE = "America/Los_Angeles"


@given(DAYS, st.integers(0, 60))
def test_months_clamp_to_the_months_end(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    last = calendar.monthrange(later.year, later.month)[1]
    assert later.day == min(day.day, last)


@given(DAYS, st.integers(0, 24), st.integers(0, 24))
def test_more_months_are_never_earlier(day: date, one: int, more: int) -> None:
    assert add_months(day, one) <= add_months(day, one + more)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        *(("2024-02-29", 36, "2027-02-28"), ("2024-02-29", 48, "2028-02-29")),
        *(("2026-01-31", 1, "2026-02-28"), ("2026-12-31", 2, "2027-02-28")),
        *(("2026-08-31", 1, "2026-09-30"), ("2026-12-08", 12, "2027-12-08")),
    ],
)
def test_months_by_example(day: str, months: int, later: str) -> None:
    assert add_months(date.fromisoformat(day), months).isoformat() == later


@settings(max_examples=200)
@given(DAYS, st.integers(1, 400), st.sampled_from(["day", "week", "month"]))
def test_a_duration_is_that_many_units(day: date, count: int, unit: Any) -> None:
    end = add_duration(day, Duration(count, unit))
    if unit == "month":
        assert end == add_months(day, count)
    else:
        assert end == add_days(day, count * (7 if unit == "week" else 1))


@pytest.mark.parametrize("duration", [Duration(), Duration(3), Duration(unit="week")])
def test_a_duration_half_said_has_no_end(duration: Duration) -> None:
    assert add_duration(DAY, duration) is None
    assert ordered_visits(Frequency(2, "week"), duration) is None


@pytest.mark.parametrize(
    ("times", "per", "count", "unit", "visits"),
    [
        *((2, "week", 6, "week", 12), (1, "week", 1, "month", 4), (1, "month", 59, "day", 1)),
        *((1, "month", 60, "day", 2), (2, "week", 45, "day", 12), (1, "day", 2, "week", 14)),
        (3, "week", 6, "day", 2),
    ],
)
def test_visits_round_down(times: int, per: Any, count: int, unit: Any, visits: int) -> None:
    frequency = Frequency(times, per)
    assert ordered_visits(frequency, Duration(count, unit)) == visits


@pytest.mark.parametrize("frequency", [None, Frequency(), Frequency(2), Frequency(per="week")])
def test_an_unknown_frequency_orders_an_unknown_number(frequency: Frequency | None) -> None:
    assert ordered_visits(frequency, Duration(6, "week")) is None


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        *(("2026-12-08T07:59:00+00:00", "2026-12-07"), ("2026-12-08T08:00:00+00:00", "2026-12-08")),
        *(("2026-07-08T06:59:00+00:00", "2026-07-07"), ("2026-07-08T07:00:00+00:00", "2026-07-08")),
        ("2026-11-01T08:30:00+00:00", "2026-11-01"),
    ],
)
def test_the_day_is_that_of_the_clinics_clock(moment: str, day: str) -> None:
    assert local_day(datetime.fromisoformat(moment), ZONE).isoformat() == day
