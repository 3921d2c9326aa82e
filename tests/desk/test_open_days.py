"""Days a desk can act on."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massage_ins_bridge.desk.open_days import OpenDays
from massage_ins_bridge.domain.days import local_day
from massage_ins_bridge.domain.office_hours import DEFAULT_HOURS, read_office_hours

ZONE = "America/Los_Angeles"
USUAL = OpenDays(read_office_hours(DEFAULT_HOURS), ZONE)
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


@pytest.mark.parametrize(
    ("line", "moment", "pause", "due"),
    [
        (DEFAULT_HOURS, "2026-12-01T10:00", 15, "2026-12-01T10:15"),
        (DEFAULT_HOURS, "2026-12-01T00:01", 15, "2026-12-01T09:15"),
        (DEFAULT_HOURS, "2026-12-01T16:50", 15, "2026-12-02T09:15"),
        (DEFAULT_HOURS, "2026-12-04T17:00", 15, "2026-12-07T09:15"),
        (DEFAULT_HOURS, "2026-12-05T12:00", 0, "2026-12-07T09:00"),
        (DEFAULT_HOURS, "2026-11-25T16:50", 15, "2026-11-30T09:15"),  # Thanksgiving
        ("Mon-Thu 09:00-12:00, Mon-Thu 13:00-17:00", "2026-12-01T11:50", 15, "2026-12-01T13:15"),
        ("Tuesday 09:00-09:10", "2026-12-01T09:00", 15, "2026-12-08T09:00"),
    ],
)
def test_a_pause_is_counted_in_the_open_office(
    line: str, moment: str, pause: int, due: str
) -> None:
    days = OpenDays(read_office_hours(line), ZONE)
    begins, ends = (datetime.fromisoformat(t).replace(tzinfo=ZoneInfo(ZONE)) for t in (moment, due))
    assert days.after_pause(begins, timedelta(minutes=pause)) == ends


@given(WEEKS, MOMENTS, st.integers(0, 1440))
def test_what_waits_for_the_office_ends_while_it_is_open(
    week: OpenDays, moment: datetime, minutes: int
) -> None:
    def open_at(at: datetime) -> bool:
        day = local_day(at, ZONE)
        times = [span.times(day, ZoneInfo(ZONE)) for span in week.hours.on(day)]
        return week.is_open(day) and any(opens <= at < closes for opens, closes in times)

    found = week.next_open(moment)
    assert open_at(found)
    assert open_at(moment) == (found == moment)
    if found != moment:
        assert not open_at(found - timedelta(seconds=1))
    due = week.after_pause(moment, timedelta(minutes=minutes))
    assert due - moment >= timedelta(minutes=minutes)
    assert open_at(due)
