"""The words of the client's own page, from ``page.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from .days import Language

_FILE = Path(__file__).with_name("page.toml")
_ANONYMOUS = "_anonymous"


def say(language: Language, word: str, /, **values: object) -> str:
    """The words of that name, filled in. Raises ``KeyError`` for a name that is none."""
    return one_stop(words(language)[word].format(**values))


def one_stop(text: str) -> str:
    """A sentence that ends with "p. m." ends with one stop."""
    return text.replace("m..", "m.")


def heading(language: Language, name: str, first: str, /, **values: object) -> str:
    """A heading that calls the client by their first name, where it is known."""
    known = words(language)
    if not first and f"{name}{_ANONYMOUS}" in known:
        name = f"{name}{_ANONYMOUS}"
    return known[name].format(first=first, **values)


def things(language: Language, count: int) -> str:
    """ "one thing", "3 cosas"."""
    return say(language, "thing_1" if count == 1 else "thing_n", count=count)


@cache
def words(language: Language) -> Mapping[str, str]:
    """All words of the page in that language, by name."""
    file = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {str(name): str(text) for name, text in file[language].items()}
