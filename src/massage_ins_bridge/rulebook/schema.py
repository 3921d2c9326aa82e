"""The published JSON Schema of rule files, applied when one is loaded.

A file is checked by reading ``rules.schema.json`` itself, of which it uses a few words. That takes
two milliseconds for all that is shipped; a library would take more to be imported than ``check``
takes to decide. A test holds both to the same verdicts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pkgutil import get_data
from typing import Any

from ..domain.problems import nearest

Schema = Mapping[str, Any]
Path = tuple[str | int, ...]

#: What stands in a list of tables, and the key that it goes by.
_NAMED = {
    "rules": ("rule", "id"),
    "sources": ("source", "id"),
    "payers": ("payer", "key"),
    "facts": ("fact", "name"),
    "actions": ("action", "kind"),
    "authorization_kinds": ("authorization kind", "kind"),
}
#: By type, what a field of it must be, and how it is given.
_MUST = {
    "string": "must be text",
    "boolean": "must be true or false",
    "array": "must be a list",
    "object": "must be a table, such as { days = 7 }",
    "date": "is not a date; write it as 2026-11-22, without quotes",
}
_GIVE = {"string": "give it as text", "date": "write it as 2026-11-22, without quotes"}
_KINDS: Mapping[type, str] = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    list: "array",
    dict: "object",
    date: "date",
}


class RuleDataError(Exception):
    """A rule file that cannot be used; the text names the file, the rule and the cure."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at one place of a file."""

    path: Path
    text: str


@cache
def rules_schema() -> Schema:
    """The schema as it is published."""
    found = get_data(__package__, "rules.schema.json")
    assert found is not None  # it is packaged beside this module
    schema: Schema = json.loads(found)
    return schema


def check_shape(data: Mapping[str, Any], name: str, part: str | None = None) -> None:
    """Check a file's data against the schema, or against a ``part`` of it. Raises
    ``RuleDataError`` for the first fault."""
    root = rules_schema()
    schema = root["$defs"][part] if part else root
    for fault in faults(data, schema):
        raise refused(data, name, fault)


def refused(data: Mapping[str, Any], name: str, fault: Fault) -> RuleDataError:
    """The error for a fault, in one line."""
    where, rest = _place(data, fault.path)
    field = ".".join(str(step) for step in rest)
    said = f"{field!r} {fault.text}" if field else fault.text
    return RuleDataError(": ".join([name, *where, said]))


def faults(value: Any, schema: Schema, path: Path = ()) -> Iterator[Fault]:
    """All that is wrong with a value."""
    if "$ref" in schema:
        schema = rules_schema()["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    if "enum" in schema:
        if value not in schema["enum"]:
            words = schema["enum"]
            hint = nearest(value, words) if isinstance(value, str) else ""
            yield Fault(path, f"must be one of {', '.join(map(repr, words))}{hint}")
        return
    kind = _kind(schema)
    if _KINDS.get(type(value)) != kind:
        yield Fault(path, _wrong_type(kind, path))
    elif kind in _INSIDE:
        yield from _INSIDE[kind](value, schema, path)


def _kind(schema: Schema) -> str:
    return "date" if schema.get("format") == "date" else str(schema["type"])


def _wrong_type(kind: str, path: Path) -> str:
    table = path[-1] if path and path[-1] in (*_NAMED, "versions") else None
    if table:
        full = "rules.versions" if table == "versions" else table
        return f"must be tables; begin each with [[{full}]]"
    return _MUST[kind]


def _in_text(value: str, schema: Schema, path: Path) -> Iterator[Fault]:
    if len(value) < schema.get("minLength", 0):
        yield Fault(path, "is empty; give it as text")
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield Fault(path, f"must be {schema['description']}")


def _in_list(value: list[Any], schema: Schema, path: Path) -> Iterator[Fault]:
    if len(value) < schema.get("minItems", 0):
        yield Fault(path, "is empty")
    if "items" in schema:
        for number, item in enumerate(value):
            yield from faults(item, schema["items"], (*path, number))


def _in_table(value: Mapping[str, Any], schema: Schema, path: Path) -> Iterator[Fault]:
    known = schema.get("properties", {})
    more = schema.get("additionalProperties", True)
    for key in schema.get("required", ()):
        if key not in value:
            yield Fault((*path, key), f"is missing; {_how_to_give(known[key])}")
    for key, item in value.items():
        if key in known:
            yield from faults(item, known[key], (*path, key))
        elif more is False:
            yield Fault((*path, key), f"is an unknown key{nearest(key, known)}")
        elif more is not True:
            yield from faults(item, more, (*path, key))


def _how_to_give(schema: Schema) -> str:
    if "$ref" in schema:
        schema = rules_schema()["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    if "enum" in schema:
        return f"it is one of {', '.join(map(repr, schema['enum']))}"
    return _GIVE[_kind(schema)]


_INSIDE: Mapping[str, Callable[[Any, Schema, Path], Iterator[Fault]]] = {
    "string": _in_text,
    "array": _in_list,
    "object": _in_table,
}


def _place(data: Mapping[str, Any], path: Path) -> tuple[list[str], Path]:
    """What a reader looks for in the file, and what is left of the path: the field."""
    if len(path) < 2 or path[0] not in _NAMED or not isinstance(path[1], int):
        return [], path
    kind, key = _NAMED[str(path[0])]
    item = data[str(path[0])][path[1]]
    name = item.get(key) if isinstance(item, dict) else None
    where = [f"{kind} {name}" if isinstance(name, str) and name else f"{kind} ? ({path[1] + 1})"]
    rest = path[2:]
    if len(rest) > 1 and rest[0] == "versions" and isinstance(rest[1], int):
        where.append(f"version {rest[1] + 1}")
        rest = rest[2:]
    return where, rest
