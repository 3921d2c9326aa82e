"""One VEVENT, read as it is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from icalendar.prop import vDDDTypes

from .lines import Line, lines_of
from .model import CalendarPerson, CalendarProblem, Event, EventError, Stamp

_MAILTO = re.compile("mailto:", re.IGNORECASE)
_UID = re.compile(rb"^UID(?:;[^:\n]*)?:(.*(?:\n[ \t].*)*)", re.IGNORECASE | re.MULTILINE)
#: More than anybody invites; the others are left out.
MOST_ATTENDEES = 50


def read_event(part: bytes, version: str) -> Event | CalendarProblem:
    """The event, or why it cannot be read."""
    try:
        return Event(version=version, **_fields(part))
    except EventError as error:
        return CalendarProblem(_uid(part), str(error))


def _fields(part: bytes) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for line in lines_of(part, _WANTED):
        _READERS[line.name](fields, line)
    for name in ("uid", "start"):
        if not fields.get(name):
            raise EventError(f"it has no {'UID' if name == 'uid' else 'DTSTART'}")
    _check(fields)
    return fields


def _check(fields: dict[str, Any]) -> None:
    if fields.get("recurrence_id") and (fields.get("rules") or fields.get("extra")):
        raise EventError("it is one of a series, and repeats by itself as well")
    start, end, duration = fields["start"], fields.get("end"), fields.get("duration")
    if end is not None:
        fields["duration"] = duration = None  # only one of them may stand; Thunderbird writes both
    if end is not None and end.is_day != start.is_day:
        raise EventError("of its DTSTART and DTEND one has a time and one has none")
    if duration is not None and start.is_day and duration % timedelta(days=1):
        raise EventError("it begins on a day without a time and lasts for hours")


def _uid(part: bytes) -> str | None:
    found = _UID.search(part)
    text = re.sub(rb"\n[ \t]?", b"", found[1]) if found else b""
    return text.decode("utf-8", "replace").strip()[:1000] or None


def _stamp(value: str, line: Line) -> Stamp:
    found = _when(value, line)
    if not isinstance(found, date):
        raise EventError(f"its {line.name} is neither a date nor a time")
    return _as_stamp(found, line)


def _when(value: str, line: Line) -> Any:
    """A date, a time, a duration or a period, times without a zone unless they end with Z."""
    try:
        return vDDDTypes.from_ical(value.strip())  # type: ignore[no-untyped-call] # the library's
    except (ValueError, OverflowError):
        raise EventError(f"its {line.name} is not a time that exists") from None


def _as_stamp(found: date, line: Line) -> Stamp:
    if not isinstance(found, datetime):
        return Stamp(found)
    if found.tzinfo is not None:
        return Stamp(found.astimezone(UTC).replace(tzinfo=None), "UTC")
    return Stamp(found, line.params.get("TZID", "").strip(' "') or None)


def _one(name: str) -> Callable[[dict[str, Any], Line], None]:
    """Reads a property that stands once; two of it contradict each other."""

    def read(fields: dict[str, Any], line: Line) -> None:
        stamp = _stamp(line.value, line)
        if fields.setdefault(name, stamp) != stamp:
            raise EventError(f"it has two {line.name}")

    return read


def _recurrence_id(fields: dict[str, Any], line: Line) -> None:
    fields["recurrence_id"] = _stamp(line.value, line)
    fields["this_and_future"] = line.params.get("RANGE", "").upper() == "THISANDFUTURE"


def _duration(fields: dict[str, Any], line: Line) -> None:
    found = _when(line.value, line)
    if not isinstance(found, timedelta):
        raise EventError("its DURATION is none")
    fields["duration"] = found


def _text(name: str) -> Callable[[dict[str, Any], Line], None]:
    def read(fields: dict[str, Any], line: Line) -> None:
        fields[name] = line.value.strip()

    return read


def _status(fields: dict[str, Any], line: Line) -> None:
    fields["status"] = line.value.strip().upper() or None


def _sequence(fields: dict[str, Any], line: Line) -> None:
    text = line.value.strip()
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise EventError("its SEQUENCE is no number")
    fields["sequence"] = int(text)


def _rule(fields: dict[str, Any], line: Line) -> None:
    if rule := line.value.strip():  # some programs write an empty one
        fields["rules"] = (*fields.get("rules", ()), rule)


def _exrule(_fields: dict[str, Any], _line: Line) -> None:
    raise EventError("it leaves out by an EXRULE, which is no longer understood")


def _extra(fields: dict[str, Any], line: Line) -> None:
    """RDATE: dates, times, or periods with a length of their own."""
    found: list[tuple[Stamp, timedelta | None]] = []
    for value in _values(line):
        when = _when(value, line)
        if isinstance(when, tuple):
            start, end = when
            length = end if isinstance(end, timedelta) else end - start
            found.append((_as_stamp(start, line), length))
        elif isinstance(when, date):
            found.append((_as_stamp(when, line), None))
        else:
            raise EventError("its RDATE is neither a date nor a time")
    fields["extra"] = (*fields.get("extra", ()), *found)


def _left_out(fields: dict[str, Any], line: Line) -> None:
    found = [_stamp(value, line) for value in _values(line)]
    fields["left_out"] = (*fields.get("left_out", ()), *found)


def _values(line: Line) -> Iterator[str]:
    return (value for value in line.value.split(",") if value.strip())


def _organizer(fields: dict[str, Any], line: Line) -> None:
    fields["organizer"] = _person(line)


def _attendee(fields: dict[str, Any], line: Line) -> None:
    attendees = fields.get("attendees", ())
    if len(attendees) < MOST_ATTENDEES:
        fields["attendees"] = (*attendees, _person(line))


def _person(line: Line) -> CalendarPerson:
    address = line.value.strip()
    email = _MAILTO.sub("", address).strip() if _MAILTO.match(address) else None
    state = line.params.get("PARTSTAT", "").upper()
    return CalendarPerson(line.params.get("CN", "").strip() or None, email or None, state or None)


_READERS: dict[str, Callable[[dict[str, Any], Line], None]] = {
    "UID": _text("uid"),
    "DTSTART": _one("start"),
    "DTEND": _one("end"),
    "DURATION": _duration,
    "RECURRENCE-ID": _recurrence_id,
    "RRULE": _rule,
    "EXRULE": _exrule,
    "RDATE": _extra,
    "EXDATE": _left_out,
    "SEQUENCE": _sequence,
    "STATUS": _status,
    "SUMMARY": _text("summary"),
    "DESCRIPTION": _text("description"),
    "LOCATION": _text("location"),
    "ORGANIZER": _organizer,
    "ATTENDEE": _attendee,
}
_WANTED = frozenset(_READERS)
