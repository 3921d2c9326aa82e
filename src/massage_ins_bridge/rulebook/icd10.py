"""Whether an ICD-10-CM diagnosis code may stand on a claim for a date of service.

    >>> look_up("m5450", date(2026, 11, 2)).status
    'valid'

The table under `data/` holds every billable code with the first and last day it is in force. It
is built by `scripts/build_icd10.py` from the official lists (CDC/NCHS and CMS, public domain);
`releases` names them. The newest stays in force until a later one is built in. Fiscal years begin
on 1 October, and a smaller change may come on 1 April.

Days are exact from 2024-10-01 on. Between 2021-01-01 and that day only two lists are compared, so
a code that came or went in between carries the day of the later list, and codes of the earliest
list count from 2015-10-01, unless `scripts/icd10_corrections.tsv` knows better; it does for the
families that matter to massage therapy.

The code is the prescriber's: nothing here edits, completes or suggests one.
"""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Literal

from ..domain.days import in_words

__all__ = ["Code", "CodeStatus", "Release", "look_up", "releases"]

CodeStatus = Literal["valid", "malformed", "incomplete", "retired", "not-yet", "unknown"]

_DATA = Path(__file__).with_name("data")
_FORM = re.compile(r"([A-Z](?:\d[0-9A-Z]|[A-Z]\d))(?:\.?([0-9A-Z]{1,4}))?", re.ASCII)
_WIDTH = 26  # code (7), space, first day, space, last day, line end
_CATEGORY = 3  # characters before the dot
_FULL_LENGTH = 7
CHOOSE = "The prescriber must choose a code that is in force."
_OPEN_END = date(9999, 12, 31)

_Span = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Code:
    """What the table says of one code on one day.

    `text` is the code in capitals with its dot; for a malformed one, what was written, shortened.
    `from_` and `to` are the first and last day it is in force, both included; `to` is None while
    no end is known, both are None where no day is known. For an incomplete code, and for a
    heading that is retired or not yet in force, they are the days of the codes under it.
    `message` tells staff in plain words what is wrong and what the prescriber must do.
    """

    text: str
    status: CodeStatus
    from_: date | None
    to: date | None
    message: str


@dataclass(frozen=True, slots=True)
class Release:
    """An official list that the table was built from.

    `in_force_from` is its first day in force, `source` the file or package it was read from,
    `codes` how many codes it lets stand on a claim.
    """

    in_force_from: date
    title: str
    source: str
    codes: int


@lru_cache(maxsize=1)
def releases() -> tuple[Release, ...]:
    """The lists that the table was built from, oldest first."""
    facts = json.loads((_DATA / "icd10cm.json").read_text(encoding="utf-8"))
    return tuple(
        Release(
            date.fromisoformat(each["in_force_from"]), each["title"], each["source"], each["codes"]
        )
        for each in facts["releases"]
    )


def look_up(code: str, on: date) -> Code:
    """How a code stands on a date of service.

    Case, surrounding spaces and a missing dot do not matter. Never raises for any text.
    """
    written = code.strip()
    if not written.isascii() or not (form := _FORM.fullmatch(written.upper())):
        return _malformed(written)
    return _judge(form[1] + (form[2] or ""), on)


def _malformed(written: str) -> Code:
    shown = "".join(mark if mark.isprintable() else "?" for mark in written[:20])
    if not shown:
        return _no_day("", "malformed", "No code is written; the prescriber must give one.")
    return _no_day(
        shown,
        "malformed",
        f"“{shown}” is not written as an ICD-10-CM code. Such a code is a letter, two more "
        "characters of which one is a figure, then a dot and up to four more. The prescriber must "
        "write it again.",
    )


