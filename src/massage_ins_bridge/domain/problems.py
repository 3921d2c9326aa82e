"""What is wrong with what was sent, by field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .told import Told


@dataclass(frozen=True, slots=True)
class Problem(metaclass=Told):
    """What is wrong with one field. ``path`` reads like ``coverages[0].visit_limit``."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path or 'request'}: {self.message}"


class UnusableInputError(ValueError):
    """Input that cannot be read; ``problems`` names each field and the cure."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = problems

    def under(self, place: str) -> list[Problem]:
        """The same problems with the key or index (``[0]``) of what holds the value before their
        paths."""
        return [Problem(_joined(place, p.path), p.message) for p in self.problems]


def _joined(place: str, path: str) -> str:
    return f"{place}.{path}" if place and path and not path.startswith("[") else place + path


def wrong(message: str) -> UnusableInputError:
    return UnusableInputError([Problem("", message)])


def plain_key(key: Any) -> str:
    """A key made fit for one printed line, in any encoding."""
    text = str(key)
    if not text.isprintable():
        text = "".join(c if c.isprintable() else "?" for c in text)
    return shorten(text)


def shorten(text: str) -> str:
    return text if len(text) <= 120 else text[:117] + "..."


def kind_of(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false"}
    names |= {int: "a number", float: "a number", type(None): "null"}
    return names.get(type(value), type(value).__name__)


def nearest(word: str, known: Iterable[str]) -> str:
    """The nearest right word as the end of a sentence, where there is one."""
    from difflib import get_close_matches  # only a mistake needs it, and it takes a while

    found = get_close_matches(word[:80], sorted(known), n=1)
    return f"; did you mean {found[0]!r}?" if found else ""
