"""Characters that no text of a person holds: those that are not shown, and those that turn the
rest of a line around, so that it reads as something that nobody wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..domain.reading import Problem, UnusableInputError, plain_key

#: Control characters but for those of several lines, and changes of the direction of writing.
ODD = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069"
_FOUND = re.compile(f"[{ODD}]")
_IN_A_LINE = re.compile(f"[{ODD}\t\n\r]")


def refuse_odd_characters(data: Any, *, one_line: bool = False) -> None:
    """Raises ``UnusableInputError`` where a text of a body, at any depth, holds such a character;
    with ``one_line`` a tab or a line break is one, too."""
    problems = list(_problems(data, "", _IN_A_LINE if one_line else _FOUND))
    if problems:
        raise UnusableInputError(problems)


def without_odd_characters(text: str) -> str:
    """The text as one line that reads as it was written."""
    return _IN_A_LINE.sub(" ", text)


def _problems(value: Any, path: str, odd: re.Pattern[str]) -> Iterator[Problem]:
    if isinstance(value, str):
        found = odd.search(value)
        if found is not None:
            yield Problem(path, f"holds a character that cannot be shown (U+{ord(found[0]):04X})")
    elif isinstance(value, dict):
        for key, item in value.items():
            name = plain_key(key)
            yield from _problems(item, f"{path}.{name}" if path else name, odd)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _problems(item, f"{path}[{index}]", odd)