@lru_cache(maxsize=4096)
def _judge(key: str, on: date) -> Code:
    text = _dotted(key)
    family = _starting(key)
    own = [span for found, span in family if found == key]
    if live := next((span for span in own if span[0] <= on <= span[1]), None):
        return _answer(text, "valid", live, f"{text} is in force.")
    under = [(found, span) for found, span in family if found != key]
    live_under = [(found, span) for found, span in under if span[0] <= on <= span[1]]
    if over := [span for span in own if span[1] < on]:
        return _retired(text, over[-1], split=bool(live_under))
    if own:
        return _not_yet(text, own[0])
    if live_under:
        return _incomplete(text, live_under)
    if under:
        days = _extent(under)
        return _not_yet(text, days) if on < days[0] else _retired(text, days, split=False)
    return _absent(key, text, on)


def _retired(text: str, span: _Span, *, split: bool) -> Code:
    since = span[1] + timedelta(days=1)
    became = " It was split into more exact codes." if split else ""
    return _answer(
        text,
        "retired",
        span,
        f"{text} was retired on {in_words(since)}.{became} {CHOOSE}",
    )


def _not_yet(text: str, span: _Span) -> Code:
    return _answer(
        text,
        "not-yet",
        span,
        f"{text} is in force only from {in_words(span[0])}, after this date of service. {CHOOSE}",
    )


def _incomplete(text: str, under: list[tuple[str, _Span]]) -> Code:
    lengths = {len(found) for found, _ in under}
    count = " to ".join(str(length) for length in sorted({min(lengths), max(lengths)}))
    example = ""
    if lengths == {_FULL_LENGTH} and {found[-1] for found, _ in under} >= {"A", "D"}:
        example = ", such as an A or D at the end"
    return _answer(
        text,
        "incomplete",
        _extent(under),
        f"{text} needs more characters: {count} in all without the dot{example}. The prescriber "
        "must write the full code.",
    )


def _absent(key: str, text: str, on: date) -> Code:
    """A code that the table does not hold: its last character is out of place (S13.4A), or there
    is no such code."""
    padded = f"{key[:-1]:X<6}{key[-1]}"
    if len(key) < _FULL_LENGTH and any(a <= on <= b for _, (a, b) in _starting(padded)):
        return _no_day(
            text,
            "malformed",
            f"{text} has its last character out of place: in this code it belongs in seventh "
            "place, with the placeholder X before it. The prescriber must write the full code.",
        )
    return _no_day(
        text,
        "unknown",
        f"{text} is not in the ICD-10-CM code list; the prescriber must check the code.",
    )


def _no_day(text: str, status: CodeStatus, message: str) -> Code:
    return Code(text, status, None, None, message)


def _extent(family: list[tuple[str, _Span]]) -> _Span:
    return min(span[0] for _, span in family), max(span[1] for _, span in family)


def _answer(text: str, status: CodeStatus, span: _Span, message: str) -> Code:
    return Code(text, status, span[0], None if span[1] == _OPEN_END else span[1], message)


def _dotted(key: str) -> str:
    return f"{key[:_CATEGORY]}.{key[_CATEGORY:]}" if len(key) > _CATEGORY else key


@lru_cache(maxsize=1)
def _table() -> bytes:
    """The lines of the table. They are sorted and of one width, so that they can be searched
    without being split."""
    return zlib.decompress((_DATA / "icd10cm.txt.gz").read_bytes(), wbits=31)


def _starting(stem: str) -> list[tuple[str, _Span]]:
    """Every code that begins so, in order, with its first and last day."""
    table, wanted = _table(), stem.encode("ascii")
    low, high = 0, len(table) // _WIDTH
    while low < high:
        middle = (low + high) // 2
        if table[middle * _WIDTH : middle * _WIDTH + len(wanted)] < wanted:
            low = middle + 1
        else:
            high = middle
    found = []
    for start in range(low * _WIDTH, len(table), _WIDTH):
        if not table.startswith(wanted, start):
            break
        line = table[start : start + _WIDTH].decode("ascii")
        days = (date.fromisoformat(line[8:16]), date.fromisoformat(line[17:25]))
        found.append((line[:7].rstrip(), days))
    return found
