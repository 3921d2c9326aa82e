"""A plugin's rule data: whole, dated, cited, and gone by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import tomli

from ...api import RuleBook, RuleDataError
from ...domain.describe import sentence
from ...rulebook.coherence import check_coherence
from ...rulebook.schema import faults, refused, rules_schema
from ...rulebook.toml_text import no_toml
from .code import Code, asked_for
from .found import Violation

#: A rule that nobody goes by says so, and why, in a note that begins like this.
FOR_READING = "For the reader:"


def of_file(path: Path) -> Iterator[Violation]:
    """All that is wrong with a file's shape, then the first thing that does not fit."""
    text = path.read_text(encoding="utf-8", errors="replace")
    try:
        data = tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        said = sentence(no_toml(text, error))
        yield Violation(path, int(found[1]) if found else 1, "rule-data", said)
        return
    wrong = False
    for fault in faults(data, rules_schema()):
        wrong = True
        said = str(refused(data, path.name, fault))
        yield Violation(path, _line(text, data, fault.path), "rule-data", sentence(said))
    if wrong:
        return
    try:
        check_coherence(data, path.name)
    except RuleDataError as error:
        name = re.search(r": (?:rule|source|payer|fact|action) (\S+?):", str(error))
        yield Violation(
            path, _line_of(text, name[1]) if name else 1, "rule-data", sentence(str(error))
        )


def of_book(book: RuleBook, code: Code) -> Iterator[Violation]:
    """What is not said of sources, and days on which no version of a rule is in force."""
    addresses = {source.title: source.address for source in book.sources}
    cited = {rule.source.title for rule in book.rules}
    for source in book.sources:
        if source.title not in cited:
            said = f"the source {source.id!r} is cited by no rule."
            yield Violation(*code.line_of_data(source.id), "sources", said)
    for rule in book.rules:
        found = addresses.get(rule.source.title) or rule.place or rule.quote or rule.note
        if not found and rule.source.sure == "read":
            said = f"{rule.id} is said to be read in a source without an address."
            yield Violation(*code.line_of_data(rule.id), "sources", said)
    for rule in book.rules:
        if rule.confirmed_on is None or rule.review_by is None:
            said = f"{rule.id} does not say when it was confirmed, or by when to read it again."
            yield Violation(*code.line_of_data(rule.id), "sources", said)
    yield from _gaps(book, code)


def _gaps(book: RuleBook, code: Code) -> Iterator[Violation]:
    versions: dict[str, list[Any]] = {}
    for rule in book.rules:
        versions.setdefault(rule.id, []).append(rule)
    for name, found in versions.items():
        found.sort(key=lambda rule: rule.from_ or date.min)
        for first, second in pairwise(found):
            if first.to is None or second.from_ is None or first.note or second.note:
                continue
            if second.from_ > first.to + timedelta(days=1):
                said = f"{name} says nothing of the days between {first.to} and {second.from_}."
                yield Violation(*code.line_of_data(name), "gaps", said)


def of_use(book: RuleBook | None, code: Code, noted: set[str], data: Mapping[str, Any]) -> Any:
    """Rules that nobody goes by, and rules that are asked for and not there. ``noted`` are the ids
    that were asked for, ``data`` the file as it stands."""
    known = {rule.id for rule in book.rules} if book else set()
    for name, path, line in asked_for(code):
        if name not in known:
            said = f"it asks for the rule {name!r}, which its data has not."
            yield Violation(path, line, "no-such-rule", said)
    used = noted | {text for text, _, _ in code.texts}
    used |= {v for payer in data.get("payers", ()) for k, v in payer.items() if k.endswith("_rule")}
    read = {r.id for r in book.rules if r.note.startswith(FOR_READING)} if book else set()
    for name in sorted(known - used - read):
        said = f"no function asks for {name}."
        yield Violation(*code.line_of_data(name), "unasked", said)


def _line(text: str, data: Mapping[str, Any], path: tuple[str | int, ...]) -> int:
    """The line of a field: below the table that it stands in, where that is found."""
    item = data.get(str(path[0])) if path else None
    start = 1
    if isinstance(item, list) and len(path) > 1 and isinstance(path[1], int):
        start = _nth(text, rf"^\[\[{path[0]}\]\]", path[1])
    field = next((step for step in reversed(path) if isinstance(step, str)), "")
    lines = text.splitlines()
    for number in range(start, len(lines) + 1):
        if re.match(rf"\s*{re.escape(field)}\s*=", lines[number - 1]):
            return number
        if number > start and path[2:] and lines[number - 1].startswith(f"[[{path[0]}]]"):
            break
    return start


def _nth(text: str, pattern: str, count: int) -> int:
    found = [match.start() for match in re.finditer(pattern, text, re.MULTILINE)]
    return text.count("\n", 0, found[count]) + 1 if count < len(found) else 1


def _line_of(text: str, name: str) -> int:
    found = re.search(rf"[\"']{re.escape(name)}[\"']", text)
    return text.count("\n", 0, found.start()) + 1 if found else 1
