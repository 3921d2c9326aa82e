"""Rules of repetition: the times that they name, in bounded time."""

import time
from datetime import datetime, timedelta
from itertools import islice

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from massage_ins_bridge.calendars.model import CalendarError, EventError
from massage_ins_bridge.calendars.rules import Budget, read_rule, starts

FIRST = datetime(2026, 1, 5, 10)  # noqa: DTZ001 - a wall has no zone
WINDOW = (datetime(2026, 11, 1), datetime(2027, 2, 1))  # noqa: DTZ001 - walls


def times(text: str, first: datetime = FIRST, budget: Budget | None = None) -> list[datetime]:
    return list(starts(read_rule(text), first, WINDOW, budget or Budget()))


rules = st.builds(
    lambda frequency, interval, *more: ";".join(
        [f"FREQ={frequency}", f"INTERVAL={interval}", *filter(None, more)]
    ),
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
    st.integers(1, 5),
    st.sampled_from(["", "COUNT=1", "COUNT=60", "COUNT=400"]),
    st.sampled_from(["", "BYDAY=MO", "BYDAY=TU,TH,SU", "BYMONTHDAY=1,31"]),
    st.sampled_from(["", "BYMONTH=2", "BYMONTH=11,12"]),
    st.sampled_from(["", "WKST=SU", "WKST=MO"]),
    st.sampled_from(["", "BYHOUR=9,10", "BYMINUTE=15"]),
)


@settings(max_examples=300, deadline=None)
@given(rules, st.integers(-3000, 300))
def test_they_are_those_of_the_library(text: str, days: int) -> None:
    first = FIRST + timedelta(days=days)
    whole = rrulestr(f"RRULE:{text}", dtstart=first).between(*WINDOW, inc=True)
    assert times(text, first) == list(whole)


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=WEEKLY;BYMONTH=2;BYSETPOS=300",
        "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2",
        "FREQ=YEARLY;BYYEARDAY=366;BYMONTH=2",
        "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6",
    ],
)
def test_a_rule_that_matches_nothing_ends_with_the_window(text: str) -> None:
    """By itself it would be followed to the year 9999."""
    began = time.thread_time()
    assert times(text) == []
    assert time.thread_time() - began < 5


def test_what_begins_after_the_window_is_not_followed() -> None:
    assert times("FREQ=DAILY", WINDOW[1] + timedelta(days=1)) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("FREQ=SECONDLY", "secondly"),
        ("FREQ=MINUTELY;COUNT=1", "minutely"),
        ("FREQ=HOURLY", "hourly"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL"),
        ("FREQ=DAILY;INTERVAL=-1", "INTERVAL"),
        ("FREQ=DAILY;COUNT=99999999999999", "COUNT"),
        ("FREQ=DAILY;COUNT=A", "COUNT"),
        ("FREQ=DAILY;UNTIL=SOON", "UNTIL"),
        ("FREQ=DAILY;FREQ=WEEKLY", "twice"),
        ("FREQ=DAILY;RSCALE=CHINESE", "cannot be read"),
        ("FREQ=FORTNIGHTLY", "how often"),
        ("INTERVAL=2", "how often"),
        ("DAILY", "cannot be read"),
        ("", "cannot be read"),
        ("FREQ=DAILY;BYDAY=XX", "cannot be read"),
        ("FREQ=DAILY;BYHOUR=" + ",".join(map(str, range(24))) + ";BYMINUTE=0,30", "on a day"),
    ],
)
def test_what_no_appointment_does_is_told(text: str, said: str) -> None:
    with pytest.raises(EventError, match=said):
        times(text)


def test_a_count_from_long_ago_is_counted_out_or_told() -> None:
    long_ago = datetime(1990, 1, 1, 10)  # noqa: DTZ001 - a wall has no zone
    assert len(times("FREQ=DAILY;COUNT=20000", long_ago)) == 92
    with pytest.raises(EventError, match="too long"):
        times("FREQ=DAILY;COUNT=90000", datetime(1900, 1, 1))  # noqa: DTZ001 - a wall has no zone


def test_all_rules_of_a_calendar_have_one_budget() -> None:
    budget = Budget(150)
    assert len(times("FREQ=DAILY", budget=budget)) == 92
    with pytest.raises(CalendarError, match="too many series"):
        times("FREQ=DAILY", budget=budget)


def test_nothing_is_worked_out_before_it_is_asked_for() -> None:
    found = starts(read_rule("FREQ=DAILY"), FIRST, WINDOW, Budget())
    assert len(list(islice(found, 2))) == 2
