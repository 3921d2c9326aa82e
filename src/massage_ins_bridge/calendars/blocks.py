"""A calendar's bytes, cut into its parts without reading what they say."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from hashlib import blake2b

from .model import CalendarError

#: More than any clinic's calendar holds: ten thousand events take some 3 to 8 million bytes.
MOST_BYTES = 16 * 1024 * 1024
MOST_EVENTS = 50_000
#: How deep components lie in one another at most: an alarm in an event in a calendar is 3.
DEEPEST = 8

_MARK = re.compile(rb"^(BEGIN|END):([A-Z0-9-]+)[ \t]*(?:\n|\Z)", re.IGNORECASE | re.MULTILINE)
#: What a server writes anew each time that it is asked, or that says only that something else
#: changed (RFC 5545, 3.8.7).
_NOISE = re.compile(
    rb"\n(?:DTSTAMP|LAST-MODIFIED|CREATED)[;:][^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE
)
_BEGINS, _ENDS = b"\nBEGIN:VEVENT\n", b"\nEND:VEVENT\n"
_BETWEEN = b"\nEND:VEVENT\nBEGIN:VEVENT\n"
_MARKUP = re.compile(rb"<(?:!doctype|!--|\?xml|[a-z][a-z0-9]*[ \n>/])", re.IGNORECASE)


@dataclass(slots=True)
class Parts:
    """``head``: the calendar's own lines; ``zones`` and ``events``: the insides of its VTIMEZONE
    and VEVENT; all without what is written anew each time."""

    head: list[bytes] = field(default_factory=list)
    zones: list[bytes] = field(default_factory=list)
    events: list[bytes] = field(default_factory=list)


def cut(body: bytes) -> Parts:
    """The parts of a calendar, or of several after one another, in time that grows with the
    length alone. Raises ``CalendarError``."""
    if len(body) > MOST_BYTES:
        raise CalendarError(f"the calendar is larger than {MOST_BYTES // 1024 // 1024} MB")
    text = _NOISE.sub(b"", _plain(body))
    _is_calendar(text)
    events, rest = _split(text)
    parts = _Cutter(rest).parts
    parts.events += events
    if len(parts.events) > MOST_EVENTS:
        raise CalendarError(f"the calendar holds more than {MOST_EVENTS} events")
    return parts


def _split(text: bytes) -> tuple[list[bytes], bytes]:
    """The events, and what is left of the calendar, where they follow one another and hold nothing
    but alarms, as most do; that is quicker than to go from mark to mark. Else no events."""
    first, last = text.find(_BEGINS), text.rfind(_ENDS)
    if first < 0 or last < first:
        return [], text
    inside = text[first + len(_BEGINS) : last + 1]
    events = [event + b"\n" for event in inside.split(_BETWEEN)]
    begins = inside.count(b"\nBEGIN:") - inside.count(b"\nBEGIN:VALARM\n")
    ends = inside.count(b"\nEND:") - inside.count(b"\nEND:VALARM\n")
    if not begins == ends == len(events) - 1:
        return [], text
    events[-1] = events[-1][:-1]
    return events, text[: first + 1] + text[last + len(_ENDS) :]


def fingerprint(part: bytes) -> bytes:
    """Equal for equal parts."""
    return blake2b(part, digest_size=16).digest()


def _plain(body: bytes) -> bytes:
    """UTF-8 with ``\\n`` at the end of each line, whatever it was."""
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        body = body.decode("utf-16", "replace").encode()
    body = body.removeprefix(b"\xef\xbb\xbf")
    if b"\r" in body:
        body = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return body.lstrip()


def _is_calendar(text: bytes) -> None:
    if not text:
        raise CalendarError("the answer is empty, and no calendar")
    if _MARKUP.match(text):
        raise CalendarError("the answer is a web page or XML, and no calendar")
    if not re.match(rb"BEGIN:VCALENDAR[ \t]*\n", text, re.IGNORECASE):
        raise CalendarError("the answer is no calendar: it does not begin with BEGIN:VCALENDAR")


class _Cutter:
    """Goes from mark to mark, with the names and beginnings of what is open."""

    def __init__(self, text: bytes) -> None:
        self.parts = Parts()
        self._text = text
        self._open: list[tuple[bytes, int]] = []
        self._at = 0
        for mark in _MARK.finditer(text):
            name = mark[2].upper()
            if mark[1].upper() == b"BEGIN":
                self._begin(name, mark)
            else:
                self._end(name, mark)
        if self._open:
            raise CalendarError("the calendar is cut off: its END:VCALENDAR is missing")
        self._between(len(text))

    def _begin(self, name: bytes, mark: re.Match[bytes]) -> None:
        depth = len(self._open)
        if depth < 2:
            self._between(mark.start())
        if (name == b"VCALENDAR") is (depth > 0) or depth == DEEPEST:
            raise CalendarError("the calendar is broken: its parts lie wrongly in one another")
        if name == b"VEVENT" and depth > 1:
            raise CalendarError("the calendar is broken: an event begins within another part")
        self._open.append((name, mark.end()))
        self._at = mark.end()

    def _end(self, name: bytes, mark: re.Match[bytes]) -> None:
        if not self._open or self._open[-1][0] != name:
            raise CalendarError("the calendar is broken: a part ends that did not begin")
        if len(self._open) == 1:
            self._between(mark.start())
        _, start = self._open.pop()
        depth = len(self._open)
        if depth == 1 and name in (b"VEVENT", b"VTIMEZONE"):
            kept = self.parts.events if name == b"VEVENT" else self.parts.zones
            kept.append(self._text[start : mark.start()])
            if len(kept) > MOST_EVENTS:
                raise CalendarError(f"the calendar holds more than {MOST_EVENTS} events")
        self._at = mark.end()

    def _between(self, end: int) -> None:
        """What stands between two marks is the calendar's own, or should not be there."""
        text = self._text[self._at : end].strip()
        if text and not self._open:
            raise CalendarError("the answer holds something else beside the calendar")
        if text:
            self.parts.head.append(text)
