"""Calendars of other programs: each is read right or refused, and two other readers agree."""

import warnings
from datetime import UTC, date, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path

import icalendar
import pytest
import recurring_ical_events
from ical.calendar_stream import IcsCalendarStream
from ical.exceptions import CalendarParseError
from tests.calendars.written import ZONE

from massage_ins_bridge.calendars.model import CalendarError
from massage_ins_bridge.calendars.read import read_calendar

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.ics"))
_spec = find_spec("recurring_ical_events")
assert _spec is not None
assert _spec.origin is not None
#: What its authors, and its users' reports, have tested the library with that unfolds series.
REPORTED = sorted((Path(_spec.origin).parent / "test" / "calendars").glob("*.ics"))
WINDOW = (datetime(2000, 1, 1, tzinfo=ZONE), datetime(2027, 1, 1, tzinfo=ZONE))
Found = set[tuple[str, datetime, datetime]]
#: Refused: they hold no calendar, or the letters that make one are damaged.
REFUSED = {path.name for path in CORPUS if not path.read_bytes().startswith(b"BEGIN:VCAL")} | {
    "issue_201_test_matrix.ics"
}
#: Of these the other reader gives up, or reads otherwise than RFC 5545; ours is judged above.
NOT_BY_ICAL = {
    "compat-google_dtstart_until_mismatch.ics",
    "compat-office_365_extended_timezone.ics",
    "compat-office_365_invalid_timezone.ics",
}


def moment(value: date) -> datetime:
    if not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=ZONE)
    return (value if value.tzinfo else value.replace(tzinfo=ZONE)).astimezone(UTC)


def end(start: date, end: date) -> datetime:
    """A day that ends on itself is one day."""
    if start == end and not isinstance(start, datetime):
        end += timedelta(days=1)
    return moment(end)


def by_ical(body: bytes) -> Found:
    timeline = IcsCalendarStream.calendar_from_ics(body.decode()).timeline_tz(ZONE)
    found = timeline.overlapping(*WINDOW)
    events = [(e.uid or "", e.dtstart, e.end) for e in found if e.dtstart is not None]
    return {(uid, moment(start), end(start, last)) for uid, start, last in events}


def by_recurring_ical_events(body: bytes) -> Found:
    calendars = icalendar.Calendar.from_ical(body, multiple=True)
    found = [e for one in calendars for e in recurring_ical_events.of(one).between(*WINDOW)]
    return {
        (str(e["UID"]), moment(e["DTSTART"].dt), end(e["DTSTART"].dt, e["DTEND"].dt)) for e in found
    }


def compare(body: bytes, theirs: Found) -> int:
    """All that is not in doubt is as the other reader has it; how many that are."""
    read = read_calendar(body, zone=ZONE, window=WINDOW, floating_is_local=True)
    aside = {problem.uid for problem in read.problems}
    aside |= {one.uid for one in read.occurrences if one.doubt}
    ours = {(o.uid, o.start.astimezone(UTC), o.end.astimezone(UTC)) for o in read.occurrences}
    ours = {one for one in ours if one[0] not in aside}
    assert ours == {one for one in theirs if one[0] not in aside}
    return len(ours)


@pytest.mark.parametrize("path", CORPUS, ids=lambda p: p.stem)
def test_each_is_read_or_refused_in_one_clear_line(path: Path) -> None:
    if path.name not in REFUSED:
        assert read_calendar(path.read_bytes(), zone=ZONE, window=WINDOW).problems == ()
        return
    with pytest.raises(CalendarError) as error:
        read_calendar(path.read_bytes(), zone=ZONE, window=WINDOW)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("path", CORPUS, ids=lambda p: p.stem)
def test_where_ical_reads_a_calendar_it_agrees(path: Path) -> None:
    body = path.read_bytes()
    try:
        theirs = by_ical(body)
    except CalendarParseError:
        assert path.name in NOT_BY_ICAL or path.stem.startswith("parsing-invalid")
        return
    if path.name not in REFUSED:
        compare(body, theirs)


READ = [path for path in (*CORPUS, *REPORTED) if path.name not in REFUSED]


@pytest.mark.parametrize("path", READ, ids=lambda p: p.stem)
def test_the_library_that_unfolds_series_agrees(path: Path) -> None:
    body = path.read_bytes()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            theirs = by_recurring_ical_events(body)
        except (ValueError, KeyError):  # it gives up: there is nothing to compare with
            theirs = None
    if theirs is not None:
        compare(body, theirs)


def test_there_is_much_to_compare() -> None:
    assert len(CORPUS) > 40
    assert len(REPORTED) > 80
