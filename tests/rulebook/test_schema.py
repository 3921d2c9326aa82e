"""The published JSON Schema is what rule files are checked by: a library that knows all of JSON
Schema is of one mind with the reading of it here."""

import copy
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from massage_ins_bridge.domain.payer import Payer
from massage_ins_bridge.rulebook.schema import RuleDataError, check_shape, faults, rules_schema

ROOT = Path(__file__).parents[2]
FILES = [
    ROOT / "src" / "massage_ins_bridge" / "rules" / "rules.toml",
    *sorted(ROOT.glob("plugins/payer-*/src/*/rules.toml")),
]
#: What the reading of the schema understands, and what only describes.
UNDERSTOOD = {
    *("$ref", "type", "format", "enum", "required", "additionalProperties", "properties"),
    *("items", "minItems", "minLength", "pattern"),
}
DESCRIBES = {"$schema", "$defs", "title", "description"}
SCHEMA: dict[str, Any] = json.loads(
    files("massage_ins_bridge.rulebook").joinpath("rules.schema.json").read_text("utf-8")
)
LIBRARY = jsonschema_rs.validator_for(SCHEMA, validate_formats=True)
CLINIC = jsonschema_rs.validator_for(
    {"$defs": SCHEMA["$defs"], "$ref": "#/$defs/clinic"}, validate_formats=True
)
DAY = date(2026, 11, 22)
WHOLE: dict[str, Any] = {
    "plugin": "trial",
    "ruleset": "1",
    "sources": [
        {"id": "a", "title": "A", "publisher": "P", "address": "https://a", "read_on": DAY}
    ],
    "payers": [{"key": "k", "name": "N", "aliases": ["x"], "plan_aliases": {"p": "q"}}],
    "facts": [
        {"on": "visit", "name": "units", "type": "int", "label": "Units"},
        {"on": "booking", "name": "area", "type": "choice", "label": "Area", "choices": ["neck"]},
    ],
    "actions": [{"kind": "trial.fax", "label": "Send the fax"}],
    "authorization_kinds": [{"kind": "trial.letter", "label": "A letter"}],
    "rules": [
        {"id": "T-1", "text": "A.", "source": "a", "sure": "ours", "values": {"days": [7]}},
        {"id": "T-2", "text": "B.", "source": "a", "sure": "read", "versions": [{"from": DAY}]},
    ],
}
CHANGES: dict[str, Any] = {
    "rules": [{"plugin": "p", "id": "T", "source": "a call", "add": {"x": [1]}, "from": DAY}]
}
#: What takes the place of something, some of it right by chance. No date: JSON writes one as text,
#: so that a date where text belongs is a fault that the library cannot see.
OTHERS = st.sampled_from(["", "read", "claim", "https://b", 7, 1.5, True, [], ["x"], [7], {}])
KEYS = st.sampled_from(["form", "from", "to", "id", "values", "versions", "quote", "served", "add"])


def as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def schemas(schema: Any) -> Iterator[Mapping[str, Any]]:
    """Every schema within one."""
    yield schema
    for part in ("properties", "$defs"):
        for item in schema.get(part, {}).values():
            yield from schemas(item)
    for part in ("items", "additionalProperties"):
        if isinstance(schema.get(part), dict):
            yield from schemas(schema[part])


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to everything within a value."""
    if path:
        yield path
    inside: Any = value.items() if isinstance(value, dict) else ()
    for key, item in enumerate(value) if isinstance(value, list) else inside:
        yield from places(item, (*path, key))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_what_is_shipped_fits_the_published_schema(path: Path) -> None:
    data = as_json(tomllib.loads(path.read_text("utf-8")))
    assert [error.message for error in LIBRARY.iter_errors(data)] == []


def test_the_schema_says_nothing_that_is_not_understood() -> None:
    assert jsonschema_rs.meta.is_valid(SCHEMA)
    for schema in schemas(rules_schema()):
        assert set(schema) <= UNDERSTOOD | DESCRIBES
        assert "$ref" in schema or "enum" in schema or "type" in schema
        assert schema.get("format") in (None, "date")
        assert "pattern" not in schema or "description" in schema


def test_the_schema_knows_every_field_of_a_payer() -> None:
    wanted = {item.name for item in fields(Payer)} - {"plugin"}
    assert set(rules_schema()["$defs"]["payer"]["properties"]) == wanted


@settings(max_examples=400)
@given(st.data(), st.booleans())
def test_a_library_is_of_one_mind(data: st.DataObject, clinic: bool) -> None:
    """Whatever is put in the place of something, added or left out."""
    whole, library = (CHANGES, CLINIC) if clinic else (WHOLE, LIBRARY)
    changed = copy.deepcopy(whole)
    *way, last = data.draw(st.sampled_from(list(places(whole))))
    holder: Any = changed
    for step in way:
        holder = holder[step]
    act = data.draw(st.sampled_from(["replace", "add", "leave out"]))
    if act == "replace":
        holder[last] = data.draw(OTHERS)
    elif act == "add" and isinstance(holder, dict):
        holder[data.draw(KEYS)] = data.draw(OTHERS)
    else:
        del holder[last]
    schema = rules_schema()["$defs"]["clinic"] if clinic else rules_schema()
    assert (not list(faults(changed, schema))) == library.is_valid(as_json(changed))


def test_the_first_fault_is_told_in_one_line() -> None:
    with pytest.raises(RuleDataError) as caught:
        check_shape({**WHOLE, "rules": [{"id": "T-1"}]}, "trial/rules.toml")
    assert str(caught.value) == "trial/rules.toml: rule T-1: 'text' is missing; give it as text"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_each_file_tells_editors_by_which_schema_it_goes(path: Path) -> None:
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    named = path.parent / first.removeprefix("#:schema ")
    assert named.resolve() == ROOT / "src/massage_ins_bridge/rulebook/rules.schema.json"


def test_an_editor_can_tell_what_each_field_means() -> None:
    tables = {"rules.toml": SCHEMA, **SCHEMA["$defs"]}
    found = {
        f"{table}.{name}"
        for table, shape in tables.items()
        for name, field in shape.get("properties", {}).items()
        if "description" not in field and table != "clinic"
    }
    assert found - {"rule.sure", "version.sure"} == set()
