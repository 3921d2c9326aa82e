"""Reading what plugins declare: the ``extra`` of a fact, and kinds of authorizations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar

from .declared import DeclaredFact, Vocabulary
from .extra import NO_EXTRA, Extra
from .facts import Booking, Upcoming
from .problems import Problem, UnusableInputError, kind_of, nearest, plain_key, shorten, wrong
from .scalars import SCALARS, choice

Reader = Callable[[Any], Any]
HasExtra = TypeVar("HasExtra", Booking, Upcoming)
_TYPES: Mapping[str, type] = {
    "text": str,
    "bool": bool,
    "int": int,
    "date": date,
    "amount": Decimal,
}


def extra_reader(words: Vocabulary, on: str) -> tuple[Reader, Extra]:
    """What reads the ``extra`` of one kind of fact, and what stands there where none is sent."""
    plugins = words.facts[on]
    readers = {plugin: _fields(plugin, on, own, words) for plugin, own in plugins.items()}
    blank = Extra((plugin, Extra(dict.fromkeys(own))) for plugin, own in plugins.items())

    def reader(value: Any) -> Any:
        found: dict[str, Any] = dict(blank)
        problems: list[Problem] = []
        for plugin, fields in _object(value).items():
            try:
                if plugin in readers:
                    found[plugin] = readers[plugin]({} if fields is None else fields)
                elif not words.forgiving:
                    raise wrong(_no_plugin(plain_key(plugin), on, plugins))
            except UnusableInputError as error:
                problems += error.under(plain_key(plugin))
        if problems:
            raise UnusableInputError(problems)
        return Extra(found)

    return reader, blank if plugins else NO_EXTRA


def stored_extra(value: Mapping[str, Any], on: str, words: Vocabulary) -> Extra:
    """What is stored of the ``extra`` of a fact, as plugins see it: what nobody declares any longer
    is passed over."""
    reader, blank = _stored(words.for_stored, on)
    found: Extra = reader(value) if value else blank
    return found


def with_declared(fact: HasExtra, on: str, words: Vocabulary) -> HasExtra:
    """The fact with all that plugins declare, unknown, where it was made without any of it."""
    if fact.extra:
        return fact
    blank = stored_extra({}, on, words)
    return replace(fact, extra=blank) if blank else fact


@lru_cache(maxsize=32)
def _stored(words: Vocabulary, on: str) -> tuple[Reader, Extra]:
    return extra_reader(words, on)


def _fields(plugin: str, on: str, own: Mapping[str, DeclaredFact], words: Vocabulary) -> Reader:
    readers = {name: _reader(fact) for name, fact in own.items()}

    def reader(value: Any) -> Any:
        found: dict[str, Any] = dict.fromkeys(own)
        problems: list[Problem] = []
        for name, one in _object(value).items():
            try:
                if name not in readers:
                    raise wrong(_no_field(plain_key(name), plugin, on, own))
                if one is not None:
                    found[name] = readers[name](one)
            except UnusableInputError as error:
                problems += error.under(plain_key(name))
        if problems and not words.forgiving:
            raise UnusableInputError(problems)
        return Extra(found)

    return reader


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise wrong(f"must be an object, not {kind_of(value)}")
    return value


def _reader(fact: DeclaredFact) -> Reader:
    return choice(fact.choices) if fact.type == "choice" else SCALARS[_TYPES[fact.type]]


def _no_plugin(plugin: str, on: str, known: Mapping[str, Any]) -> str:
    said = f"no installed plugin of this name declares fields of {_a(on)}"
    return said + (nearest(plugin, known) or _listed(known))


def _no_field(name: str, plugin: str, on: str, known: Mapping[str, Any]) -> str:
    said = f"is no field that the plugin {plugin!r} declares of {_a(on)}"
    return said + (nearest(name, known) or _listed(known))


def _a(on: str) -> str:
    return f"an {on}" if on[0] == "a" else f"a {on}"


def _listed(known: Mapping[str, Any]) -> str:
    return f"; known are {', '.join(sorted(known))}" if known else ""


def kind_reader(words: Vocabulary) -> Reader:
    """What reads the kind of an authorization: the host's own, or one that a plugin declares."""
    known = words.all_authorization_kinds
    own = choice(known)

    def reader(value: Any) -> Any:
        if not isinstance(value, str) or value in known or "." not in value:
            return own(value)
        if words.forgiving:
            return value
        plugin = value.rpartition(".")[0]
        near = nearest(value, known) or f"; known are {', '.join(known)}"
        shown = repr(shorten(plain_key(value)))
        raise wrong(f"{shown} is a kind that no plugin {plain_key(plugin)!r} declares{near}")

    return reader
