"""What rules say to clients, in the client's language.

The rules speak English; ``sentences.toml`` has each sentence's Spanish twin. A sentence of somebody
else's plugin that has none stays as it is written, marked as English.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from .days import MONTHS, Language

_FILE = Path(__file__).with_name("sentences.toml")
_ENGLISH_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
#: What stands where a name in braces stands.
_PARTS = {
    "day": rf"(?:{'|'.join(_ENGLISH_MONTHS)}) \d{{1,2}}, \d{{4}}",
    "count": r"\d+(?: to \d+)?",
    "name": r"[^,.!?]{1,80}?",
}
_BRACES = re.compile(r"\{(\w+)\}")
_ENDS = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence, and the language that it is in."""

    text: str
    language: Language


def in_language(text: str, language: Language) -> tuple[Said, ...]:
    """A text to a client, sentence by sentence, in the language as far as it has a twin in it."""
    sentences = [part for part in _ENDS.split(text.strip()) if part]
    if language == "en":
        return tuple(Said(part, "en") for part in sentences)
    return tuple(_in_spanish(part) for part in sentences)


def asks(text: str) -> bool:
    """Whether a text asks its client to do something before the visit, and not only to call."""
    sentences = _ENDS.split(text.strip())
    return any(s.startswith("Please ") and not s.startswith("Please call") for s in sentences)


@lru_cache(maxsize=512)
def _in_spanish(sentence: str) -> Said:
    for pattern, twin in _twins():
        found = pattern.fullmatch(sentence)
        if found is not None:
            parts = {name: _part(name, said) for name, said in found.groupdict().items()}
            return Said(twin.format(**parts), "es")
    return Said(sentence, "en")


def _part(name: str, said: str) -> str:
    if name == "day":
        month, number, year = said.replace(",", "").split()
        return f"{number} de {MONTHS[_ENGLISH_MONTHS.index(month)]} de {year}"
    if name == "count" and " to " in said:
        return f"de {said.replace(' to ', ' a ')}"
    return said


@cache
def _twins() -> tuple[tuple[re.Pattern[str], str], ...]:
    file = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return tuple((_pattern(item["en"]), str(item["es"])) for item in file["sentences"])


def _pattern(text: str) -> re.Pattern[str]:
    made, last = "", 0
    for found in _BRACES.finditer(text):
        made += re.escape(text[last : found.start()]) + f"(?P<{found[1]}>{_PARTS[found[1]]})"
        last = found.end()
    return re.compile(made + re.escape(text[last:]))
