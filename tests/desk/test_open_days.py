"""Days a desk can act on."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massage_ins_bridge.desk.open_days import OpenDays
from massage_ins_bridge.domain.days import local_day
from massage_ins_bridge.domain.office_hours import DEFAULT_OFFICE_HOURS, read_office_hours

ZONE = "America/Los_Angeles"
USUAL = OpenDays(read_office_hours(DEFAULT_OFFICE_HOURS), ZONE)
NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WEEKS = st.sets(st.sampled_from(NAMES), min_size=1).map(
    lambda days: OpenDays(
        read_office_hours(", ".join(f"{d} 09:00-12:00, {d} 13:00-17:30" for d in sorted(days))),
        ZONE,
    )
)
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
MOMENTS = st.integers(1_704_000_000, 1_900_000_000).map(lambda s: datetime.fromtimestamp(s, UTC))


@pytest.mark.parametrize(
    ("day", "last"),
    [
        ("2026-12-11", "2026-12-11"),
        ("2026-12-13", "2026-12-11"),  # a Sunday
        ("2026-11-29", "2026-11-25"),  # Thanksgiving and the day after it
        ("2026-07-05", "2026-07-02"),  # Independence Day is observed on the Friday
    ],
)
def test_the_last_day_on_which_somebody_can_act(day: str, last: str) -> None:
    assert USUAL.last_on_or_before(date.fromisoformat(day)) == date.fromisoformat(last)


@given(WEEKS, DAYS)
def test_no_open_day_is_passed_over(week: OpenDays, day: date) -> None:
    last, following = week.last_on_or_before(day), week.next_on_or_after(day)
    assert last <= day <= following
    between = [last + timedelta(n) for n in range((following - last).days + 1)]
    assert {d for d in between if week.is_open(d)} == {last, following}


@given(WEEKS, MOMENTS)
def test_the_next_opening_is_the_first_moment_at_which_it_is_open(
    week: OpenDays, moment: datetime
) -> None:
    def open_at(at: datetime) -> bool:
        day = local_day(at, ZONE)
        return week.is_open(day) and any(
            opens <= at < closes for opens, closes in week.hours.openings(day, ZONE)
        )

    found = week.next_opening(moment)
    assert found >= moment
    assert open_at(found)
    assert open_at(moment) == (found == moment)
    if found != moment:
        assert not open_at(found - timedelta(seconds=1))
        assert week.next_opening(found - timedelta(seconds=1)) == found
