"""Whether two names can be one person's. The family name alone says nothing: families share it,
as they share a telephone and an e-mail address."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

#: ``same``: only case, accents, order, or a middle name more or less. ``similar``: the first name
#: and no other family name, but one of the names is longer. ``changed``: the first name with
#: another family name, an initial for the first name, a first name more; also where one of the
#: names is not known. ``other``: two persons.
Likeness = Literal["same", "similar", "changed", "other"]

_ACCENTS = re.compile("[\u0300-\u036f]")
_APOSTROPHES = re.compile("['`\u2019\u02bc]")
_BREAKS = re.compile("[\\s.()/\u2010\u2011-]+")
_TITLES = frozenset({"dr", "mr", "mrs", "ms", "miss", "mx", "prof"})
_GENERATIONS = {"jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr"} | {
    number: number for number in ("ii", "iii", "iv")
}


@dataclass(frozen=True, slots=True)
class _Name:
    """First name first. ``generation``: father and son are told apart by it, often by it alone."""

    words: tuple[str, ...]
    generation: str = ""


def compare(one: str | None, other: str | None) -> Likeness:
    """How alike two names are, whichever of them is on file."""
    a, b = _read(one), _read(other)
    if not a.words or not b.words:
        return "changed"
    if a.generation != b.generation:
        return "other"
    if sorted(a.words) == sorted(b.words):
        return "same"
    if a.words[0] == b.words[0] and len(a.words[0]) > 1:
        return _with_first_name(a.words, b.words)
    fewer, more = sorted((a.words, b.words), key=len)
    if len(fewer) > 1 and set(fewer) <= set(more):
        return "changed"
    if len(fewer) > 1 and fewer[-1] == more[-1] and _alike(fewer[0], more[0]):
        return "changed"
    return "other"


def _with_first_name(one: tuple[str, ...], other: tuple[str, ...]) -> Likeness:
    fewer, more = sorted((one, other), key=len)
    if len(fewer) > 1 and fewer[-1] == more[-1]:
        middle = more[1:-1]
        fits = all(any(_alike(word, name) for name in middle) for word in fewer[1:-1])
        return "same" if fits else "other"
    return "similar" if len(fewer) > 1 and set(fewer) <= set(more) else "changed"


def _alike(one: str, other: str) -> bool:
    """Equal, or one is the other's initial."""
    return one == other or (1 in (len(one), len(other)) and one[0] == other[0])


def _read(name: str | None) -> _Name:
    parts = [_words(part) for part in (name or "").split(",")]
    generation = ""
    for number, words in enumerate(parts):
        first = 0 if number else 1  # a name may begin with Junior
        for word in [w for w in words[first:] if w in _GENERATIONS]:
            generation = _GENERATIONS[word]
            words.remove(word)
    parts = [words for words in parts if words]
    ordered = [word for words in (*parts[1:], *parts[:1]) for word in words]
    if len(ordered) > 2 and ordered[0] in _TITLES:
        ordered = ordered[1:]
    return _Name(tuple(ordered), generation)


def _words(text: str) -> list[str]:
    """Only Latin, Greek and Cyrillic lose their marks: in other scripts these are letters."""
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    return _BREAKS.sub(" ", _APOSTROPHES.sub("", plain)).split()
