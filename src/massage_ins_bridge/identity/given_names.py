"""Which given names can be forms of one: "Bob" and "Robert", "Pepe" and "José"."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files

from nicknames import name_triplets

from .letters import mistakes, plain

#: A shorter word has too many others one mistake away.
_LONG = 5


@lru_cache(maxsize=16_384)
def full_forms(word: str) -> frozenset[str]:
    """The names that ``word``, in plain letters, may stand for; itself among them. What is no known
    name may be a misspelled one."""
    found = _full_forms().get(word, frozenset()) | {word}
    if word not in _known() and len(word) >= _LONG:
        found = found.union(*map(full_forms, _near(word)))
    return found


def _near(word: str) -> Iterator[str]:
    """The known names that are one mistake away."""
    index = _by_less()
    found = {name for less in _less(word) for name in index.get(less, ())}
    return (name for name in found if mistakes(name, word, 1) < 2)


def forms_of_one(one: str, other: str) -> bool:
    """Whether two given names may stand for the same."""
    return one == other or not full_forms(one).isdisjoint(full_forms(other))


@cache
def _known() -> frozenset[str]:
    return frozenset().union(_full_forms(), *_full_forms().values())


@cache
def _by_less() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name in sorted(name for name in _known() if len(name) >= _LONG - 1):
        for less in _less(name):
            found[less] = (*found.get(less, ()), name)
    return found


def _less(word: str) -> set[str]:
    """A word, and what is left of it without one letter: two words share one of these where they
    are one mistake apart."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


@cache
def _full_forms() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name, _, short in name_triplets():
        found.setdefault(plain(short), set()).add(plain(name))
    text = (files(__package__) / "given_names.toml").read_text(encoding="utf-8")
    for lines in tomllib.loads(text).values():
        for line in lines:
            full, *others = map(plain, line.split())
            for form in others:
                found.setdefault(form, set()).add(full)
    return {form: frozenset(names) for form, names in found.items()}
