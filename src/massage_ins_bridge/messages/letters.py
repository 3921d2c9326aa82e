"""Letters to others, from ``letters.toml``: their paragraphs, filled in."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("letters.toml")
ENTRY = "- "
#: What a letter is signed on.
SIGNATURE = "_" * 32


@dataclass(frozen=True, slots=True)
class Ask:
    """What a prescriber can add. ``finding``: the one that asks for it; ``lacks``: where it stands
    on a prescription; ``would``: what may be put there to see whether it matters."""

    finding: str
    text: str
    lacks: str = ""
    would: Any = None


@dataclass(frozen=True, slots=True)
class Ground:
    """What may be said to a payer, or where a complaint may go: ``when`` it is so, and one of
    ``rules`` is in force (none asked for: always). ``otherwise``: what staff is told where it is
    not so; ``check``: what the chart cannot say, and staff makes sure of."""

    when: str
    rules: tuple[str, ...]
    text: str
    otherwise: str = ""
    check: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """``paragraphs`` in order; those that begin with a dash are the entries of a list."""

    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        """As it is copied: entries of a list stand under each other, the rest apart."""
        made = ""
        for before, one in zip(("", *self.paragraphs), self.paragraphs, strict=False):
            listed = before.startswith(ENTRY) and one.startswith(ENTRY)
            made += ("" if not made else "\n" if listed else "\n\n") + one
        return made + "\n"


def asks() -> tuple[Ask, ...]:
    """Everything that a prescriber may be asked for, in the order of a letter."""
    return tuple(Ask(**one) for one in _letters()["prescriber"]["asks"])


def grounds(letter: str) -> tuple[Ground, ...]:
    """What may be said in a letter to or about a payer."""
    found = _letters()[letter]["grounds"]
    return tuple(Ground(**{**one, "rules": tuple(one["rules"])}) for one in found)


def routes() -> tuple[Ground, ...]:
    """Where a complaint may go, the nearest first; the text is whom it is written to."""
    found = _letters()["complaint"]["routes"]
    return tuple(Ground(one["when"], tuple(one["rules"]), one["to"]) for one in found)


def word(letter: str, name: str, /, **values: object) -> str:
    """A part of a letter, filled in."""
    return str(_letters()[letter][name]).format(**values)


def write(letter: str, values: Mapping[str, str], lists: Mapping[str, Sequence[str]]) -> Letter:
    """A letter filled in; a paragraph that is ``{name}`` of a list becomes its entries."""
    found: list[str] = []
    for paragraph in _letters()[letter]["paragraphs"]:
        listed = lists.get(paragraph.strip("{}"))
        if listed is not None:
            found += [ENTRY + one for one in listed]
        else:
            found.append(_lines(paragraph.format(line=SIGNATURE, **values)))
    return Letter(tuple(one for one in found if one))


def _lines(text: str) -> str:
    return "\n".join(_said(text.split("\n")))


def _said(lines: Iterable[str]) -> list[str]:
    return [line.strip() for line in lines if line.strip()]


@cache
def _letters() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
