"""Words of names in the plain letters in which they are compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii
from rapidfuzz.distance import OSA

#: Of Latin, Greek and Cyrillic alone: in other scripts these marks are letters.
_ACCENTS = re.compile("[\u0300-\u036f]")
_LETTERS = str.maketrans(
    {"ø": "o", "œ": "oe", "æ": "ae", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "\u0131": "i"}
)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
#: How letters that sound alike are written in one way, in this order.
_SOUNDS = (
    *(("ph", "f"), ("gh", ""), ("ck", "k"), ("qu", "k"), ("x", "ks"), ("sch", "s"), ("th", "t")),
    *(("ce", "se"), ("ci", "si"), ("cy", "si"), ("ge", "je"), ("gi", "ji"), ("c", "k")),
    *(("z", "s"), ("v", "f"), ("w", "f"), ("q", "k"), ("dj", "j"), ("y", "i")),
)


def plain(text: str) -> str:
    """Small letters without accents. Nothing is turned from one script into another."""
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold())).translate(_LETTERS)


def with_umlauts(text: str) -> str:
    """The same, with umlauts written out as passports do it."""
    return plain(unicodedata.normalize("NFC", text.casefold()).translate(_UMLAUTS))


def in_latin(text: str) -> str:
    """Text of any script as Latin letters would give it."""
    return plain(anyascii(text))


# Not jellyfish 1.3: at best two of the pairs in its test sound apart there; keys on file hold ours.
@lru_cache(maxsize=16_384)
def sound(word: str) -> str:
    """The consonants of a word as they sound, with its first letter: equal for most ways to spell
    one name."""
    if not word.isalpha():
        return word
    text = word
    for written, heard in _SOUNDS:
        text = text.replace(written, heard)
    head, rest = text[:1], text[1:]
    if head in set("aeiou"):
        head = "a"
    kept = head + re.sub("[aeiouh]", "", rest)
    return re.sub(r"(.)\1+", r"\1", kept) or word


def mistakes(one: str, other: str, most: int) -> int:
    """How many letters are wrong, missing, too many or changed places, up to ``most`` and one."""
    return OSA.distance(one, other, score_cutoff=most)
