"""Reading JSON values into facts: every problem at once, each with the path of its field.

Unknown keys, wrong types, impossible dates and naive times are refused, never guessed.
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Callable, Hashable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal, TypeVar, cast

T = TypeVar("T")
#: The longest text and list that are read. What is longer is a mistake or an attack.
MAX_TEXT = 4_000
MAX_ITEMS = 5_000
MAX_NUMBER = 1_000_000
FIRST_YEAR, LAST_YEAR = 1900, 2199
#: An amount as text: nothing else that Python, too, would take for a number.
AMOUNT = r"[0-9]{1,6}(\.[0-9]{1,20})?"

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_AMOUNT = re.compile(AMOUNT)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field. ``path`` reads like ``coverages[0].visit_limit``."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path or 'request'}: {self.message}"


class UnusableInputError(ValueError):
    """Input that cannot be read; ``problems`` names each field and the cure."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = problems

    def under(self, place: str) -> list[Problem]:
        """The same problems with the key or index (``[0]``) of what holds the value before their
        paths."""
        return [Problem(_joined(place, p.path), p.message) for p in self.problems]


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


def _joined(place: str, path: str) -> str:
    return f"{place}.{path}" if place and path and not path.startswith("[") else place + path


def _wrong(message: str) -> UnusableInputError:
    return UnusableInputError([Problem("", message)])


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
            raise _wrong(f"must be an object, not {_kind(data)}")
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


def plain_key(key: Any) -> str:
    """A key made fit for one printed line, in any encoding."""
    text = str(key)
    if not text.isprintable():
        text = "".join(c if c.isprintable() else "?" for c in text)
    return _shorten(text)


def _shorten(text: str) -> str:
    return text if len(text) <= 120 else text[:117] + "..."


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false"}
    names |= {int: "a number", float: "a number", type(None): "null"}
    return names.get(type(value), type(value).__name__)


def _reader(hint: Any) -> Reader:
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        parts = [a for a in typing.get_args(hint) if a is not type(None)]
        if len(parts) == 1:
            return _reader(parts[0])
        return _text_or_false
    if origin is Literal:
        return _choice(typing.get_args(hint))
    if origin is tuple:
        return _items(_reader(typing.get_args(hint)[0]))
    if origin is not None and issubclass(origin, Mapping):
        return _mapping(_reader(typing.get_args(hint)[1]))
    if is_dataclass(hint):
        return _record(cast(Hashable, hint))
    return _SCALARS[hint]


def _text(value: Any) -> str | None:
    if not isinstance(value, str):
        raise _wrong(f"must be text, not {_kind(value)}")
    if len(value) > MAX_TEXT:
        raise _wrong(f"is {len(value):,} characters long; at most {MAX_TEXT:,} are read")
    if not value.isascii():
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            raise _wrong("holds a half character that is not valid Unicode") from None
    return value.strip() or None


def _text_or_false(value: Any) -> str | bool | None:
    if value is False:
        return False
    if not isinstance(value, str):
        raise _wrong(f"must be text, or false for none, not {_kind(value)}")
    return _text(value)


def _bool(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise _wrong(f"must be true or false, not {_kind(value)}")


def _int(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _wrong(f"must be a whole number, not {_kind(value)}")
    if not 0 <= value <= MAX_NUMBER:
        raise _wrong(f"must be between 0 and {MAX_NUMBER:,}")
    return value


def _decimal(value: Any) -> Decimal | None:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, str):
        text = value.strip()
        if not text:
            return None
        if _AMOUNT.fullmatch(text):
            return Decimal(text)
    raise _wrong('must be an amount written as text, such as "20.00"')


def _date(value: Any) -> date | None:
    if value == "":
        return None
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise _wrong("must be a date such as 2026-12-08")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise _wrong(f"{value} is no day of the calendar") from None
    _check_year(day.year)
    return day


def _datetime(value: Any) -> datetime | None:
    example = "such as 2026-12-08T10:00:00-08:00"
    if value == "":
        return None
    if not isinstance(value, str) or len(value) > 40 or "T" not in value:
        raise _wrong(f"must be a time with its offset, {example}")
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise _wrong(f"is no time of the calendar; write it {example}") from None
    if moment.tzinfo is None:
        raise _wrong(f"has no offset from UTC; write it {example}")
    _check_year(moment.year)
    return moment


def _check_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _wrong(
            f"the year {year} is outside {FIRST_YEAR}-{LAST_YEAR}; "
            "leave an open end out instead of writing a far date"
        )


def _choice(options: tuple[Any, ...]) -> Reader:
    def reader(value: Any) -> Any:
        if value in options and isinstance(value, str):
            return value
        if value == "":
            return None
        known = ", ".join(map(str, options))
        shown = f"{_shorten(value)!r} is none of them" if isinstance(value, str) else _kind(value)
        raise _wrong(f"must be one of {known}; {shown}")

    return reader


def _items(item: Reader) -> Reader:
    def reader(value: Any) -> Any:
        if not isinstance(value, list):
            raise _wrong(f"must be a list, not {_kind(value)}")
        if len(value) > MAX_ITEMS:
            raise _wrong(f"has {len(value):,} items; at most {MAX_ITEMS:,}")
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
            raise _wrong(f"must be an object, not {_kind(value)}")
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


_SCALARS: dict[Any, Reader] = {
    str: _text,
    bool: _bool,
    int: _int,
    Decimal: _decimal,
    date: _date,
    datetime: _datetime,
}
