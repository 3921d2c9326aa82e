"""``read_calendar``: whole calendars, with and without a memory of the last reading."""

import contextlib
import random
import time
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.calendars.written import WINDOW, ZONE, at, calendar, event, only, read

from massage_ins_bridge.calendars import read as module
from massage_ins_bridge.calendars.model import CalendarError, CalendarProblem, Memory
from massage_ins_bridge.calendars.read import read_calendar

TEN = "DTSTART:20261201T180000Z"


def test_one_appointment() -> None:
    one = only(event(TEN, "DTEND:20261201T190000Z", "SUMMARY:Jo Example", "STATUS:CONFIRMED"))
    assert (one.uid, one.recurrence_id) == ("one@example.com", None)
    assert (one.start, one.end) == (at(1, 10), at(1, 11))
    assert one.start.tzinfo is ZONE
    assert (one.summary, one.status, one.recurring, one.doubt) == (
        "Jo Example",
        "CONFIRMED",
        False,
        None,
    )


def test_what_lies_outside_the_window_is_left_out_and_what_overlaps_is_not() -> None:
    events = [
        event("DTSTART:20261030T180000Z", "DTEND:20261102T180000Z", uid="overlaps"),
        event("DTSTART:20261001T180000Z", uid="before"),
        event("DTSTART:20270101T080000Z", uid="after"),
        event("DTSTART:20261101T070000Z", uid="first, without length"),
    ]
    found = read(*events)
    assert found.events == 4
    assert [one.uid for one in found.occurrences] == ["overlaps", "first, without length"]


def test_one_that_cannot_be_read_takes_no_other_with_it() -> None:
    found = read(
        event(TEN, uid="good"),
        event("DTSTART:soon", uid="bad"),
        event(TEN, "RRULE:FREQ=SECONDLY", uid="endless"),
        event("DTSTART:99991231T235959Z", "DURATION:P9D", uid="beyond"),
        "BEGIN:VEVENT\nSUMMARY:nameless\nEND:VEVENT",
    )
    assert [one.uid for one in found.occurrences] == ["good"]
    assert {problem.uid for problem in found.problems} == {"bad", "endless", "beyond", None}


def test_of_a_series_that_fails_nothing_is_told() -> None:
    """Half of it would look as if the other half were called off."""
    found = read(event(TEN, "RRULE:FREQ=DAILY;COUNT=3", "RRULE:FREQ=HOURLY"))
    assert found.occurrences == ()
    assert [problem.uid for problem in found.problems] == ["one@example.com"]


def test_a_window_is_two_aware_moments_in_order() -> None:
    for window in ((WINDOW[1], WINDOW[0]), (datetime(2026, 1, 1), WINDOW[1])):  # noqa: DTZ001
        with pytest.raises(ValueError, match="window"):
            read_calendar(calendar(), zone=ZONE, window=window)


def test_more_than_anybodys_window_holds_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_OCCURRENCES", 10)
    with pytest.raises(CalendarError, match="more than 10 dates"):
        read(event(TEN, "RRULE:FREQ=DAILY"))


def many(number: int, changed: int = 0, stamp: int = 0) -> bytes:
    """A calendar of so many events, the first of them changed."""
    return calendar(
        *(
            event(
                f"DTSTART:202612{1 + n % 28:02}T{n % 24:02}0000Z",
                f"DTSTAMP:20261101T{stamp:06}Z",
                f"SUMMARY:{'new' if n < changed else 'old'}",
                uid=f"{n}@example.com",
            )
            for n in range(number)
        )
    )


def test_with_a_memory_only_what_changed_is_parsed() -> None:
    memory = Memory()
    first = read_calendar(many(200), zone=ZONE, window=WINDOW, memory=memory)
    again = read_calendar(many(200, stamp=5), zone=ZONE, window=WINDOW, memory=memory)
    changed = read_calendar(many(200, changed=3), zone=ZONE, window=WINDOW, memory=memory)
    assert (first.parsed, again.parsed, changed.parsed) == (200, 0, 3)
    assert again.occurrences == first.occurrences
    assert changed == read_calendar(many(200, changed=3), zone=ZONE, window=WINDOW) or (
        changed.occurrences
        == read_calendar(many(200, changed=3), zone=ZONE, window=WINDOW).occurrences
    )


