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

from .problems import Problem, UnusableInputError, kind_of, plain_key, shorten, wrong
from .scalars import SCALARS, text_or_false

__all__ = ["MAX_ITEMS", "Problem", "UnusableInputError", "plain_key", "read"]

T = TypeVar("T")
#: The longest list that is read. What is longer is a mistake or an attack.
MAX_ITEMS = 5_000


Reader = Callable[[Any], Any]


def read(kind: type[T], data: Any, path: str = "") -> T:
    """JSON values as an instance of the fact class ``kind``.

    ``path`` is the place of ``data`` in what was sent; every problem begins with it. Raises
    ``UnusableInputError``, which holds all problems at once.
    """
    try:
        return cast(T, _record(cast(Hashable, kind))(data))
    except UnusableInputError as error:
        raise UnusableInputError(error.under(path)) from None


@lru_cache(maxsize=64)
def _record(kind: Any) -> Reader:
    hints = typing.get_type_hints(kind)
    readers: dict[str, tuple[str, Reader]] = {}
    required: list[str] = []
    for item in fields(kind):
        name = str(item.metadata.get("name", item.name))
        readers[name] = (item.name, _reader(hints[item.name]))
        if item.default is MISSING and item.default_factory is MISSING:
            required.append(name)
    required.sort()

    def reader(data: Any) -> Any:
        if not isinstance(data, dict):
            raise wrong(f"must be an object, not {kind_of(data)}")
        problems: list[Problem] = []
        known = _read_keys(data, readers, problems)
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
    from difflib import get_close_matches

    near = get_close_matches(key[:80], known, n=1)
    if near:
        return f"is not a known key; did you mean {near[0]!r}?"
    return f"is not a known key; known are {', '.join(known)}"


def _reader(hint: Any) -> Reader:
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        parts = [a for a in typing.get_args(hint) if a is not type(None)]
        if len(parts) == 1:
            return _reader(parts[0])
        return text_or_false
    if origin is Literal:
        return _choice(typing.get_args(hint))
    if origin is tuple:
        return _items(_reader(typing.get_args(hint)[0]))
    if origin is not None and issubclass(origin, Mapping):
        return _mapping(_reader(typing.get_args(hint)[1]))
    if is_dataclass(hint):
        return _record(cast(Hashable, hint))
    return SCALARS[hint]


def _choice(options: tuple[Any, ...]) -> Reader:
    def reader(value: Any) -> Any:
        if value in options and isinstance(value, str):
            return value
        if value == "":
            return None
        known = ", ".join(map(str, options))
        shown = f"{shorten(value)!r} is none of them" if isinstance(value, str) else kind_of(value)
        raise wrong(f"must be one of {known}; {shown}")

    return reader


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
