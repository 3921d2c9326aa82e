"""Reading JSON values into facts: every problem at once, each with the path of its field.

Unknown keys, wrong types, impossible dates and naive times are refused, never guessed.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Hashable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import lru_cache
from typing import Any, Literal, TypeVar, cast

from .declared import NO_WORDS, Vocabulary
from .extra import EXTRA, PLUGINS_TOO
from .problems import Problem, UnusableInputError, kind_of, nearest, plain_key, wrong
from .read_declared import extra_reader, kind_reader
from .scalars import SCALARS, choice, text_or_false

__all__ = ["MAX_ITEMS", "Problem", "UnusableInputError", "plain_key", "read"]

T = TypeVar("T")
#: The longest list that is read. What is longer is a mistake or an attack.
MAX_ITEMS = 5_000


Reader = Callable[[Any], Any]


def read(kind: type[T], data: Any, path: str = "", words: Vocabulary = NO_WORDS) -> T:
    """JSON values as an instance of the fact class ``kind``.

    ``path`` is the place of ``data`` in what was sent; every problem begins with it. ``words`` are
    those that plugins declare. Raises ``UnusableInputError``, which holds all problems at once.
    """
    try:
        return cast(T, _record(cast(Hashable, kind), words)(data))
    except UnusableInputError as error:
        raise UnusableInputError(error.under(path)) from None


@lru_cache(maxsize=256)
def _record(kind: Any, words: Vocabulary) -> Reader:
    hints = typing.get_type_hints(kind)
    readers: dict[str, tuple[str, Reader]] = {}
    required: list[str] = []
    blank: dict[str, Any] = {}
    for item in fields(kind):
        name = str(item.metadata.get("name", item.name))
        if on := item.metadata.get(EXTRA):
            read_extra, blank[item.name] = extra_reader(words, on)
            readers[name] = (item.name, read_extra)
        else:
            of_plugins = item.metadata.get(PLUGINS_TOO)
            found = kind_reader(words) if of_plugins else _reader(hints[item.name], words)
            readers[name] = (item.name, found)
        if item.default is MISSING and item.default_factory is MISSING:
            required.append(name)
    required.sort()

    def reader(data: Any) -> Any:
        if not isinstance(data, dict):
            raise wrong(f"must be an object, not {kind_of(data)}")
        problems: list[Problem] = []
        known = {**blank, **_read_keys(data, readers, problems)}
        missing = [name for name in required if data.get(name) in (None, "")]
        problems.extend(Problem(name, "is missing") for name in missing)
        if problems:
            raise UnusableInputError(problems)
        return kind(**known)

    return reader


def _read_keys(
    data: dict[str, Any], readers: Mapping[str, tuple[str, Reader]], problems: list[Problem]
) -> dict[str, Any]:
    known: dict[str, Any] = {}
    for key, value in data.items():
        entry = readers.get(key)
        if entry is None:
            name = plain_key(key)
            problems.append(Problem(name, _unknown_key(name, readers)))
        elif value is not None:
            try:
                known[entry[0]] = entry[1](value)
            except UnusableInputError as error:
                problems += error.under(key)
    return known


def _unknown_key(key: str, known: Mapping[str, Any]) -> str:
    return f"is not a known key{nearest(key, known) or '; known are ' + ', '.join(known)}"


def _reader(hint: Any, words: Vocabulary) -> Reader:
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        parts = [a for a in typing.get_args(hint) if a is not type(None)]
        if len(parts) == 1:
            return _reader(parts[0], words)
        return text_or_false
    if origin is Literal:
        return choice(typing.get_args(hint))
    if origin is tuple:
        return _items(_reader(typing.get_args(hint)[0], words))
    if origin is not None and issubclass(origin, Mapping):
        return _mapping(_reader(typing.get_args(hint)[1], words))
    if is_dataclass(hint):
        return _record(cast(Hashable, hint), words)
    return SCALARS[hint]


def _items(item: Reader) -> Reader:
    def reader(value: Any) -> Any:
        if not isinstance(value, list):
            raise wrong(f"must be a list, not {kind_of(value)}")
        if len(value) > MAX_ITEMS:
            raise wrong(f"has {len(value):,} items; at most {MAX_ITEMS:,}")
        found: list[Any] = []
        problems: list[Problem] = []
        for index, one in enumerate(value):
            try:
                found.append(item(one))
            except UnusableInputError as error:
                problems += error.under(f"[{index}]")
        if problems:
            raise UnusableInputError(problems)
        return tuple([one for one in found if one is not None])

    return reader


def _mapping(item: Reader) -> Reader:
    def reader(value: Any) -> Any:
        if not isinstance(value, dict):
            raise wrong(f"must be an object, not {kind_of(value)}")
        found: dict[str, Any] = {}
        problems: list[Problem] = []
        for key, one in value.items():
            try:
                if one is not None:
                    found[str(key)] = item(one)
            except UnusableInputError as error:
                problems += error.under(plain_key(key))
        if problems:
            raise UnusableInputError(problems)
        return found

    return reader
