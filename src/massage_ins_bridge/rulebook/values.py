"""The values of a clinic's rules: by the names, and of the types, that the plugin's own have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from ..domain.problems import nearest
from ..domain.rule import Rule
from .schema import RuleDataError

_TYPES: Mapping[type, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "text",
    list: "a list",
    dict: "a table",
    date: "a date without quotes",
    datetime: "a time",
}


def check_values(
    table: Mapping[str, Any],
    rules: Iterable[Rule],
    where: str,
    shared: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    """Check the ``values`` and ``add`` of a clinic's table against those of the same rule, and
    where that has none of the name, of the plugin's other rules. ``shared``: what the shared rules
    read in a rule of that id, by name, each with one of its type; a rule of the clinic's own has
    to give it. Raises ``RuleDataError``."""
    have = tuple(rules)
    same = [rule for rule in have if rule.id == table["id"]]
    known = _by_name(have) | {key: [value] for key, value in shared.items()} | _by_name(same)
    for key in () if same else sorted(shared.keys() - table.get("values", {}).keys()):
        raise RuleDataError(f"{where}: 'values.{key}' is missing; it is {_described(shared[key])}")
    for part in ("values", "add"):
        for key, given in table.get(part, {}).items():
            said = _fault(key, given, known)
            if said is None and part == "add" and not isinstance(given, list):
                said = "must be a list"
            if said:
                raise RuleDataError(f"{where}: '{part}.{key}' {said}")


def _by_name(rules: Iterable[Rule]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for rule in rules:
        for key, value in rule.values.items():
            found.setdefault(key, []).append(value)
    return found


def _fault(key: str, given: Any, known: Mapping[str, list[Any]]) -> str | None:
    if key not in known:
        return f"is no value that the plugin reads{nearest(key, known) or _listed(known)}"
    if any(_alike(given, value) for value in known[key]):
        return None
    return f"must be {_described(known[key][0])}, not {_described(given)}"


def _listed(known: Mapping[str, Any]) -> str:
    return f"; it has {', '.join(sorted(known))}" if known else "; it has none"


def _alike(given: Any, value: Any) -> bool:
    """Whether a value could stand where the other stands. An empty list takes anything."""
    if type(given) is not type(value):
        return False
    if isinstance(value, list):
        kinds = {type(item) for item in value}
        return not kinds or all(type(item) in kinds for item in given)
    if isinstance(value, dict):
        kinds = {type(item) for item in value.values()}
        return not kinds or all(type(item) in kinds for item in given.values())
    return True


def _described(value: Any) -> str:
    name = _TYPES[type(value)] if type(value) in _TYPES else type(value).__name__
    if isinstance(value, list) and value:
        return f"{name} of {_TYPES.get(type(value[0]), 'values')}"
    return name
