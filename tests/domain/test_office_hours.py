"""Office hours: what a line says, and when the desk is there."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massage_ins_bridge.domain.office_hours import DEFAULT_HOURS, read_office_hours

ZONE = ZoneInfo("America/Los_Angeles")
LINES = (
    DEFAULT_HOURS,
    "Mon-Thu 09:00-12:00, Mon-Thu 13:00-17:00, Fri 08:30-12:00",
    "Sat-Mon 10:00-24:00",
    "Tue, Thu 00:00-00:10",
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("line", "moment", "pause", "due"),
    [
        (DEFAULT_HOURS, "2026-12-01T10:00", 15, "2026-12-01T10:15"),
        (DEFAULT_HOURS, "2026-12-01T00:01", 15, "2026-12-01T09:15"),
        (DEFAULT_HOURS, "2026-12-01T16:50", 15, "2026-12-02T09:15"),
        (DEFAULT_HOURS, "2026-12-04T17:00", 15, "2026-12-07T09:15"),
        (DEFAULT_HOURS, "2026-12-05T12:00", 0, "2026-12-07T09:00"),
        (LINES[1], "2026-12-01T11:50", 15, "2026-12-01T13:15"),
        ("Tuesday 09:00-09:10", "2026-12-01T09:00", 15, "2026-12-08T09:00"),
        ("Sun 01:00-17:00", "2026-10-31T12:00", 60, "2026-11-01T02:00"),
    ],
)
def test_a_pause_is_counted_in_the_open_office(
    line: str, moment: str, pause: int, due: str
) -> None:
    hours = read_office_hours(line)
    assert hours.after_pause(at(moment), timedelta(minutes=pause), ZONE) == at(due)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "is no days and times"),
        ("9 to 5", "is no days and times"),
        ("Mon-Fri", "names days without times"),
        ("Mon 09:00-17:00, Tue", "names days without times"),
        ("Mo-Fr 09:00-17:00", "is no day of the week"),
        ("Mon 17:00-09:00", "ends before it begins"),
        ("Mon 09:00-25:00", "is no time between"),
        ("Mon 09:00-24:30", "is no time between"),
        ("Mon 9-17", "is no time between"),
        ("Mon-Fri 09:00-17:00, Tue 16:00-18:00", "Tue has two spans that overlap"),
    ],
)
def test_a_wrong_line_is_told_with_its_cure(line: str, said: str) -> None:
    with pytest.raises(ValueError, match="such as 'Mon-Fri 09:00-17:00'") as caught:
        read_office_hours(line)
    assert said in str(caught.value)


def test_days() -> None:
    hours = read_office_hours(LINES[1])
    assert hours.last_open_day(date(2026, 12, 6)) == date(2026, 12, 4)
    assert hours.last_open_day(date(2026, 12, 1)) == date(2026, 12, 1)
    wrapped = read_office_hours(LINES[2])
    assert [wrapped.open_on(date(2026, 12, day)) for day in (5, 6, 7, 8)] == [True] * 3 + [False]


@given(
    st.sampled_from(LINES),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),  # noqa: DTZ001 - UTC is added
    st.integers(0, 1440),
)
def test_what_waits_for_the_office_ends_while_it_is_open(
    line: str, moment: datetime, minutes: int
) -> None:
    hours, pause = read_office_hours(line), timedelta(minutes=minutes)
    now = moment.replace(tzinfo=UTC)
    due = hours.after_pause(now, pause, ZONE)
    assert due - now >= pause
    assert hours.is_open(due, ZONE)
