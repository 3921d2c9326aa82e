"""What staff typed over the fields of a payer's worksheet, before it is printed or copied: kept as
acts, so that it is known who changed what, and each can be taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..domain.problems import nearest
from ..domain.reading import Problem, UnusableInputError, read
from ..store.acts import About
from ..store.record import Record
from .acts import Done, note
from .installation import Installation
from .odd_characters import refuse_odd_characters
from .roles import Person, must_be_allowed
from .staff_words import must_say
from .worksheet import SHEET, Line, Section, worksheet

#: No field of a portal takes more letters.
MOST_LETTERS = 1000


@dataclass(frozen=True, slots=True)
class SheetChange:
    """``name``: who says so; ``fields``: what is to stand there, by name. What the chart says takes
    back what was typed."""

    name: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A payer's worksheet, in the order of its portal as far as that is known. ``payer``: its key;
    ``read_on``: the day on which the fields were last put together."""

    payer: str
    read_on: date
    sections: tuple[Section, ...]


def type_over(
    installation: Installation,
    record: Record,
    person: Person,
    where: tuple[str, str],
    fields: Mapping[str, str],
) -> Done | None:
    """Have fields say what was typed; ``None`` where they say so already. Raises
    ``NotFoundError`` and ``UnusableInputError``."""
    must_be_allowed(person, "work")
    sheet = worksheet(installation, record, person, *where)
    lines = {one.name: one for part in sheet.sections for one in part.lines}
    _must_be_usable(lines, fields)
    said = {name: " ".join(text.split()) for name, text in fields.items()}
    changed = {
        name: None if text == lines[name].chart else text
        for name, text in said.items()
        if text != lines[name].value
    }
    if not changed:
        return None
    labels = ", ".join(lines[name].label for name in lines if name in changed)
    needs: dict[str, Any] = {"payer": sheet.payer_key, "fields": changed}
    words = f"Changed on the worksheet for {sheet.payer}: {labels}."
    return Done(SHEET, words, About(sheet.patient_id), "worksheet", needs)


def change_sheet(
    installation: Installation, record: Record, where: tuple[str, str], data: Any
) -> Sheet:
    """The same on the word of somebody who is named; it is put on record. Raises as
    ``type_over``."""
    sent = read(SheetChange, data)
    must_say("name", sent.name)
    person = Person(record.clinic, sent.name, "owner")
    done = type_over(installation, record, person, where, sent.fields)
    if done is not None:
        note(record, person, done)
    return sheet_of(installation, record, where)


def sheet_of(installation: Installation, record: Record, where: tuple[str, str]) -> Sheet:
    """The worksheet as programs are given it. Raises ``NotFoundError``."""
    found = worksheet(installation, record, Person(record.clinic, "", "owner"), *where)
    return Sheet(found.payer_key, found.read_on, found.sections)


def _must_be_usable(lines: Mapping[str, Line], fields: Mapping[str, str]) -> None:
    refuse_odd_characters({"fields": dict(fields)})
    problems = [
        Problem(f"fields.{name}", f"is no field of this worksheet{nearest(name, lines)}")
        for name in fields
        if name not in lines
    ]
    problems += [
        Problem(f"fields.{name}", f"is longer than {MOST_LETTERS} letters; say it shorter")
        for name, text in fields.items()
        if len(text) > MOST_LETTERS
    ]
    if problems:
        raise UnusableInputError(problems)
