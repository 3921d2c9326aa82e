"""By what a person is found among the clients on file. Each key is hashed before it is stored, so
that names, addresses and numbers stand nowhere in the clear.

Whoever shares a key with somebody need not be alike: keys find, and ``person_names`` judges.
"""

from __future__ import annotations

from datetime import date
from itertools import combinations, product

from .addresses import local_part
from .given_names import full_forms
from .letters import sound
from .person_names import latin_readings, readings

#: A name of many words has many pairs.
_MOST_WORDS = 6


def phone_keys(phone: str) -> frozenset[str]:
    """A number, and what it ends with: it may be on file without its area code."""
    return frozenset({phone, local_part(phone)})


def name_keys(name: str | None) -> frozenset[str]:
    """Two words of a name each, one as it sounds in its full forms, and of the other, which may be
    misspelled, how it begins; and all words in one piece, as some scripts write them."""
    found: set[str] = set()
    for reading in latin_readings(name):
        words = reading.words[:_MOST_WORDS]
        if not words:
            continue
        found |= {sound("".join(order)) for order in (words, words[1:] + words[:1])}
        for one, other in combinations(words, 2):
            for a, b in product(_sounds(one), _sounds(other)):
                found |= {f"{a} {_beginning(b)}", f"{b} {_beginning(a)}"}
    return frozenset(found)


def birth_keys(name: str | None, born: date | None) -> frozenset[str]:
    """The given name with the day of birth: they stay where a family name changes."""
    if born is None:
        return frozenset()
    firsts = {reading.words[0] for reading in latin_readings(name) if reading.words}
    return frozenset(f"{heard} {born}" for word in firsts for heard in _sounds(word))


def person_key(name: str | None, email: str | None, phones: tuple[str, ...]) -> str:
    """Exactly this person, as they gave themselves: equal for equal names, address and numbers."""
    reading = readings(name)[0]
    words = " ".join((*sorted(reading.words), reading.generation))
    return "\n".join((words, email or "", *sorted(phones)))


def _beginning(heard: str) -> str:
    """Of a word that may be misspelled; a number is right or wrong."""
    return heard[:1] if heard.isalpha() else heard


def _sounds(word: str) -> frozenset[str]:
    return frozenset(map(sound, full_forms(word)))
