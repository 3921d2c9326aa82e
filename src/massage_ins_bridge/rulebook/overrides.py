"""A clinic's own rule file, laid over the books of the plugins.

Each ``[[rules]]`` table names its ``plugin`` and ``id``. For a known rule its ``values`` replace
those of the same name from its ``from`` on, and lists under ``add`` are appended to the rule's
own; a rule with a new id is added. Names and types of values are those that the plugin's own rules
have. Whatever the clinic touched says so in its source.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import tomli

from ..domain.problems import nearest
from ..domain.rule import Rule, Values
from ..domain.source import Source
from .book import RuleBook
from .coherence import check_days, read_by_shared
from .schema import RuleDataError, check_shape
from .toml_text import no_toml
from .values import check_values


class Change(dict[str, Any]):
    """One table of a clinic's file; ``file`` begins its error messages."""

    file: str = "the clinic's own rules"


def read_overrides(path: Path) -> tuple[Mapping[str, Any], ...]:
    """The tables of a clinic's file. Raises ``RuleDataError``."""
    text = ""
    try:
        text = path.read_text(encoding="utf-8-sig")
        data = tomli.loads(text)
    except OSError as error:
        raise RuleDataError(f"{path}: cannot be read ({error.strerror})") from error
    except (tomli.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RuleDataError(f"{path}: {no_toml(text, error)}") from error
    check_shape(data, str(path), "clinic")
    check_days(data, str(path))
    changes = tuple(Change(table) for table in data.get("rules", ()))
    for change in changes:
        change.file = str(path)
    return changes


def apply_overrides(
    books: Iterable[RuleBook],
    tables: Iterable[Mapping[str, Any]],
    without_book: Iterable[str] = (),
) -> tuple[RuleBook, ...]:
    """The books with a clinic's tables laid over them. Raises ``RuleDataError``.

    A table whose plugin is not installed, or whose id the plugin does not know and that brings no
    text of its own, is an error: it would silently do nothing. So is a value that no rule of the
    plugin has. ``without_book`` names plugins that are installed and cannot be asked now
    (disabled, broken): theirs wait.
    """
    by_name = {book.plugin: book for book in books}
    shipped = dict(by_name)
    waiting = frozenset(without_book)
    for table in tables:
        plugin = str(table["plugin"])
        where = f"{getattr(table, 'file', Change.file)}: rule {table['id']}"
        if plugin in by_name:
            book = shipped[plugin]
            shared = read_by_shared(book.payers, str(table["id"]))
            check_values(table, book.rules, where, shared)
            by_name[plugin] = _lay_over(by_name[plugin], table, where)
        elif plugin not in waiting:
            hint = nearest(plugin, by_name)
            raise RuleDataError(f"{where}: 'plugin': no plugin {plugin!r} installed{hint}")
    return tuple(by_name.values())


def _lay_over(book: RuleBook, table: Mapping[str, Any], where: str) -> RuleBook:
    known = [rule for rule in book.rules if rule.id == table["id"]]
    if not known and "text" not in table:
        hint = nearest(table["id"], {rule.id for rule in book.rules})
        said = f"{book.plugin!r} has no such rule{hint} (a rule of your own needs a 'text')"
        raise RuleDataError(f"{where}: 'id': {said}")
    fresh = [rule for old in known for rule in _split(old, table)] or [_new(book, table)]
    others = tuple(rule for rule in book.rules if rule.id != table["id"])
    suffix = "" if book.ruleset.endswith("+clinic") else "+clinic"
    return replace(book, ruleset=book.ruleset + suffix, rules=others + tuple(fresh))


def _split(old: Rule, table: Mapping[str, Any]) -> list[Rule]:
    """A version as it was before and after the clinic's dates, and between as the clinic has it."""
    starts: date = max(table.get("from") or date.min, old.from_ or date.min)
    ends: date = min(table.get("to") or date.max, old.to or date.max)
    if ends < starts:
        return [old]
    parts = []
    if starts > (old.from_ or date.min):
        parts.append(replace(old, to=starts - timedelta(days=1)))
    parts.append(
        replace(
            old,
            from_=None if starts == date.min else starts,
            to=None if ends == date.max else ends,
            text=str(table.get("text", old.text)),
            values=_values(old.values, table, old.id),
            source=_changed(old.source, table),
            confirmed_on=table.get("confirmed_on", old.confirmed_on),
            review_by=table.get("review_by", old.review_by),
            changed_by_clinic=True,
        )
    )
    if ends < (old.to or date.max):
        parts.append(replace(old, from_=ends + timedelta(days=1)))
    return parts


def _changed(old: Source, table: Mapping[str, Any]) -> Source:
    """The clinic answers for what it changed, and its own reading is the newer one."""
    title = f"{old.title}; changed by the clinic's own rule file: {table['source']}"
    return Source(title, old.href, table.get("confirmed_on", old.read_on), "ours")


def _values(old: Mapping[str, Any], table: Mapping[str, Any], rule: str) -> Mapping[str, Any]:
    values = {**old, **table.get("values", {})}
    for key, more in table.get("add", {}).items():
        values[key] = [*values.get(key, []), *more]
    return MappingProxyType(Values(values, rule))


def _new(book: RuleBook, table: Mapping[str, Any]) -> Rule:
    title = f"The clinic's own rule file: {table['source']}"
    return Rule(
        id=str(table["id"]),
        text=str(table["text"]),
        source=Source(title, read_on=table.get("confirmed_on"), sure="ours"),
        plugin=book.plugin,
        values=_values({}, table, str(table["id"])),
        from_=table.get("from"),
        to=table.get("to"),
        confirmed_on=table.get("confirmed_on"),
        review_by=table.get("review_by"),
        changed_by_clinic=True,
    )
