"""Changing one event of a stored object and nothing else: every other byte stays as it is.

Lines are only told apart here; what they say is read by ``massage_ins_bridge.api.calendars``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_NAME = re.compile(rb"([A-Za-z0-9-]+)(?=[;:])")
_PIECE = re.compile(rb"[^\n]*\n|[^\n]+\Z")
#: Properties by which an event stands for more than one visit.
_SERIES = frozenset({"RRULE", "RDATE", "EXRULE", "RECURRENCE-ID"})
#: RFC 5545, 3.1: octets in a line.
_FOLD = 75


class NotAloneError(ValueError):
    """The object holds no event, several, or one that repeats."""


@dataclass(slots=True)
class _Line:
    """A line with its folds; ``name`` in capitals, ``own``: right in the event."""

    raw: bytes
    name: str = ""
    own: bool = False


class Event:
    """The one event of a stored object. Raises ``NotAloneError`` where it is not one alone."""

    def __init__(self, body: bytes) -> None:
        self._lines = list(_lines(body))
        begins = [n for n, line in enumerate(self._lines) if _says(line, b"BEGIN:VEVENT")]
        ends = [n for n, line in enumerate(self._lines) if _says(line, b"END:VEVENT")]
        if len(begins) != 1 or len(ends) != 1 or ends[0] < begins[0]:
            raise NotAloneError("the object does not hold one event")
        self._begin, self._end = begins[0], ends[0]
        self._mark_own()
        if any(line.own and line.name in _SERIES for line in self._lines):
            raise NotAloneError("the event repeats")

    def value(self, name: str) -> str:
        """A property's value as it is written, unfolded; empty where there is none."""
        for line in self._lines:
            if line.own and line.name == name:
                return _unfolded(line.raw).partition(":")[2].strip()
        return ""

    def put(self, name: str, value: str, params: str = "") -> None:
        """Give a property this value, in place of all that it had."""
        raw = _folded(f"{name}{params}:{value}".encode(), self._ending())
        places = [n for n, line in enumerate(self._lines) if line.own and line.name == name]
        if not places:
            self._insert(raw, name)
            return
        self._lines[places[0]] = _Line(raw, name, own=True)
        for place in reversed(places[1:]):
            self._remove(place)

    def drop(self, name: str, params: str = "") -> None:
        """Take out a property, where its parameters hold that text."""
        for place in reversed(range(len(self._lines))):
            line = self._lines[place]
            if line.own and line.name == name and params in _unfolded(line.raw).partition(":")[0]:
                self._remove(place)

    def add(self, name: str, value: str, params: str = "") -> None:
        """Add one more of a property."""
        self._insert(_folded(f"{name}{params}:{value}".encode(), self._ending()), name)

    def body(self) -> bytes:
        """The whole object."""
        return b"".join(line.raw for line in self._lines)

    def _mark_own(self) -> None:
        depth = 0
        for line in self._lines[self._begin + 1 : self._end]:
            if line.name == "END":
                depth -= 1
            line.own = depth == 0 and line.name not in ("BEGIN", "END", "")
            if line.name == "BEGIN":
                depth += 1
        if depth:
            raise NotAloneError("the object is broken")

    def _insert(self, raw: bytes, name: str) -> None:
        """Before the first component in the event, or before its end."""
        place = next(
            (
                n
                for n in range(self._begin + 1, self._end + 1)
                if self._lines[n].name in ("BEGIN", "END")
            ),
            self._end,
        )
        self._lines.insert(place, _Line(raw, name, own=True))
        self._end += 1

    def _remove(self, place: int) -> None:
        del self._lines[place]
        self._end -= 1

    def _ending(self) -> bytes:
        return b"\r\n" if self._lines[self._begin].raw.endswith(b"\r\n") else b"\n"


def is_series(body: bytes) -> bool:
    """Whether an object stands for anything but one visit."""
    try:
        Event(body)
    except NotAloneError:
        return True
    return False


def text(value: str) -> str:
    """A text as a property carries it (RFC 5545, 3.3.11)."""
    plain = "".join(c if c.isprintable() or c == "\n" else " " for c in value)
    for sign, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        plain = plain.replace(sign, written)
    return plain


def _lines(body: bytes) -> Iterator[_Line]:
    raw = b""
    for piece in _PIECE.findall(body):
        if raw and piece[:1] in (b" ", b"\t"):
            raw += piece
            continue
        if raw:
            yield _line(raw)
        raw = piece
    if raw:
        yield _line(raw)


def _line(raw: bytes) -> _Line:
    found = _NAME.match(raw.removeprefix(b"\xef\xbb\xbf"))
    return _Line(raw, found[1].decode().upper() if found else "")


def _says(line: _Line, words: bytes) -> bool:
    return line.raw.strip().upper() == words


def _unfolded(raw: bytes) -> str:
    return re.sub(rb"\r?\n[ \t]", b"", raw).decode("utf-8", "replace").strip("\r\n")


def _folded(line: bytes, ending: bytes) -> bytes:
    """The line with its folds, never within a character."""
    parts, room = [], _FOLD
    while len(line) > room:
        cut = room
        while cut > 1 and (line[cut] & 0xC0) == 0x80:
            cut -= 1
        parts.append(line[:cut])
        line, room = line[cut:], _FOLD - 1
    return (ending + b" ").join([*parts, line]) + ending
