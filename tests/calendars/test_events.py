"""One VEVENT, read as it is written."""

from datetime import date, datetime, timedelta

import pytest

from massage_ins_bridge.calendars.events import MOST_ATTENDEES, read_event
from massage_ins_bridge.calendars.model import CalendarPerson, CalendarProblem, Event, Stamp

START = "DTSTART;TZID=Here:20261201T100000"


def read(*lines: str) -> Event | CalendarProblem:
    return read_event("\n".join(("UID:1", *lines)).encode(), "v")


def good(*lines: str) -> Event:
    found = read(START, *lines)
    assert isinstance(found, Event), found
    return found


def wall(hour: int, day: int = 1) -> datetime:
    return datetime(2026, 12, day, hour)  # noqa: DTZ001 - a wall has no zone


def test_what_is_written_is_read() -> None:
    assert good(
        "DTEND:20261201T190000Z",
        "SEQUENCE:3",
        "STATUS:tentative",
        "SUMMARY:Massage\\, 60",
        "DESCRIPTION:a\\nb",
        "LOCATION:Room 1",
        'ORGANIZER;CN="Mira":MAILTO:mira@example.com',
        "ATTENDEE;PARTSTAT=declined:mailto:jo@example.com",
        "ATTENDEE;CN=No mail:urn:uuid:1",
        "RRULE:FREQ=DAILY",
        "RRULE:",
        "EXDATE;TZID=Here:20261202T100000,20261203T100000",
        "RDATE;VALUE=PERIOD:20261204T180000Z/PT2H,20261205T180000Z/20261205T183000Z",
        "RDATE;VALUE=DATE:20261206",
    ) == Event(
        uid="1",
        version="v",
        start=Stamp(wall(10), "Here"),
        end=Stamp(wall(19), "UTC"),
        sequence=3,
        status="TENTATIVE",
        summary="Massage, 60",
        description="a\nb",
        location="Room 1",
        organizer=CalendarPerson("Mira", "mira@example.com"),
        attendees=(
            CalendarPerson(None, "jo@example.com", "DECLINED"),
            CalendarPerson("No mail", None),
        ),
        rules=("FREQ=DAILY",),
        left_out=(Stamp(wall(10, 2), "Here"), Stamp(wall(10, 3), "Here")),
        extra=(
            (Stamp(wall(18, 4), "UTC"), timedelta(hours=2)),
            (Stamp(wall(18, 5), "UTC"), timedelta(minutes=30)),
            (Stamp(date(2026, 12, 6)), None),
        ),
    )


def test_a_change_of_one_of_a_series_is_known() -> None:
    found = good("RECURRENCE-ID;RANGE=THISANDFUTURE:20261201T180000Z", "DURATION:PT45M")
    assert found.repeats
    assert found.this_and_future
    assert found.recurrence_id == Stamp(wall(18), "UTC")
    assert found.duration == timedelta(minutes=45)
    assert not good().repeats


def test_of_an_end_and_a_length_the_end_counts() -> None:
    assert good("DURATION:PT0S", "DTEND:20261201T190000Z").duration is None


def test_no_more_attendees_than_anybody_invites() -> None:
    crowd = [f"ATTENDEE:mailto:a{n}@example.com" for n in range(200)]
    assert len(good(*crowd).attendees) == MOST_ATTENDEES


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], "no DTSTART"),
        (["DTSTART:soon"], "DTSTART is not a time"),
        (["DTSTART:20260230T100000"], "DTSTART is not a time"),
        (["DTSTART:20261201T250000"], "DTSTART is not a time"),
        (["DTSTART:PT1H"], "neither a date"),
        ([START, "DTSTART:20261202"], "two DTSTART"),
        ([START, "DTEND;VALUE=DATE:20261202"], "one has a time and one has none"),
        (["DTSTART:20261201", "DURATION:PT1H"], "lasts for hours"),
        ([START, "DURATION:20261201"], "DURATION"),
        ([START, "SEQUENCE:one"], "SEQUENCE"),
        ([START, "EXRULE:FREQ=DAILY"], "EXRULE"),
        ([START, "RDATE:PT1H"], "RDATE"),
        ([START, "EXDATE:,x"], "EXDATE"),
        ([START, "RECURRENCE-ID:1"], "RECURRENCE-ID"),
        ([START, "RECURRENCE-ID:20261201T180000Z", "RRULE:FREQ=DAILY"], "repeats by itself"),
        ([START, "DURATION;X:PT1H"], "DURATION cannot be read"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_name(lines: list[str], said: str) -> None:
    found = read(*lines)
    assert isinstance(found, CalendarProblem)
    assert found.uid == "1"
    assert said in found.text


def test_an_event_without_a_name_is_a_problem_without_one() -> None:
    found = read_event(f"{START}\n".encode(), "v")
    assert found == CalendarProblem(None, "it has no UID")
    folded = read_event(b"UID;X=1:a\n b\n", "v")
    assert folded == CalendarProblem("ab", "it has no DTSTART")
