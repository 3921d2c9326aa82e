"""A feed is right to every reader: times, zone, lines and folding as RFC 5545 has them."""

import io
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical
from hypothesis import given
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar

from massage_ins_bridge.calendars.feed import Entry, definition, write_feed

SEATTLE = ZoneInfo("America/Los_Angeles")
CHANGED = datetime(2026, 11, 22, 18, tzinfo=UTC)
HOUR = timedelta(hours=1)


def entry(start: date, **values: object) -> Entry:
    end = start + HOUR if isinstance(start, datetime) else None
    given: dict[str, object] = {"title": "A. L.", "status": "CONFIRMED", "note": ""}
    return Entry("bkg_1@example", 3, CHANGED, start, end, **{**given, **values})  # type: ignore[arg-type]


def written(*entries: Entry) -> bytes:
    return write_feed("Massages", SEATTLE, entries, timedelta(minutes=15))


def test_lines_are_those_of_the_standard() -> None:
    body = written(entry(CHANGED, title="Ä; b, c\\d " * 20, note="One\ntwo"))
    assert body.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in body.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    (event,) = Calendar.from_ical(body).walk("VEVENT")
    assert str(event["SUMMARY"]) == ("Ä; b, c\\d " * 20)
    assert str(event["DESCRIPTION"]) == "One\ntwo"


@pytest.mark.parametrize("status", ["TENTATIVE", "CONFIRMED", "CANCELLED"])
def test_another_library_reads_it(status: str) -> None:
    start = datetime(2026, 12, 8, 18, tzinfo=UTC)
    day = entry(date(2026, 12, 9))
    made = written(entry(start, status=status), day).decode()
    timed, whole = IcsCalendarStream.calendar_from_ics(made).events
    assert timed.dtstart == start
    assert isinstance(timed.dtstart, datetime)
    assert timed.dtstart.tzinfo is not None
    assert (timed.status, timed.sequence, timed.uid) == (status, 3, "bkg_1@example")
    assert (whole.dtstart, whole.dtend) == (date(2026, 12, 9), date(2026, 12, 10))


def test_the_same_entries_are_the_same_bytes() -> None:
    two = [entry(datetime(2026, 12, day, 18, tzinfo=UTC)) for day in (8, 9)]
    assert written(*two) == written(*reversed(two))


def test_an_empty_feed_is_a_calendar() -> None:
    assert str(Calendar.from_ical(written())["X-WR-CALNAME"]) == "Massages"


def test_the_hour_that_comes_twice_is_told_apart() -> None:
    first = datetime(2026, 11, 1, 8, 30, tzinfo=UTC)  # half past one, before the clock goes back
    for start in (first, first + HOUR):
        (event,) = Calendar.from_ical(written(entry(start))).walk("VEVENT")
        assert event.decoded("DTSTART").astimezone(UTC) == start


@given(
    name=st.sampled_from(["America/Los_Angeles", "Australia/Lord_Howe", "Asia/Kolkata", "Etc/UTC"]),
    minute=st.integers(0, 3 * 366 * 24 * 2),
)
def test_the_definition_says_what_the_zone_says(name: str, minute: int) -> None:
    """Read by a library that knows no zones by their names."""
    zone = ZoneInfo(name)
    text = definition(zone, 2025, 2028).to_ical().decode()
    defined = tzical(io.StringIO(text)).get()
    local = (datetime(2025, 6, 1, tzinfo=UTC) + timedelta(minutes=30 * minute)).astimezone(zone)
    wall = local.replace(tzinfo=None)
    assert wall.replace(tzinfo=defined, fold=local.fold).utcoffset() == local.utcoffset()


def test_clocks_go_forward_when_they_do() -> None:
    text = definition(SEATTLE, 2026, 2026).to_ical().decode()
    assert "DTSTART:20260308T020000" in text
    assert "DTSTART:20261101T020000" in text
