"""Dates that say when something happened: they cannot lie in the future, though people write them
down so."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any, cast, get_args, get_type_hints

from .problems import Problem

_SAID, _ON_PAPER = "happened", "on_paper"


def day_of(said: str, *, on_paper: bool = False) -> Mapping[str, Any]:
    """What marks a field of a fact that says when something happened; ``said`` tells what. What
    stands ``on_paper`` is taken down as it stands there, even where it cannot be."""
    return {_SAID: said, _ON_PAPER: on_paper}


@dataclass(frozen=True, slots=True)
class ToCome:
    """A day that is still to come of what is said to have happened, at a ``path`` of its fact."""

    path: str
    said: str
    day: date
    on_paper: bool


def to_come(fact: Any, today: date) -> list[ToCome]:
    """What is said to have happened on a day after ``today``, at any depth of a fact."""
    dated, inner = _parts(cast(Hashable, type(fact)))
    found = [
        ToCome(name, said, day, on_paper)
        for name, said, on_paper in dated
        if (day := getattr(fact, name)) is not None and day > today
    ]
    for name in inner:
        part = getattr(fact, name)
        if part is not None:
            found += [replace(one, path=f"{name}.{one.path}") for one in to_come(part, today)]
    return found


def not_yet(fact: Any, today: date) -> list[Problem]:
    """Of a fact that is written down, what cannot have happened by ``today``."""
    return [
        Problem(one.path, f"lies in the future ({one.day}); check the date, above all its year")
        for one in to_come(fact, today)
        if not one.on_paper
    ]


@lru_cache(maxsize=64)
def _parts(kind: Any) -> tuple[tuple[tuple[str, str, bool], ...], tuple[str, ...]]:
    """The fields of a class that say when something happened, and those that may hold some."""
    marked = ((f.name, f.metadata) for f in fields(kind) if _SAID in f.metadata)
    dated = ((name, said[_SAID], said[_ON_PAPER]) for name, said in marked)
    hints = get_type_hints(kind)
    inner = [f.name for f in fields(kind) if any(map(_has_some, get_args(hints[f.name])))]
    return tuple(dated), tuple(inner)


def _has_some(kind: Any) -> bool:
    return isinstance(kind, type) and is_dataclass(kind) and any(_parts(kind))
