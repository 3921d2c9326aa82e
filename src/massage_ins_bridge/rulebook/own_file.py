"""A clinic's own rule file as text that is changed: what people wrote in it stays, comments and
all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from .schema import RuleDataError
from .toml_text import no_toml


def with_change(text: str, table: Mapping[str, Any]) -> str:
    """The file with one more table. Where it has one of the same plugin, id and first day, that is
    changed: its ``values`` are laid over those that stand there. Raises ``RuleDataError``."""
    document = _parsed(text)
    known = _same(document, table)
    if known is None:
        if "rules" not in document:
            if text.strip():
                document.add(tomlkit.nl())
            document["rules"] = tomlkit.aot()
        made = tomlkit.table()
        for name, value in table.items():
            made[name] = _inline(value) if isinstance(value, Mapping) else value
        document["rules"].append(made)
        return tomlkit.dumps(document)
    for name, value in table.items():
        if name == "values":
            values = known.setdefault("values", tomlkit.inline_table())
            values.update(value)
            for key in value:
                known.get("add", {}).pop(key, None)
        else:
            known[name] = value
    return tomlkit.dumps(document)


def without_rule(text: str, plugin: str, rule_id: str) -> str:
    """The file without all that it says of a rule. Raises ``RuleDataError``."""
    document = _parsed(text)
    rules = document.get("rules", [])
    for number in reversed(range(len(rules))):
        if (rules[number].get("plugin"), rules[number].get("id")) == (plugin, rule_id):
            del rules[number]
    if not rules:
        document.pop("rules", None)
    return tomlkit.dumps(document)


def tables_of(text: str, plugin: str, rule_id: str) -> list[dict[str, Any]]:
    """What the file says of a rule. Raises ``RuleDataError``."""
    found = (table.unwrap() for table in _parsed(text).get("rules", []))
    return [one for one in found if (one.get("plugin"), one.get("id")) == (plugin, rule_id)]


def _parsed(text: str) -> Any:
    try:
        return tomlkit.parse(text)
    except TOMLKitError as error:
        raise RuleDataError(f"the clinic's own rules: {no_toml(text, error)}") from None


def _same(document: Any, table: Mapping[str, Any]) -> Any:
    def key(one: Mapping[str, Any]) -> tuple[Any, Any, date | None]:
        return one.get("plugin"), one.get("id"), one.get("from")

    return next((one for one in document.get("rules", []) if key(one) == key(table)), None)


def _inline(value: Mapping[str, Any]) -> Any:
    made = tomlkit.inline_table()
    made.update(value)
    return made
