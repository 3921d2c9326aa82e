"""Rules as data: reading a plugin's ``rules.toml`` and picking the rules in force on a day.

A rule is one ``[[rules]]`` table that names by its id what of ``[[sources]]`` it was read in; what
changes with time stands in ``[[rules.versions]]`` with ``from``, ``to`` and ``values``. A rule that
never changed carries these directly. ``rules.schema.json`` says what may stand where. A clinic's
own file is laid over the rules (see ``overrides``).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from pkgutil import get_data
from types import MappingProxyType
from typing import Any

import tomli

from ..domain.declared import NOTHING_DECLARED, Declared, DeclaredAction, DeclaredFact, DeclaredKind
from ..domain.payer import Payer
from ..domain.rule import Rule, RulesInForce, Values
from ..domain.source import Source, Sure
from ..domain.told import Told
from .coherence import check_coherence
from .schema import RuleDataError, check_shape
from .toml_text import no_toml

__all__ = ["Publication", "RuleBook", "RuleDataError", "load_book", "parse_book", "read_book"]

#: What tells of a source: a version that cites another one has its own, or none.
_FILE = "rules.toml"
_OF_THE_SOURCE = ("place", "quote", "note")


@dataclass(frozen=True, slots=True)
class Publication:
    """Something that rules were read in, once for all of them."""

    id: str
    title: str
    publisher: str
    address: str | None
    read_on: date


@dataclass(frozen=True, slots=True)
class RuleBook(metaclass=Told):
    """All versions of one plugin's rules, the payers it defines, the ruleset's version, what the
    rules were read in, and what the plugin declares."""

    plugin: str
    ruleset: str
    rules: tuple[Rule, ...]
    payers: tuple[Payer, ...] = ()
    sources: tuple[Publication, ...] = ()
    declared: Declared = NOTHING_DECLARED

    def on(self, day: date) -> Mapping[str, Rule]:
        """The rules in force on a day, by id; of two versions the later one."""
        return _on(self, day)

    def named(self, plugin: str) -> RuleBook:
        """The same book under the name that the plugin was installed by."""
        if plugin == self.plugin:
            return self
        return replace(
            self,
            plugin=plugin,
            rules=tuple(replace(r, plugin=plugin) for r in self.rules),
            payers=tuple(replace(p, plugin=plugin) for p in self.payers),
            declared=self.declared.named(plugin),
        )

    def __hash__(self) -> int:
        return id(self)


@lru_cache(maxsize=512)
def _on(book: RuleBook, day: date) -> Mapping[str, Rule]:
    rules = sorted(book.rules, key=lambda rule: rule.from_ or date.min)
    found = {rule.id: rule for rule in rules if rule.in_force(day)}
    return MappingProxyType(RulesInForce(found, book.plugin, day, rules))


@lru_cache(maxsize=64)
def load_book(package: str) -> RuleBook:
    """The book that a plugin's package carries as ``rules.toml``; one of a single module has it
    beside it, ``acme.toml`` of ``acme.py``. Raises ``RuleDataError``."""
    file = rules_file_of(package)
    name = _shown(package, file)
    try:
        found = get_data(package, file)
    except OSError as error:
        raise RuleDataError(f"{name}: cannot be read ({error.strerror})") from error
    if found is None:
        raise RuleDataError(f"{name}: the package is not made of files")
    return parse_book(_text_of(found, name), name)


def rules_file_of(package: str) -> str:
    """The name of the file with a plugin's rule data, beside its module."""
    spec = getattr(sys.modules.get(package), "__spec__", None)
    if spec is None or spec.submodule_search_locations is not None or "." in package:
        return _FILE
    return f"{Path(spec.origin or package).stem}.toml"


def _shown(package: str, file: str) -> str:
    """The file as its author knows it: a folder's plugins are imported by a name of our own."""
    if file != _FILE:
        return file
    origin = getattr(getattr(sys.modules.get(package), "__spec__", None), "origin", None)
    return f"{Path(origin).parent.name if origin else package}/{file}"


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
        raise RuleDataError(f"{name}: {no_toml(text, error)}") from error
    check_shape(data, name)
    check_coherence(data, name)
    plugin = data["plugin"]
    sources = tuple(_publication(table) for table in data.get("sources", ()))
    cited = lru_cache(maxsize=None)(partial(_cited, {item.id: item for item in sources}))
    rules = (rule for table in data.get("rules", ()) for rule in _versions(table, plugin, cited))
    payers = (_payer(table, plugin) for table in data.get("payers", ()))
    declared = _declared(data, plugin)
    return RuleBook(plugin, data["ruleset"], tuple(rules), tuple(payers), sources, declared)


def _publication(table: Mapping[str, Any]) -> Publication:
    return Publication(**{"address": None, **table})


def _cited(sources: Mapping[str, Publication], source: str, sure: Sure) -> Source:
    """A publication as the rules cite it, the same object for all that are as sure of it."""
    found = sources[source]
    return Source(found.title, found.address, found.read_on, sure)


def _versions(
    table: Mapping[str, Any], plugin: str, cited: Callable[[str, Sure], Source]
) -> Iterator[Rule]:
    shared = table.get("values", {})
    for version in table.get("versions", (table,)):
        told = version if "source" in version else {**table, **version}
        said = {**table, **version}
        yield Rule(
            id=said["id"],
            text=said["text"],
            source=cited(said["source"], said["sure"]),
            plugin=plugin,
            values=MappingProxyType(Values({**shared, **version.get("values", {})}, said["id"])),
            from_=version.get("from"),
            to=version.get("to"),
            confirmed_on=said.get("confirmed_on"),
            review_by=said.get("review_by"),
            **{key: told.get(key, "") for key in _OF_THE_SOURCE},
        )


def _payer(table: Mapping[str, Any], plugin: str) -> Payer:
    return Payer(plugin=plugin, **_frozen(table))


def _frozen(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(v) if isinstance(v, list) else v for key, v in table.items()}


def _declared(data: Mapping[str, Any], plugin: str) -> Declared:
    facts = (_frozen(table) for table in data.get("facts", ()))
    return Declared(
        tuple(DeclaredFact(plugin=plugin, **values) for values in facts),
        tuple(DeclaredAction(**table) for table in data.get("actions", ())),
        tuple(DeclaredKind(**table) for table in data.get("authorization_kinds", ())),
    )
