"""Names of persons, read, and how alike two of them are. The family name alone says nothing:
families share it, as they share a telephone and an e-mail address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from itertools import product

from .given_names import forms_of_one
from .letters import in_latin, mistakes, plain, sound, with_umlauts


class Likeness(IntEnum):
    """How alike two names are, whichever of them is on file; the more alike, the higher."""

    #: Two persons, as far as names tell.
    OTHER = 0
    #: One says too little: it is missing, one word, or an initial; or only the given names agree.
    PART = 1
    #: The full name of one can be the other's: short and foreign forms, spelling, a family name of
    #: two, Jr. and Sr.
    CLOSE = 2
    #: The same with a middle name more or less.
    FULLER = 3
    #: Only case, accents, marks, order, a title, or a middle name's initial differ.
    SAME = 4


_APOSTROPHES = re.compile("['`\u2019\u2018\u02bc]")
_BREAKS = re.compile('[\\s.()"\u201c\u201d/\u2010\u2011_-]+')
_TITLES = frozenset({"dr", "mr", "mrs", "ms", "miss", "mx", "prof", "rev", "sr", "sra", "srta"})
_CREDENTIALS = frozenset({"md", "do", "rn", "np", "pa", "phd", "dds", "dc", "lmt", "esq", "pt"})
_BORN = frozenset({"nee", "born", "formerly", "geb"})
_GENERATIONS = {"jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr"} | {
    number: number for number in ("ii", "iii", "iv")
}


@dataclass(frozen=True, slots=True)
class Name:
    """A name's words, first name first. ``generation``: father and son are told apart by it, often
    by it alone."""

    words: tuple[str, ...] = ()
    generation: str = ""


@lru_cache(maxsize=4096)
def readings(name: str | None) -> tuple[Name, ...]:
    """A name in plain letters: as it is, and with its umlauts written out."""
    return tuple(dict.fromkeys(_read(spell(name or "")) for spell in (plain, with_umlauts)))


def latin_readings(name: str | None) -> tuple[Name, ...]:
    """The same and, of a name in another script, the way in which Latin letters would give it."""
    own = readings(name)
    if all(word.isascii() for reading in own for word in reading.words):
        return own
    return (*own, _read(in_latin(name or "")))


def says_who(name: str | None) -> bool:
    """Whether a name is a full one: two words, or one in a script that parts no words."""
    words = readings(name)[0].words
    return len(words) > 1 or any(not word.isascii() and len(word) > 1 for word in words)


def compare(one: str | None, other: str | None) -> Likeness:
    """How alike two names are."""
    pairs = product(readings(one), readings(other))
    found = max(_compare(a, b) for a, b in pairs)
    if found >= Likeness.CLOSE:
        return found
    foreign = list(product(latin_readings(one), latin_readings(other)))
    if any(_unparted(a, b) for a, b in foreign):
        return Likeness.CLOSE
    return max(found, *(min(_compare(a, b), Likeness.CLOSE) for a, b in foreign))


def _unparted(a: Name, b: Name) -> bool:
    """Whether a name that its script writes in one piece is the other, as far as letters tell."""
    if 1 not in (len(a.words), len(b.words)):
        return False
    orders = product((a.words, *_turned(a.words)), (b.words, *_turned(b.words)))
    joined = [("".join(x), "".join(y)) for x, y in orders]
    return any(min(len(x), len(y)) > 5 and mistakes(x, y, 2) < 2 for x, y in joined)


def _compare(a: Name, b: Name) -> Likeness:
    if not a.words or not b.words:
        return Likeness.PART
    found = _alike(a.words, b.words)
    turned = [_alike(x, b.words) for x in _turned(a.words)]
    turned += [_alike(a.words, y) for y in _turned(b.words)]
    found = max(found, min(max(turned, default=Likeness.OTHER), Likeness.CLOSE))
    if sorted(a.words) == sorted(b.words) or "".join(a.words) == "".join(b.words):
        found = Likeness.SAME
    return found if a.generation == b.generation else min(found, Likeness.CLOSE)


def _turned(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """With the last word first, or the first last: many peoples begin with the family name."""
    if len(words) > 1:
        yield (words[-1], *words[:-1])
        yield (*words[1:], words[0])


def _alike(a: tuple[str, ...], b: tuple[str, ...]) -> Likeness:
    if len(a) == 1 or len(b) == 1:
        return Likeness.PART if _given(a[0], b[0]) or _initial(a[0], b[0]) else Likeness.OTHER
    if a[0] == b[0] and a[-1] == b[-1]:
        return _with_middle(a[1:-1], b[1:-1])
    if _given(a[0], b[0]) and _spelled(a[-1], b[-1]):
        return Likeness.CLOSE
    given = any(_given(x, y) for x in a[:-1] for y in b[:-1])
    family = any(_spelled(x, y) for x in a[1:] for y in b[1:])
    if given and family and not _crossed(a, b):
        return Likeness.CLOSE
    initial = _initial(a[0], b[0]) and _spelled(a[-1], b[-1])
    return Likeness.PART if initial or _given(a[0], b[0]) else Likeness.OTHER


def _with_middle(a: tuple[str, ...], b: tuple[str, ...]) -> Likeness:
    fewer, more = sorted((a, b), key=len)
    if not all(any(x == y or _initial(x, y) for y in more) for x in fewer):
        return Likeness.OTHER  # two sisters of one first name
    return Likeness.SAME if len(fewer) == len(more) else Likeness.FULLER


def _crossed(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether all that two names share is one word, a middle name in one of them."""
    return len(set(a) & set(b)) == 1 and len(a) == len(b) == 2 and a[-1] != b[-1]


def _given(one: str, other: str) -> bool:
    return forms_of_one(one, other) or _spelled(one, other)


def _spelled(one: str, other: str) -> bool:
    """Equal, or one is a way to write the other."""
    if one == other:
        return True
    if not (one.isalpha() and other.isalpha()):
        return False  # a number is right or wrong
    shorter = min(len(one), len(other))
    if shorter > 2 and sound(one) == sound(other):
        most = 3 if shorter > 5 else 2
        return mistakes(one, other, most) <= most
    return shorter > 3 and mistakes(one, other, 2) <= (2 if shorter > 7 else 1)


def _initial(one: str, other: str) -> bool:
    return 1 in (len(one), len(other)) and one[0] == other[0]


def _read(text: str) -> Name:
    parts = [_words(part) for part in text.split(",")]
    generation = ""
    for number, words in enumerate(parts):
        first = 0 if number else 1  # a name may begin with Junior
        for word in [w for w in words[first:] if w in _GENERATIONS]:
            generation = _GENERATIONS[word]
            words.remove(word)
    parts = [w for n, w in enumerate(parts) if w and not (n and set(w) <= _CREDENTIALS)]
    ordered = [word for words in (*parts[1:], *parts[:1]) for word in words]
    if len(ordered) > 2 and ordered[0] in _TITLES:
        ordered = ordered[1:]
    if len(ordered) > 2:
        ordered = [word for word in ordered if word not in _BORN]
    return Name(tuple(ordered), generation)


def _words(text: str) -> list[str]:
    return _BREAKS.sub(" ", _APOSTROPHES.sub("", text)).split()
