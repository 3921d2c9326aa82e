"""What a rule file's schema cannot say: names that must be there, dates that must follow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from ..domain.payer import Payer
from ..domain.problems import nearest
from .schema import Fault, Path, refused

#: By a payer's field, the value that the shared rules read in the rule that it names.
READ_BY_SHARED: Mapping[str, tuple[str, type]] = {
    "prescriber_rule": ("accepted", list),
    "prescription_age_rule": ("max_age_days", int),
    "necessity_rule": ("asks", list),
    "decision_rule": ("decision_days", int),
}
#: What ``necessity_rule`` may ask of a prescription: fields of it.
MAY_ASK = ("pain", "loss_of_function")
_SAMPLES: Mapping[type, Any] = {list: [""], int: 0}
Spans = dict[str, list[tuple[date, date, Path]]]


def check_coherence(data: Mapping[str, Any], name: str) -> None:
    """Check how the parts of a file fit, once each has its right shape. Raises
    ``RuleDataError`` for the first fault."""
    for fault in _faults(data):
        raise refused(data, name, fault)


def read_by_shared(payers: Iterable[Payer], rule_id: str) -> dict[str, Any]:
    """What the shared rules read in the rule of that id, which some of these payers name: by the
    name of each value, one of its type."""
    named = {key for payer in payers for key in READ_BY_SHARED if getattr(payer, key) == rule_id}
    return {READ_BY_SHARED[key][0]: _SAMPLES[READ_BY_SHARED[key][1]] for key in named}


def check_days(data: Mapping[str, Any], name: str) -> None:
    """Check that in a clinic's file no span of days ends before it begins, and that no value is
    set twice for the same days. Raises likewise."""
    seen: set[tuple[Any, ...]] = set()
    for number, table in enumerate(data.get("rules", ())):
        for fault in _days(table, ("rules", number)):
            raise refused(data, name, fault)
        for value in table.get("values", {}):
            one = (*(table.get(key) for key in ("plugin", "id", "from", "to")), value)
            if one in seen:
                said = "is given twice for the same days; keep the one that counts"
                raise refused(data, name, Fault(("rules", number, "values", value), said))
            seen.add(one)


def _faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    yield from _twice(data, "sources", "id")
    yield from _twice(data, "payers", "key")
    yield from _declared(data)
    sources = {table["id"] for table in data.get("sources", ())}
    spans: Spans = {}
    for number, rule in enumerate(data.get("rules", ())):
        path: Path = ("rules", number)
        yield from _cited(rule, sources, path)
        yield from _days(rule, path)
        for version, place in _versions(rule, path):
            yield from _cited(version, sources, place)
            yield from _days(version, place)
            span = (version.get("from", date.min), version.get("to", date.max), place)
            spans.setdefault(rule["id"], []).append(span)
    yield from _overlaps(spans)
    yield from _named_by_payers(data)
    yield from _needed_by_payers(data)


def _versions(rule: Mapping[str, Any], path: Path) -> Iterator[tuple[Mapping[str, Any], Path]]:
    if "versions" not in rule:
        yield rule, path
    for number, version in enumerate(rule.get("versions", ())):
        yield version, (*path, "versions", number)


def _twice(data: Mapping[str, Any], tables: str, *keys: str) -> Iterator[Fault]:
    seen: set[tuple[str, ...]] = set()
    for number, table in enumerate(data.get(tables, ())):
        name = tuple(table[key] for key in keys)
        if name in seen:
            yield Fault((tables, number, keys[-1]), f"is given twice: {name[-1]!r}")
        seen.add(name)


def _cited(table: Mapping[str, Any], sources: set[str], path: Path) -> Iterator[Fault]:
    named = table.get("source")
    if named is not None and named not in sources:
        said = f"names {named!r}, which is the id of none of [[sources]]{nearest(named, sources)}"
        yield Fault((*path, "source"), said)


def _days(table: Mapping[str, Any], path: Path) -> Iterator[Fault]:
    for first, last in (("from", "to"), ("confirmed_on", "review_by")):
        if first in table and last in table and table[last] < table[first]:
            yield Fault((*path, last), f"lies before {first!r}")
    for key in ("from", "to"):
        if key in table and "versions" in table:
            yield Fault((*path, key), "belongs into the rule's versions")


def _overlaps(spans: Spans) -> Iterator[Fault]:
    for found in spans.values():
        found.sort(key=lambda span: span[:2])
        for (_, last, _), (first, _, place) in pairwise(found):
            if first <= last:
                ends = "has no end" if last == date.max else f"runs to {last}"
                said = f"overlaps: what the rule says before it {ends}"
                yield Fault((*place, "from"), said)


def _named_by_payers(data: Mapping[str, Any]) -> Iterator[Fault]:
    ids = {rule["id"] for rule in data.get("rules", ())}
    for number, payer in enumerate(data.get("payers", ())):
        for key, named in payer.items():
            if key.endswith("_rule") and named not in ids:
                said = f"names {named!r}, which is no rule of this file{nearest(named, ids)}"
                yield Fault(("payers", number, key), said)


def _needed_by_payers(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Values that the shared rules read in a rule which a payer names."""
    payers = data.get("payers", ())
    named = {(payer.get(key), key) for payer in payers for key in READ_BY_SHARED}
    for number, rule in enumerate(data.get("rules", ())):
        for key in (key for key in READ_BY_SHARED if (rule["id"], key) in named):
            for version, place in _versions(rule, ("rules", number)):
                found = {**rule.get("values", {}), **version.get("values", {})}
                yield from _read_by_shared(key, found, place)
    for number, payer in enumerate(payers):
        if "necessity_definition_rule" in payer and "necessity_rule" not in payer:
            said = "goes with 'necessity_rule': without it nobody asks, and it is never said"
            yield Fault(("payers", number, "necessity_definition_rule"), said)


def _read_by_shared(key: str, values: Mapping[str, Any], place: Path) -> Iterator[Fault]:
    """What is wrong with the value that the shared rules read in a rule that ``key`` names."""
    value, kind = READ_BY_SHARED[key]
    found = values.get(value)
    if type(found) is not kind:
        must = f"must be a {'list' if kind is list else 'whole number'}"
        said = f"{must}: the shared rules read it, for a payer names the rule under {key!r}"
        yield Fault((*place, "values", value), said)
    elif odd := [item for item in values["asks"] if item not in MAY_ASK] if value == "asks" else []:
        said = f"asks for {odd[0]!r}, which is none of {', '.join(MAY_ASK)}"
        yield Fault((*place, "values", value), f"{said}{nearest(str(odd[0]), MAY_ASK)}")


def _declared(data: Mapping[str, Any]) -> Iterator[Fault]:
    yield from _twice(data, "facts", "on", "name")
    for number, fact in enumerate(data.get("facts", ())):
        is_choice = fact["type"] == "choice"
        if is_choice and "choices" not in fact:
            yield Fault(("facts", number, "choices"), "is missing; list what may be chosen")
        if "choices" in fact and not is_choice:
            said = f"goes with the type 'choice', not {fact['type']!r}"
            yield Fault(("facts", number, "choices"), said)
    for tables in ("actions", "authorization_kinds"):
        yield from _twice(data, tables, "kind")
        for number, table in enumerate(data.get(tables, ())):
            prefix, _, kind = table["kind"].rpartition(".")
            if prefix != data["plugin"]:
                said = f"must begin with the plugin's own name: '{data['plugin']}.{kind}'"
                yield Fault((tables, number, "kind"), said)
