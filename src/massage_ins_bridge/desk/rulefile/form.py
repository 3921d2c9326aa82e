"""A rule's values as a form asks for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from ...domain.problems import nearest
from ...domain.reading import Problem, UnusableInputError
from ...domain.rule import Rule

Kind = Literal["number", "yes", "text", "list"]
MOST_LETTERS, MOST_LINES = 400, 400
_NUMBER = re.compile(r"-?[0-9]{1,7}")


@dataclass(frozen=True, slots=True)
class ValueField:
    """One value. ``text``: what stands there now, as it is typed; of a list an item a line."""

    name: str
    label: str
    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class RuleChangeSent:
    """A change of the clinic's own rules, as a program asks for it. ``values``: by name, those that
    are to be others, as they are typed: ``7``, ``yes``, of a list an item a line; ``from`` and
    ``to``: the days of service for which it holds; ``source``: where it was read, or why."""

    plugin: str
    rule: str
    source: str
    values: Mapping[str, str]
    from_: date | None = field(default=None, metadata={"name": "from"})
    to: date | None = None
    review_by: date | None = None


def typed_of(rule: Rule, sent: RuleChangeSent) -> dict[str, str]:
    """The same as the form has it. Raises ``UnusableInputError`` for a value that the rule has
    not."""
    fields = {one.name: one.text for one in value_fields(rule)}
    problems = [
        Problem(f"values.{name}", f"is no value of this rule{nearest(name, fields)}")
        for name in sent.values
        if name not in fields
    ]
    if problems:
        raise UnusableInputError(problems)
    days = {"from": sent.from_, "to": sent.to, "review_by": sent.review_by}
    typed = {name: day.isoformat() for name, day in days.items() if day is not None}
    values = {f"v-{name}": text for name, text in {**fields, **sent.values}.items()}
    return {**typed, **values, "source": sent.source}


def value_fields(rule: Rule) -> tuple[ValueField, ...]:
    """The values that a form can change. Tables are for the file alone."""
    found = []
    for name, value in rule.values.items():
        kind = _kind(value)
        if kind is not None:
            found.append(ValueField(name, name.replace("_", " "), kind, _text(value)))
    return tuple(found)


def read_change(rule: Rule, typed: Mapping[str, str]) -> dict[str, Any]:
    """The table of a clinic's file that a form asks for: the values that are others now, from when,
    and why. Raises ``UnusableInputError`` with the form's fields."""
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    for one in value_fields(rule):
        try:
            value = _value(one.kind, typed.get(f"v-{one.name}", ""))
        except ValueError as error:
            problems.append(Problem(f"v-{one.name}", str(error)))
            continue
        if one.kind == "number" and value < 0 <= int(one.text):
            problems.append(Problem(f"v-{one.name}", "is less than nothing: write 0 or more"))
            continue
        if value != _plain(rule.values[one.name]):
            values[one.name] = value
    made = {"plugin": rule.plugin, "id": rule.id, **dict(_days(typed, problems))}
    source = " ".join(typed.get("source", "").split())
    if not source:
        problems.append(Problem("source", "is empty; say where you read it, or why you choose it"))
    elif len(source) > MOST_LETTERS:
        problems.append(Problem("source", f"is longer than {MOST_LETTERS} letters; say it shorter"))
    if not (values or problems):
        problems.append(Problem("", "Nothing is changed yet."))
    if problems:
        raise UnusableInputError(problems)
    return {**made, "source": source, "values": values}


def _days(typed: Mapping[str, str], problems: list[Problem]) -> Iterator[tuple[str, date]]:
    found: dict[str, date] = {}
    for name in ("from", "to", "review_by"):
        text = typed.get(name, "")
        if not text:
            continue
        try:
            found[name] = date.fromisoformat(text)
        except ValueError:
            problems.append(Problem(name, f"\u201c{text[:20]}\u201d is no day: write 2026-11-22"))
    if "from" in found and "to" in found and found["to"] < found["from"]:
        problems.append(Problem("to", "is before the first day"))
    yield from found.items()


def _kind(value: Any) -> Kind | None:
    if isinstance(value, bool):
        return "yes"
    if isinstance(value, int):
        return "number"
    if isinstance(value, str):
        return "text"
    if isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value):
        return "list"
    return None


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "\n".join(value) if isinstance(value, (list, tuple)) else str(value)


def _value(kind: Kind, text: str) -> Any:
    if kind == "yes":
        if text not in ("yes", "no"):
            raise ValueError("choose yes or no")
        return text == "yes"
    if kind == "number":
        if not _NUMBER.fullmatch(text.strip()):
            raise ValueError(f"\u201c{text[:20]}\u201d is no whole number: write 7")
        return int(text)
    lines = [" ".join(line.split()) for line in text.splitlines()]
    items = [line for line in lines if line]
    if any(len(line) > MOST_LETTERS or not line.isprintable() for line in items):
        raise ValueError(f"a line is longer than {MOST_LETTERS} letters, or has odd characters")
    if kind == "list":
        if len(items) > MOST_LINES:
            raise ValueError(f"more than {MOST_LINES} lines; change it in the file")
        return items
    if len(items) != 1:
        raise ValueError("write it in one line")
    return items[0]
