"""A calendar's own definition of a zone."""

import time
from datetime import datetime, timedelta

import pytest

from massage_ins_bridge.calendars.vtimezone import MOST_SECTIONS, defined, name_of

STANDARD = (
    "BEGIN:STANDARD\nDTSTART:{0}T020000\nTZOFFSETFROM:-0700\nTZOFFSETTO:-0800\n{1}\nEND:STANDARD\n"
)
DAYLIGHT = STANDARD.replace("STANDARD", "DAYLIGHT").replace(
    "-0700\nTZOFFSETTO:-0800", "-0800\nTZOFFSETTO:-0700"
)
NOVEMBER, MARCH = "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU"
PACIFIC = f"TZID:Here\n{STANDARD.format('20071104', NOVEMBER)}{DAYLIGHT.format('20070311', MARCH)}"


def test_a_definition_is_followed() -> None:
    zone = defined(PACIFIC.encode())
    assert zone is not None
    summer, winter = datetime(2026, 7, 1, 12), datetime(2026, 12, 1, 12)  # noqa: DTZ001 - walls
    assert zone.utcoffset(summer) == timedelta(hours=-7)
    assert zone.utcoffset(winter) == timedelta(hours=-8)


def test_its_name() -> None:
    assert name_of(PACIFIC.encode()) == "Here"
    assert name_of(b"X:1\n") == name_of(b"TZID;X:1\n") == ""


@pytest.mark.parametrize(
    "rule",
    [
        "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU;UNTIL=20301231T000000Z;BYHOUR=2",
        "RDATE;VALUE=DATE-TIME:20081102T020000",
        "X-PROP:x\nTZNAME:PST\nCOMMENT:x",
    ],
)
def test_what_programs_write_is_taken(rule: str) -> None:
    assert defined(STANDARD.format("20071104", rule).encode()) is not None


@pytest.mark.parametrize(
    "part",
    [
        "",
        "TZID:Here\n",
        STANDARD.format("20071104", "RRULE:FREQ=SECONDLY"),
        STANDARD.format("20071104", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
        STANDARD.format("20071104", "RRULE:BYMONTH=2"),
        STANDARD.format("20071104", "RRULE:FREQ=YEARLY;UNTIL=20301231T000000Z;COUNT=9"),
        STANDARD.format("20071104", "RDATE;X:20071104"),
        STANDARD.format("20071399", NOVEMBER),
        STANDARD.format("20071104", NOVEMBER).replace("TZOFFSETFROM:-0700\n", ""),
        STANDARD.format("20071104", NOVEMBER).replace("-0700", "west"),
        STANDARD.format("20071104", NOVEMBER) * (MOST_SECTIONS + 1),
    ],
)
def test_what_cannot_be_used_is_left(part: str) -> None:
    assert defined(part.encode()) is None


def test_a_hostile_definition_takes_no_time() -> None:
    began = time.thread_time()
    defined(b"BEGIN:STANDARD\n" * 1_000_000)
    defined(b"BEGIN:STANDARD\nDTSTART:1\n" * 500_000 + b"END:DAYLIGHT\n")
    assert time.thread_time() - began < 5
