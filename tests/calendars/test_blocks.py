"""Cutting: what is a calendar, and that no body costs more than its length."""

import contextlib
import time

import pytest
from tests.calendars.written import calendar, event

from massage_ins_bridge.calendars import blocks
from massage_ins_bridge.calendars.blocks import cut, fingerprint
from massage_ins_bridge.calendars.model import CalendarError

ONE = event("DTSTART:20261201T180000Z")
ALARM = "BEGIN:VALARM\nUID:other\nTRIGGER:-PT15M\nEND:VALARM"


def test_a_calendar_is_cut_into_its_parts() -> None:
    zone = "BEGIN:VTIMEZONE\nTZID:Here\nEND:VTIMEZONE"
    todo = "BEGIN:VTODO\nUID:todo\nEND:VTODO"
    parts = cut(calendar(zone, ONE, todo, event("DTSTART:20261202", ALARM), head=("X-A:b",)))
    assert len(parts.events) == 2
    assert b"VALARM" in parts.events[1]
    assert parts.zones == [b"TZID:Here\n"]
    assert b"X-A:b" in b"\n".join(parts.head)
    assert b"todo" not in b"\n".join(parts.head)


@pytest.mark.parametrize("noise", ["DTSTAMP:2026", "LAST-MODIFIED;X=1:2026\n  1201", "CREATED:2"])
def test_what_is_written_anew_each_time_is_no_change(noise: str) -> None:
    with_it = cut(calendar(event("DTSTART:20261201T180000Z", noise)))
    assert [fingerprint(e) for e in with_it.events] == [
        fingerprint(e) for e in cut(calendar(ONE)).events
    ]


def test_any_other_line_is_a_change() -> None:
    marks = {
        fingerprint(part)
        for lines in (["A:b"], ["A:c"], ["A:b", "SEQUENCE:1"])
        for part in cut(calendar(event(*lines))).events
    }
    assert len(marks) == 3


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"<!DOCTYPE html><html>Please log in</html>", "web page"),
        (b"<?xml version='1.0'?><!DOCTYPE l [<!ENTITY a 'x'>]><l>&a;</l>", "XML"),
        (b"  <html lang=en>", "web page"),
        (b'{"error": "not found"}', "does not begin"),
        (b"BEGIN:VEVENT\nUID:1\nEND:VEVENT\n", "does not begin"),
        (calendar(ONE)[:-40], "cut off"),
        (calendar(ONE).replace(b"END:VEVENT\r\n", b""), "that did not begin"),
        (calendar(ONE).replace(b"END:VCALENDAR", b""), "cut off"),
        (calendar("BEGIN:VEVENT\nUID:1", ONE, "END:VEVENT"), "within another"),
        (calendar("END:VEVENT"), "did not begin"),
        (calendar("BEGIN:VCALENDAR\nEND:VCALENDAR"), "lie wrongly"),
        (calendar(*["BEGIN:VTODO"] * 20, *["END:VTODO"] * 20), "lie wrongly"),
        (calendar(ONE) + b"<p>Served by example</p>", "something else"),
    ],
)
def test_what_is_no_whole_calendar_is_refused_in_one_line(body: bytes, said: str) -> None:
    with pytest.raises(CalendarError, match=said) as error:
        cut(body)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_ways_of_writing_text_are_one(encoding: str, ending: str) -> None:
    text = calendar(event("SUMMARY:Mün", "begin:VALARM\nend:valarm")).decode()
    parts = cut(text.replace("\r\n", ending).encode(encoding))
    assert "SUMMARY:Mün" in parts.events[0].decode()


def test_several_calendars_after_one_another_are_one() -> None:
    assert len(cut(calendar(ONE) + b"\r\n" + calendar(ONE)).events) == 2


def test_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "MOST_EVENTS", 2)
    with pytest.raises(CalendarError, match="more than 2 events"):
        cut(calendar(ONE, ONE, ONE))
    monkeypatch.setattr(blocks, "MOST_BYTES", 1024 * 1024)
    with pytest.raises(CalendarError, match="larger than 1 MB"):
        cut(b"x" * (1024 * 1024 + 1))


@pytest.mark.parametrize(
    "body",
    [
        b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\n" * 300_000,
        b"BEGIN:VCALENDAR\n" + b"BEGIN:X\nEND:X\n" * 200_000,
        b"BEGIN:VCALENDAR\n" + b"END:VEVENT\n" * 300_000 + b"BEGIN:VEVENT\n" * 300_000,
        b"BEGIN:VCALENDAR\n" + b"DTSTAMP:1\n " * 500_000,
        b"\n" * 4_000_000,
        b"BEGIN:VCALENDAR\n" + b"\n \t" * 1_500_000,
    ],
)
def test_no_body_takes_more_time_than_its_length(body: bytes) -> None:
    began = time.thread_time()
    with contextlib.suppress(CalendarError):
        cut(body)
    assert time.thread_time() - began < 5
