"""E-mails to clients and staff: templates, filled in.

A template is plain text with names in braces. A sentence that needs a value which is not known is
left out, and a line of which nothing is left. ``fill`` never lets a value into another line than
its own, so that no name and no address can add a header.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..domain.problems import Problem, nearest
from .days import Language
from .page_words import one_stop

_FILE = Path(__file__).with_name("mails.toml")
_NAME = re.compile(r"\{(\w*)\}")
_SENTENCE = re.compile(r"(?<=[.!?]) +")
MOST_SUBJECT, MOST_BODY = 150, 4000
#: What every template has to say, so that no e-mail is without them.
REQUIRED = ("link", "clinic")
_OF_VISIT = frozenset({"first", "day", "time", "therapist", "link", "phone", "clinic", "address"})
_OF_DIGEST = frozenset(
    {
        *("date", "visits", "need", "confirmed", "hold", "own", "refusals", "first_refusal"),
        *("reminders", "reminder_time", "tasks", "late", "cured", "refused", "stopped"),
        *("health", "link", "clinic"),
    }
)
#: By e-mail, the names that its text may use.
NAMES: Mapping[str, frozenset[str]] = {
    "hold": _OF_VISIT | {"count", "by_when", "kept_until", "last_day"},
    "waiting": _OF_VISIT,
    "reminder": _OF_VISIT | {"count", "last_day"},
    "cured": _OF_VISIT,
    "refused": _OF_VISIT,
    "terms": _OF_VISIT | {"terms"},
    "digest": _OF_DIGEST,
}
#: What may have several lines, in the body alone.
_SEVERAL_LINES = frozenset({"terms"})


@dataclass(frozen=True, slots=True)
class Template:
    """Subject and body, with names in braces."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Mail:
    """Subject and body as they are sent."""

    subject: str
    body: str


def languages(name: str) -> tuple[Language, ...]:
    """In which languages an e-mail is sent: staff reads English."""
    return ("en",) if name == "digest" else ("en", "es")


def shipped(name: str, language: Language) -> Template:
    """The template that is used unless the clinic wrote its own."""
    return _shipped()[name][language]


def problems_of(name: str, template: Template) -> list[Problem]:
    """Why a text cannot be used, field by field; nothing where it can."""
    found = []
    subject = template.subject.strip()
    if not subject:
        found.append(Problem("subject", "is empty; say in a few words what it is about"))
    if len(subject) > MOST_SUBJECT:
        found.append(Problem("subject", f"is longer than {MOST_SUBJECT} characters; shorten it"))
    if any(unicodedata.category(letter).startswith("C") for letter in subject):
        found.append(Problem("subject", "has a line break or another odd character; leave it out"))
    if len(template.body) > MOST_BODY:
        found.append(Problem("body", f"is longer than {MOST_BODY:,} characters; shorten it"))
    for field, text in (("subject", subject), ("body", template.body)):
        found += [Problem(field, why) for why in _wrong_names(name, text)]
    for needed in REQUIRED:
        if f"{{{needed}}}" not in template.body:
            found.append(Problem("body", f"lacks {{{needed}}}, which every e-mail has; put it in"))
    if "{link}" in subject:
        found.append(Problem("subject", "holds {link}; a link belongs in the body alone"))
    return found


def fill(template: Template, values: Mapping[str, str | None]) -> Mail:
    """The e-mail. What is not known (``None`` or absent) takes its sentence with it."""
    subject = _line(template.subject, values) or ""
    lines = []
    for line in template.body.strip().splitlines():
        made = _line(line, values, body=True) if line.strip() else ""
        if made is not None:
            lines.append(made)
    return Mail(_one_line(subject), "\n".join(lines) + "\n")


def _line(line: str, values: Mapping[str, str | None], *, body: bool = False) -> str | None:
    kept = []
    for sentence in _SENTENCE.split(line):
        names = _NAME.findall(sentence)
        if all(values.get(name) is not None for name in names):
            kept.append(_NAME.sub(lambda found: _value(found[1], values, body=body), sentence))
    return one_stop(" ".join(kept)) if kept else None


def _value(name: str, values: Mapping[str, str | None], *, body: bool) -> str:
    said = values[name] or ""
    if body and name in _SEVERAL_LINES:
        return "\n".join(map(_one_line, said.splitlines()))
    return _one_line(said)


def _one_line(text: str) -> str:
    """Without line breaks or other control characters."""
    shown = "".join(
        " " if unicodedata.category(c).startswith(("C", "Zl", "Zp")) else c for c in text
    )
    return " ".join(shown.split())


def _wrong_names(name: str, text: str) -> list[str]:
    found = [
        f"holds {{{said}}}, which is not known here{nearest(said, NAMES[name])}"
        for said in _NAME.findall(text)
        if said not in NAMES[name]
    ]
    if "{" in _NAME.sub("", text) or "}" in _NAME.sub("", text):
        found.append("holds a brace without its partner; write names as {first}")
    return found


@cache
def _shipped() -> Mapping[str, Mapping[str, Template]]:
    file = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {
        name: {language: Template(**text) for language, text in texts.items()}
        for name, texts in file.items()
    }
