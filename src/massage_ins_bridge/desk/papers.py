"""Papers that come in as files: checked, kept sealed, and given to staff to look at."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from ..documents.files import (
    MOST_PAGES,
    UnreadableError,
    is_whole,
    media_type,
    page_count,
    page_picture,
)
from ..messages.page_words import say
from ..store.documents import DocumentKind, NewDocument
from ..store.page_models import DocumentRow
from ..store.record import Record
from .chart import client_row
from .errors import NotFoundError
from .installation import Installation
from .open_days import open_days
from .tasks import TaskKind, ask

MEGABYTE = 1_048_576
#: One file, all files of one paper together, and how many files; and how many files of one client
#: may wait for somebody to look at them.
MOST_BYTES, MOST_TOGETHER, MOST_FILES, MOST_WAITING = 10 * MEGABYTE, 30 * MEGABYTE, 8, 40
MOST_NAME = 120
#: What may be sent, as the words of what is refused name it.
LIMITS = {"most": MOST_FILES, "size": MOST_BYTES // MEGABYTE, "pages": MOST_PAGES}
_WHAT: Mapping[str, str] = {
    "prescription": "a prescription",
    "card": "their insurance card",
    "intake": "the intake form",
    "consent": "a guardian's consent",
    "other": "a paper",
}
Wrong = Literal[
    "no_file",
    "empty",
    "kind",
    "size",
    "total",
    "many",
    "cut",
    "form",
    "full",
    "broken",
    "locked",
    "pixels",
    "pages",
]
#: ``unusable``: nobody can read it, and the client is asked for it again.
State = Literal["new", "filed", "unusable"]


class PaperError(ValueError):
    """The files cannot be kept; nothing of them was. ``wrong`` says why, ``name`` of which."""

    def __init__(self, wrong: Wrong, name: str = "") -> None:
        super().__init__(wrong)
        self.wrong, self.name = wrong, name


@dataclass(frozen=True, slots=True)
class Given:
    """A file as it came."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class SoundFile:
    """A file that was looked into: its plain name, what it is, and how many pages it has."""

    name: str
    content: bytes
    media_type: str
    pages: int