def test_the_memory_keeps_no_more_than_the_last_calendar() -> None:
    memory = Memory()
    for number in (100, 5):
        read_calendar(many(number), zone=ZONE, window=WINDOW, memory=memory)
    assert len(memory.events) == len(memory.alone) == 5


@pytest.mark.parametrize("head", [("X-WR-TIMEZONE:America/New_York",), ()])
def test_where_the_zones_change_nothing_of_the_memory_holds(head: tuple[str, ...]) -> None:
    memory = Memory()
    floating = event("DTSTART:20261201T100000")
    for before, now in (((), head), (head, ("X-WR-TIMEZONE:UTC",))):
        read(floating, head=before, memory=memory)
        again = read(floating, head=now, memory=memory)
        assert again.occurrences == read(floating, head=now).occurrences


@given(st.lists(st.integers(0, 6), max_size=12), st.integers(0, 2**30))
def test_a_memory_changes_nothing_that_is_read(picked: list[int], seed: int) -> None:
    pieces = [
        event(TEN, uid="a"),
        event(TEN, "SUMMARY:x", uid="a"),
        event(TEN, "RRULE:FREQ=DAILY;COUNT=3", uid="b"),
        event(TEN, "RECURRENCE-ID:20261202T180000Z", "STATUS:CANCELLED", uid="b"),
        event("DTSTART:20261205", uid="c"),
        event("DTSTART:never", uid="d"),
        event("DTSTART:20261205T100000", uid="e"),
    ]
    memory, chance = Memory(), random.Random(seed)
    for _ in range(3):
        chance.shuffle(picked)
        parts = [pieces[n] for n in picked[: chance.randint(0, len(picked))]]
        with_memory, without = read(*parts, memory=memory), read(*parts)
        assert with_memory.occurrences == without.occurrences
        assert with_memory.problems == without.problems


@given(st.binary(max_size=400))
def test_whatever_comes_is_read_or_refused(body: bytes) -> None:
    with contextlib.suppress(CalendarError):
        read_calendar(b"BEGIN:VCALENDAR\n" + body + b"\nEND:VCALENDAR\n", zone=ZONE, window=WINDOW)


LINES = st.sampled_from(
    [
        *("UID:a", "UID:b", TEN, "DTSTART:20261203", "DTSTART:20261203T100000"),
        *("DTEND:20261201T190000Z", "DTEND;VALUE=DATE:20261204", "DURATION:PT1H"),
        *("DURATION:-P1D", "RRULE:FREQ=DAILY;COUNT=5", "RRULE:FREQ=WEEKLY", "SEQUENCE:1"),
        *("EXDATE:20261202T180000Z", "EXDATE;VALUE=DATE:20261203", "STATUS:CANCELLED"),
        *("RECURRENCE-ID:20261203T180000Z", "RDATE:20261220T100000", "TZID:x", "x;"),
        *("RECURRENCE-ID;RANGE=THISANDFUTURE:20261203T180000Z", "RDATE;VALUE=DATE:20261221"),
    ]
)


@given(st.lists(st.lists(LINES, max_size=8), max_size=5))
def test_any_mixture_of_lines_ends_in_something(parts: list[list[str]]) -> None:
    """Nothing raises that is not meant to."""
    found = read(*("\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT"]) for lines in parts))
    assert found.events == len(parts)
    assert all(one.start <= one.end for one in found.occurrences)
    assert all(isinstance(problem, CalendarProblem) for problem in found.problems)


@pytest.mark.parametrize(
    "line",
    [
        "RRULE:FREQ=SECONDLY",
        "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "RRULE:FREQ=DAILY;COUNT=100000",
        "RRULE:FREQ=YEARLY;BYYEARDAY=" + ",".join(str(n) for n in range(1, 100)),
        "EXDATE:" + ",".join(["20261201T180000Z"] * 1000),
        "DESCRIPTION:" + "x" * 20_000,
    ],
)
def test_hostile_events_are_read_in_bounded_time(line: str) -> None:
    start = "DTSTART;TZID=America/Los_Angeles:19900101T100000"
    body = calendar(*(event(start, line, uid=f"{n}") for n in range(150)))
    began = time.thread_time()
    with contextlib.suppress(CalendarError):
        read_calendar(body, zone=ZONE, window=(WINDOW[0], WINDOW[0] + timedelta(days=180)))
    assert time.thread_time() - began < 20
