"""A clinic's own rule file, laid over the books of the plugins.

Each ``[[rules]]`` table names its ``plugin`` and ``id``. For a known rule its ``values`` replace
those of the same name from its ``from`` on, and lists under ``add`` are appended to the rule's
own; a rule with a new id is added. Whatever the clinic touched says so in its source.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import tomli

from ..domain.rule import Rule
from .book import RuleBook, RuleDataError

_KEYS = {
    "plugin",
    "id",
    "text",
    "source",
    "from",
    "to",
    "values",
    "add",
    "confirmed_on",
    "review_by",
}


def read_overrides(path: Path) -> tuple[Mapping[str, Any], ...]:
    """The tables of a clinic's file. Raises ``RuleDataError``."""
    try:
        data = tomli.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise RuleDataError(f"{path}: cannot be read ({error.strerror})") from error
    except (tomli.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RuleDataError(f"{path}: not valid TOML: {error}") from error
    unknown = set(data) - {"rules"}
    if unknown:
        raise RuleDataError(
            f"{path}: unknown key {min(unknown)!r}; only [[rules]] tables belong here"
        )
    tables = data.get("rules", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise RuleDataError(f"{path}: 'rules' must be tables; begin each with [[rules]]")
    for table in tables:
        _check(table, str(path))
    return tuple(tables)


def _check(table: Mapping[str, Any], name: str) -> None:
    where = f"{name}: rule {table.get('id', '?')}"
    for key in ("plugin", "id", "source"):
        if not isinstance(table.get(key), str) or not table[key]:
            raise RuleDataError(f"{where}: {key!r} is missing; give it as text")
    for key in sorted(set(table) - _KEYS):
        from difflib import get_close_matches

        near = get_close_matches(key, _KEYS, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise RuleDataError(f"{where}: unknown key {key!r}{hint}")
    for key in ("from", "to", "confirmed_on", "review_by"):
        if key in table and type(table[key]) is not date:
            raise RuleDataError(f"{where}: {key!r} is not a date; write it as 2026-11-22")
    for key in ("values", "add"):
        if not isinstance(table.get(key, {}), dict):
            raise RuleDataError(f"{where}: {key!r} must be a table, such as {{ days = 7 }}")
    starts, ends = table.get("from"), table.get("to")
    if starts is not None and ends is not None and ends < starts:
        raise RuleDataError(f"{where}: 'to' lies before 'from'")


def apply_overrides(
    books: Iterable[RuleBook],
    tables: Iterable[Mapping[str, Any]],
    without_book: Iterable[str] = (),
) -> tuple[RuleBook, ...]:
    """The books with a clinic's tables laid over them.

    A table whose plugin is not installed, or whose id the plugin does not know and that brings no
    text of its own, is an error: it would silently do nothing. ``without_book`` names plugins
    that are installed and cannot be asked now (disabled, broken): theirs wait.
    """
    by_name = {book.plugin: book for book in books}
    waiting = frozenset(without_book)
    for table in tables:
        plugin = str(table["plugin"])
        if plugin in by_name:
            by_name[plugin] = _lay_over(by_name[plugin], table)
        elif plugin not in waiting:
            from difflib import get_close_matches

            near = get_close_matches(plugin, by_name, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise RuleDataError(f"clinic rule {table['id']}: no plugin {plugin!r} installed{hint}")
    return tuple(by_name.values())


def _lay_over(book: RuleBook, table: Mapping[str, Any]) -> RuleBook:
    known = [rule for rule in book.rules if rule.id == table["id"]]
    if not known and "text" not in table:
        from difflib import get_close_matches

        near = get_close_matches(table["id"], {rule.id for rule in book.rules}, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise RuleDataError(
            f"clinic rule {table['id']}: {book.plugin!r} has no such rule{hint} "
            "(a rule of your own needs a 'text')"
        )
    fresh = [rule for old in known for rule in _split(old, table)] or [_new(book, table)]
    others = tuple(rule for rule in book.rules if rule.id != table["id"])
    suffix = "" if book.ruleset.endswith("+clinic") else "+clinic"
    return RuleBook(book.plugin, book.ruleset + suffix, others + tuple(fresh), book.payers)


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
            source=f"{old.source}; changed by the clinic's own rule file: {table['source']}",
            confirmed_on=table.get("confirmed_on", old.confirmed_on),
            review_by=table.get("review_by", old.review_by),
            changed_by_clinic=True,
        )
    )
    if ends < (old.to or date.max):
        parts.append(replace(old, from_=ends + timedelta(days=1)))
    return parts


def _values(old: Mapping[str, Any], table: Mapping[str, Any], rule_id: str) -> Mapping[str, Any]:
    values = {**old, **table.get("values", {})}
    for key, more in table.get("add", {}).items():
        have = values.get(key, [])
        if not isinstance(more, list) or not isinstance(have, list):
            raise RuleDataError(f"clinic rule {rule_id}: 'add.{key}' must be a list")
        values[key] = [*have, *more]
    return MappingProxyType(values)


def _new(book: RuleBook, table: Mapping[str, Any]) -> Rule:
    return Rule(
        id=str(table["id"]),
        text=str(table.get("text", "A rule of the clinic's own.")),
        source=f"the clinic's own rule file: {table['source']}",
        plugin=book.plugin,
        values=_values({}, table, str(table["id"])),
        from_=table.get("from"),
        to=table.get("to"),
        confidence="clinic",
        confirmed_on=table.get("confirmed_on"),
        review_by=table.get("review_by"),
        changed_by_clinic=True,
    )
