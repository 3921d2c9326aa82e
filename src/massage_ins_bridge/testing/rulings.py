"""Rulings: bookings, and what becomes of each, as data that several tests read.

A file of rulings is TOML. A ruling is a table ``GROUP.rulings."NAME"``: it changes the booking of
``testing.requests.request`` and says what a decision on it tells::

    payer = "regence"

    [clock]
    about = "Seven calendar days from the first visit, the seventh included"
    rules = ["REG-03"]

    [clock.rulings."day 6"]
    given = { visits = ["2026-11-25"] }
    expect = { prior-authorization = "unmet/hold", due.prior-authorization = "2026-12-02" }

The file, a group and a ruling may each say these, the later after the earlier:

``payer``    who is billed; of a list, each in turn
``missing``  paths that are taken away
``given``    fields that are set, by their path; ``{payer}`` in a path is the payer's key
``each``     one path and its values, each of which makes a ruling of its own
``expect``   by the names of ``testing.requests.shown``, ``due.KEY`` for ``due KEY``; ``""`` is null
``rules``    ids of the rules that it is about

An entry of ``visits``, ``upcoming`` and ``authorizations`` leaves out what is usual: the payer,
massage, this clinic, a prior authorization asked for on 2026-11-01. A text alone is its day, time
or status; ``"2026-11-10..2026-11-15"`` is a visit on each of these days. An authorization without a
status is ``testing.requests.authorization``: an approval of 30 visits around the booking.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from ..hooks.host import Host
from . import decide_request
from .requests import Json, authorization, change, request, told

SETTINGS = frozenset({"payer", "missing", "given", "each", "expect", "rules"})
GROUP = SETTINGS | {"about", "rulings"}
#: Lists of short entries: what a text alone is.
SHORT = {"visits": "on", "upcoming": "start", "authorizations": "status"}


class RulingError(ValueError):
    """A file of rulings says what no ruling can say."""


@dataclass(frozen=True)
class Ruling:
    """A check request and what a decision on it tells, by the names of ``shown``."""

    name: str
    payer: str
    request: Json
    expected: Json
    rules: tuple[str, ...]

    def __str__(self) -> str:
        return self.name

    def told(self, host: Host | None = None) -> Json:
        """What a decision of this host (without one, of every installed plugin) tells of the same
        names."""
        return told(decide_request(self.request, host), self.expected)


def read_rulings(path: Path) -> list[Ruling]:
    """The rulings of a file, in its order.

    Raises ``RulingError``, with file and place, where a key is unknown, a name stands twice or a
    ruling expects nothing.
    """
    file = tomllib.loads(path.read_text(encoding="utf-8"))
    top = {key: value for key, value in file.items() if key in SETTINGS}
    groups = {key: table for key, table in file.items() if key not in top}
    found: dict[str, Ruling] = {}
    for group, table in groups.items():
        _check(table, GROUP, f"{path.name}: {group}")
        for name, row in table.get("rulings", {}).items():
            _check(row, SETTINGS, f"{path.name}: {group}: {name}")
            for ruling in _expanded(f"{group}: {name}", (top, table, row)):
                if ruling.name in found or not ruling.expected:
                    raise RulingError(f"{path.name}: {ruling}: stands twice or expects nothing")
                found[ruling.name] = ruling
    return list(found.values())


def _check(table: object, known: frozenset[str], place: str) -> None:
    if not isinstance(table, Mapping):
        raise RulingError(f"{place}: not a table")
    for key in sorted(table.keys() - known):
        raise RulingError(f"{place}: unknown key {key!r}; known are {', '.join(sorted(known))}")


def _expanded(name: str, levels: Sequence[Json]) -> Iterator[Ruling]:
    """One ruling for each payer and each value of ``each``."""
    payers = _last(levels, "payer", "")
    turns = [
        {path: value} for path, values in _paths(_last(levels, "each", {})) for value in values
    ]
    rules = tuple(_last(levels, "rules", ()))
    for payer in [payers] if isinstance(payers, str) else payers:
        whose = name if isinstance(payers, str) else f"{name}: {payer}"
        for turn in turns or [{}]:
            said = "".join(f": {value}" for value in turn.values())
            made = _request(payer, [*levels, {"given": turn}])
            yield Ruling(f"{whose}{said}", payer, made, _expected(levels), rules)


def _request(payer: str, levels: Sequence[Json]) -> Json:
    made = request(payer)
    for level in levels:
        for path in level.get("missing", ()):
            change(made, path.replace("{payer}", payer), ...)
        for path, value in _paths(level.get("given", {})):
            change(made, path.replace("{payer}", payer), _entries(path, value, payer))
    return made


def _expected(levels: Sequence[Json]) -> Json:
    found: Json = {}
    for level in levels:
        for path, value in _paths(level.get("expect", {})):
            part, dot, key = path.partition(".")
            name = f"{part} {key}" if dot and part in ("due", "rule", "message") else path
            found[name] = None if value == "" else value
    return found


def _last(levels: Sequence[Json], key: str, otherwise: Any) -> Any:
    return next((level[key] for level in reversed(levels) if key in level), otherwise)


def _paths(table: Json) -> Iterator[tuple[str, Any]]:
    """The dotted path of each value; TOML makes a table of every dot."""
    for key, value in table.items():
        if isinstance(value, dict) and value:
            yield from ((f"{key}.{rest}", leaf) for rest, leaf in _paths(value))
        else:
            yield key, value


def _entries(path: str, value: Any, payer: str) -> Any:
    """The value with every short entry written out."""
    if path not in SHORT or not isinstance(value, list):
        return value
    text = SHORT[path]
    items = [{text: item} if isinstance(item, str) else item for item in value]
    if path == "authorizations":
        return [_usual_authorization(payer, item) | item for item in items]
    usual = {"payer": payer, "modality": "massage", "provider": "this-clinic"}
    return [usual | item | {text: day} for item in items for day in _days(item[text])]


def _usual_authorization(payer: str, item: Json) -> Json:
    approval = authorization(payer)
    bare = ("payer", "kind", "requested_on")
    return {key: approval[key] for key in bare} if "status" in item else approval


def _days(text: str) -> list[str]:
    first, dots, last = text.partition("..")
    if not dots:
        return [text]
    begin = date.fromisoformat(first)
    count = (date.fromisoformat(last) - begin).days + 1
    return [(begin + timedelta(days=n)).isoformat() for n in range(count)]
