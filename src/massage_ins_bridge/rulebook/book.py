"""Rules as data: reading a plugin's ``rules.toml`` and picking the rules in force on a day.

A rule is one ``[[rules]]`` table with ``id``, ``text``, ``source``, ``confirmed_on`` and
``review_by``; what changes with time stands in ``[[rules.versions]]`` with ``from``, ``to`` and
``values``. A rule that never changed carries these directly. A clinic's own file has the same
shape and is laid over it (see ``overrides``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from pkgutil import get_data
from types import MappingProxyType
from typing import Any

import tomli

from ..domain.payer import Payer
from ..domain.rule import Rule

_PAYER_FIELDS = {f.name for f in fields(Payer)} - {"plugin"}
_VERSION_KEYS = {"text", "source", "from", "to", "values"}
_RULE_KEYS = _VERSION_KEYS | {"id", "confidence", "confirmed_on", "review_by", "versions"}


class RuleDataError(Exception):
    """A rule file that cannot be used; the text names the file, the rule and the cure."""


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All versions of one plugin's rules, the payers it defines, and the ruleset's version."""

    plugin: str
    ruleset: str
    rules: tuple[Rule, ...]
    payers: tuple[Payer, ...] = ()

    def on(self, day: date) -> Mapping[str, Rule]:
        """The rules in force on a day, by id; of two versions the later one."""
        return _on(self, day)

    def named(self, plugin: str) -> RuleBook:
        """The same book under the name that the plugin was installed by."""
        if plugin == self.plugin:
            return self
        return RuleBook(
            plugin,
            self.ruleset,
            tuple(replace(r, plugin=plugin) for r in self.rules),
            tuple(replace(p, plugin=plugin) for p in self.payers),
        )

    def __hash__(self) -> int:
        return id(self)


@lru_cache(maxsize=512)
def _on(book: RuleBook, day: date) -> Mapping[str, Rule]:
    found: dict[str, Rule] = {}
    for rule in sorted(book.rules, key=lambda rule: rule.from_ or date.min):
        if rule.in_force(day):
            found[rule.id] = rule
    return MappingProxyType(found)


@lru_cache(maxsize=64)
def load_book(package: str) -> RuleBook:
    """The book that a plugin's package carries as ``rules.toml``. Raises ``RuleDataError``."""
    name = f"{package}/rules.toml"
    try:
        found = get_data(package, "rules.toml")
    except OSError as error:
        raise RuleDataError(f"{name}: cannot be read ({error.strerror})") from error
    if found is None:
        raise RuleDataError(f"{name}: the package is not made of files")
    return parse_book(_text_of(found, name), name)


def read_book(path: Path) -> RuleBook:
    """The book in a file. Raises ``RuleDataError``."""
    try:
        found = path.read_bytes()
    except OSError as error:
        raise RuleDataError(f"{path}: cannot be read ({error.strerror})") from error
    return parse_book(_text_of(found, str(path)), str(path))


def _text_of(found: bytes, name: str) -> str:
    try:
        return found.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise RuleDataError(f"{name}: is not UTF-8 text") from None


def parse_book(text: str, name: str) -> RuleBook:
    """A book from TOML text; ``name`` begins its error messages. Raises ``RuleDataError``."""
    try:
        data = tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        raise RuleDataError(f"{name}: not valid TOML: {error}") from error
    plugin = _text(data, "plugin", name)
    rules: list[Rule] = []
    for table in _tables(data, "rules", name):
        rules.extend(_versions(table, plugin, name))
    payers = tuple(_payer(table, plugin, name) for table in _tables(data, "payers", name))
    return RuleBook(plugin, _text(data, "ruleset", name), tuple(rules), payers)


def _tables(data: Mapping[str, Any], key: str, name: str) -> list[dict[str, Any]]:
    found = data.get(key, [])
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise RuleDataError(f"{name}: {key!r} must be tables; begin each with [[{key}]]")
    return found


def _mapping(table: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = table.get("values", {})
    if not isinstance(found, dict):
        raise RuleDataError(f"{name}: 'values' must be a table, such as {{ days = 7 }}")
    return found


def _text(table: Mapping[str, Any], key: str, name: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value:
        raise RuleDataError(f"{name}: {key!r} is missing; give it as text")
    return value


def _day(table: Mapping[str, Any], key: str, name: str) -> date | None:
    value = table.get(key)
    if value is None or type(value) is date:
        return value
    raise RuleDataError(f"{name}: {key!r} is not a date; write it as 2026-11-22, without quotes")


def _versions(table: Mapping[str, Any], plugin: str, name: str) -> list[Rule]:
    where = f"{name}: rule {table.get('id', '?')}"
    unknown = set(table) - _RULE_KEYS
    if unknown:
        raise RuleDataError(f"{where}: unknown key {min(unknown)!r}")
    common = Rule(
        id=_text(table, "id", where),
        text=_text(table, "text", where),
        source=_text(table, "source", where),
        plugin=plugin,
        confidence=str(table.get("confidence", "")),
        confirmed_on=_day(table, "confirmed_on", where),
        review_by=_day(table, "review_by", where),
    )
    versions = _tables(table, "versions", where) if "versions" in table else [table]
    for version in versions if "versions" in table else ():
        unknown = set(version) - _VERSION_KEYS
        if unknown:
            raise RuleDataError(f"{where}: unknown key {min(unknown)!r} in a version")
    shared = _mapping(table, where)
    return [
        replace(
            common,
            from_=_day(version, "from", where),
            to=_day(version, "to", where),
            text=str(version.get("text", common.text)),
            source=str(version.get("source", common.source)),
            values=MappingProxyType({**shared, **_mapping(version, where)}),
        )
        for version in versions
    ]


def _payer(table: Mapping[str, Any], plugin: str, name: str) -> Payer:
    unknown = set(table) - _PAYER_FIELDS
    if unknown:
        raise RuleDataError(f"{name}: payer {table.get('key', '?')}: unknown key {min(unknown)!r}")
    for key in ("key", "name"):
        _text(table, key, f"{name}: payer {table.get('key', '?')}")
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in table.items()}
    return Payer(plugin=plugin, **values)
