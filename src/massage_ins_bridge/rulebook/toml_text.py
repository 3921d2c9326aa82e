"""Saying of a rule file why it is no TOML. Rule files hold nothing that must not be shown."""

from __future__ import annotations

import re
from datetime import date

_AT = re.compile(r"at line (\d+)")
_DAY = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")


def no_toml(text: str, error: Exception) -> str:
    """What is wrong, with the line where the reader gave up, and a day in it that is none."""
    said = f"not valid TOML: {error}"
    place = _AT.search(str(error))
    lines = text.splitlines()
    if place is None or not 0 < int(place[1]) <= len(lines):
        return said
    line = lines[int(place[1]) - 1].strip()
    wrong = [found[0] for found in _DAY.finditer(line) if not _is_a_day(*map(int, found.groups()))]
    return f"{said}: {line:.100}" + (f"; {wrong[0]} is no day" if wrong else "")


def _is_a_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