@dataclass(frozen=True, slots=True)
class Document:
    """One file of a paper. ``paper`` and ``number``: the files that came together, in order.
    ``pages`` is null where nobody has counted them. ``fact``: the prescription that was written
    down from it."""

    id: str
    patient: str
    booking: str | None
    paper: str
    number: int
    kind: DocumentKind
    name: str
    media_type: str
    size: int
    pages: int | None
    sha256: str
    created_by: Literal["client", "staff"]
    created_at: datetime
    state: State
    filed_at: datetime | None
    fact: str | None


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose paper it is, of which booking, and who sends it."""

    patient_id: str
    booking_id: str | None
    by: Literal["client", "staff"]


def look_through(files: Sequence[Given]) -> tuple[SoundFile, ...]:
    """Open the files of one paper, each in a process of its own. It takes a moment: it is done
    before anything is locked. Raises ``PaperError``."""
    if not files:
        raise PaperError("no_file")
    if len(files) > MOST_FILES:
        raise PaperError("many")
    known = [(given, _kind_of(given)) for given in files]
    if sum(len(given.content) for given in files) > MOST_TOGETHER:
        raise PaperError("total")
    return tuple(_seen(given, media) for given, media in known)


def in_one_line(error: PaperError) -> str:
    """What is wrong with the files, for staff."""
    if error.wrong == "full":
        return "Too many papers of this client wait to be read. File some of them first."
    return say("en", f"wrong_{error.wrong}", name=error.name, **LIMITS)


def file_paper(
    installation: Installation, record: Record, whose: Whose, kind: str, files: Sequence[SoundFile]
) -> tuple[list[DocumentRow], list[DocumentRow]]:
    """Keep the files of one paper and ask staff to look at them: those that are new, and those that
    were here already. Raises ``PaperError``; then nothing is kept."""
    if not files:
        raise PaperError("no_file")
    made = [
        NewDocument(kind, one.name, one.content, one.media_type, one.pages, whose.by)
        for one in files
    ]
    number, _ = record.documents.unfiled(whose.patient_id)
    if number + len(made) > MOST_WAITING:
        raise PaperError("full")
    new, known = record.documents.add(whose.patient_id, whose.booking_id, made)
    if new:
        ask_to_look(installation, record, new)
    return new, known


def ask_to_look(installation: Installation, record: Record, files: Sequence[DocumentRow]) -> None:
    """Have staff look at the files of one paper."""
    first = files[0]
    ask(
        record,
        TaskKind.DOCUMENT,
        first.paper,
        about=record.bookings.get(first.booking_id) if first.booking_id else None,
        patient_id=owner_of(record, first),
        due=open_days(installation).next_day(first.created_at),
        what=_WHAT[first.kind],
        pages="1 file" if len(files) == 1 else f"{len(files)} files",
    )


def list_documents(record: Record, patient_id: str) -> list[Document]:
    """All files of a client, oldest first. Raises ``NotFoundError``."""
    row = client_row(record, patient_id)
    rows = record.documents.of_clients(record.clients.one_person(row.id))
    return [document(record, one) for one in rows]


def document_row(record: Record, document_id: str) -> DocumentRow:
    """Raises ``NotFoundError``."""
    row = record.documents.get(document_id)
    if row is None:
        raise NotFoundError("document")
    return row


def must_be_of(record: Record, patient_id: str, owner_id: str) -> None:
    """Raises ``NotFoundError`` where what one client sent is asked for as another's. Who was two
    clients is one."""
    if owner_id not in record.clients.one_person(patient_id):
        raise NotFoundError("document")


def owner_of(record: Record, row: DocumentRow) -> str:
    """The client on file whose paper it is."""
    found = record.clients.who_is(row.patient_id)
    return found.id if found is not None else row.patient_id


def sealed_file(record: Record, document_id: str) -> SoundFile:
    """A file as it came. Raises ``NotFoundError``."""
    row = document_row(record, document_id)
    kept = record.documents
    return SoundFile(kept.name(row), kept.content(row), row.media_type, row.pages or 1)


def picture(file: SoundFile, page: int) -> bytes:
    """A page of a file as a JPEG, from 1 on. Raises ``NotFoundError`` where there is none, or it
    cannot be opened."""
    if not 1 <= page <= MOST_PAGES:
        raise NotFoundError("page")
    try:
        return page_picture(file.content, file.media_type, page)
    except UnreadableError:
        raise NotFoundError("page") from None


def document(record: Record, row: DocumentRow) -> Document:
    """A file as the doors show it."""
    return Document(
        id=row.id,
        patient=owner_of(record, row),
        booking=row.booking_id,
        paper=row.paper,
        number=row.number,
        kind=cast(DocumentKind, row.kind),
        name=record.documents.name(row),
        media_type=row.media_type,
        size=row.size,
        pages=row.pages,
        sha256=row.sha256,
        created_by="client" if row.created_by == "client" else "staff",
        created_at=row.created_at,
        state=cast(State, row.state),
        filed_at=row.filed_at,
        fact=row.fact_id,
    )


def _kind_of(given: Given) -> str:
    """What a file is by its bytes. Raises ``PaperError``."""
    name = plain_name(given.name)
    if not given.content:
        raise PaperError("empty", name)
    if len(given.content) > MOST_BYTES:
        raise PaperError("size", name)
    media = media_type(given.content)
    if media is None:
        raise PaperError("kind", name)
    if not is_whole(given.content, media):
        raise PaperError("cut", name)
    return media


def _seen(given: Given, media: str) -> SoundFile:
    name = plain_name(given.name)
    try:
        return SoundFile(name, given.content, media, page_count(given.content, media))
    except UnreadableError as error:
        raise PaperError(error.wrong, name) from None


def plain_name(name: str) -> str:
    """A file's own name without folders and odd characters, cut in the middle where it is long."""
    last = name.replace("\\", "/").rpartition("/")[2]
    text = "".join(
        c for c in last if not unicodedata.category(c).startswith(("C", "Z")) or c == " "
    )
    text = " ".join(text.split()) or "file"
    half = MOST_NAME // 2
    return text if len(text) <= MOST_NAME else f"{text[:half]}…{text[-half + 1 :]}"
