"""Notes of a client, for staff alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..domain.reading import Problem, UnusableInputError, read
from ..store.acts import About, Act
from ..store.record import Record
from ..store.user_models import ActRow
from . import chart
from .acts import Done, note
from .odd_characters import refuse_odd_characters
from .own import own_client
from .people import read_by
from .roles import Person, must_be_allowed
from .staff_words import must_say

NOTE = "note"
#: How long a note may be, and how much of it a line shows that only tells of it.
MOST_LETTERS, SHORT = 4000, 80


@dataclass(frozen=True, slots=True)
class NoteSent:
    """A note; ``by``: who has it written down."""

    text: str
    by: str


@dataclass(frozen=True, slots=True)
class Note:
    """A note as it was written, with who did, and when."""

    id: str
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Notes:
    """The notes of a client that nobody took back, the latest first."""

    notes: tuple[Note, ...]


def add_note(record: Record, person: Person, patient_id: str, text: str | None) -> Done:
    """A note that staff alone sees. Raises ``UnusableInputError`` where it says nothing, or more
    than can be kept, and ``NotFoundError``."""
    must_be_allowed(person, "work")
    own_client(record, person, patient_id)
    lines = "\n".join((text or "").splitlines()).strip()
    must_say("note", lines)
    refuse_odd_characters({"note": lines})
    if len(lines) > MOST_LETTERS:
        said = f"is longer than {MOST_LETTERS:,} characters: these are {len(lines):,}"
        raise UnusableInputError([Problem("note", said)])
    return Done(NOTE, f"Note: {shortened(lines)}", About(patient_id), "note", {"text": lines})


def send_note(record: Record, patient_id: str, data: Any) -> Note:
    """The same for a program. Raises ``UnusableInputError`` and ``NotFoundError``."""
    sent = read(NoteSent, data)
    person = read_by(record, {"by": sent.by})
    row = note(record, person, add_note(record, person, patient_id, sent.text))
    return _note(record, row)


def list_notes(record: Record, patient_id: str) -> Notes:
    """Also those of whoever was joined into the client. Raises ``NotFoundError``."""
    row = chart.client_row(record, patient_id)
    acts = record.acts.of_clients(record.clients.one_person(row.id), NOTE)
    return Notes(tuple(_note(record, act) for act in acts if act.undone_at is None))


def text_of(act: Act) -> str:
    """A note's whole text."""
    return str(act.needs.get("text") or act.said)


def shortened(text: str) -> str:
    """The beginning of a text, in one line."""
    line = " ".join(text.split())
    return line if len(line) <= SHORT else f"{line[:SHORT].rstrip()}…"


def _note(record: Record, row: ActRow) -> Note:
    act = record.acts.act(row)
    return Note(row.id, text_of(act), act.who, row.at)
