"""Content lines of a part: unfolded, and taken apart by the library."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from icalendar.parser import Contentline

from .model import EventError

#: A line may be folded within a letter of several bytes (RFC 5545, 3.1).
_FOLD = re.compile(rb"\n[ \t]")
_NAME = re.compile("[A-Za-z0-9-]+(?=[;:])")
#: Longer than any text that somebody reads; the rest of it is cut off.
MOST_TEXT = 20_000
#: Of these the end may go: they are for people to read.
_TEXTS = frozenset({"SUMMARY", "DESCRIPTION", "LOCATION"})


class Line(NamedTuple):
    """One line, its name in capitals."""

    name: str
    params: Mapping[str, str]
    value: str


def lines_of(part: bytes, wanted: frozenset[str]) -> Iterator[Line]:
    """The lines of the wanted names, but for those of components within the part. Raises
    ``EventError`` for one that cannot be read."""
    depth = 0
    for line in _FOLD.sub(b"", part).decode("utf-8", "replace").split("\n"):
        found = _NAME.match(line)
        name = found[0].upper() if found else ""
        if name == "BEGIN":
            if line[6:].strip().upper() == "VEVENT":
                raise EventError("another event begins within it")
            depth += 1
        elif name == "END":
            depth -= 1
        elif name in wanted and not depth:
            yield _read(name, line)
    if depth:
        raise EventError("a part of it begins and does not end")


def _read(name: str, line: str) -> Line:
    if len(line) > MOST_TEXT:
        if name not in _TEXTS:
            raise EventError(f"its {name} is longer than {MOST_TEXT} characters")
        line = line[:MOST_TEXT].rstrip("\\")
    try:
        _, params, value = Contentline(line).parts()  # type: ignore[no-untyped-call] # the library's
    except ValueError:
        raise EventError(f"its {name} cannot be read") from None
    return Line(name, {key.upper(): _one(value) for key, value in params.items()}, value)


def _one(value: object) -> str:
    """Of a parameter's values the first."""
    return str(value[0]) if isinstance(value, list) and value else str(value)
