"""What becomes of a paper that came in: filed, not readable, another kind than was said, or to be
looked at again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..domain.reading import Problem, UnusableInputError, read
from ..store.documents import DocumentKind
from ..store.page_models import DocumentRow
from ..store.record import Record
from .errors import ConflictError
from .installation import Installation
from .odd_characters import refuse_odd_characters
from .papers import State, ask_to_look, document_row, owner_of
from .tasks import TaskKind


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """``filed``: somebody has looked at the paper and filed what it says; ``unusable``: nobody can
    read it, and the client's page asks for it again. All files of a paper go together. ``fact``:
    the prescription that was written down from it. ``kind``: what the paper is."""

    state: State | None = None
    fact: str | None = None
    kind: DocumentKind | None = None


def change_document(
    installation: Installation, record: Record, document_id: str, data: Any
) -> DocumentRow:
    """Say what became of a paper, or take it back. Its task follows. Raises ``NotFoundError``,
    ``UnusableInputError``, and ``ConflictError`` where the same file is kept under that kind, or
    a prescription was written down from it."""
    refuse_odd_characters(data, one_line=True)
    sent = read(DocumentChange, data)
    row = document_row(record, document_id)
    if sent.kind is not None and sent.kind != row.kind:
        _take_as(record, row, sent.kind)
    if sent.state is not None:
        _mark(record, row, sent.state, sent.fact if sent.state == "filed" else None)
    if row.state == "new" and (sent.state or sent.kind):
        ask_to_look(installation, record, record.documents.of_paper(row.paper))
    return row


def file_with(record: Record, document_id: str, fact: str) -> None:
    """File a paper with the prescription that was written down from it. Raises ``NotFoundError``
    and ``UnusableInputError``."""
    _mark(record, document_row(record, document_id), "filed", fact)


def as_it_is(row: DocumentRow) -> dict[str, Any]:
    """How a paper stands, as it may be sent again."""
    return {"state": row.state, "fact": row.fact_id, "kind": row.kind}


def _mark(record: Record, row: DocumentRow, wanted: State, fact: str | None) -> None:
    whose = owner_of(record, row)
    if fact is not None and record.facts.get(whose, "prescription", fact) is None:
        raise UnusableInputError([Problem("fact", "is no prescription of this client")])
    for one in record.documents.of_paper(row.paper):
        if wanted != "filed" or fact is not None:
            one.fact_id = fact
        if one.state != wanted:
            one.state = wanted
            one.filed_at = None if wanted == "new" else record.now
    if wanted != "new":
        record.tasks.close((TaskKind.DOCUMENT, row.paper))


def _take_as(record: Record, row: DocumentRow, kind: DocumentKind) -> None:
    for one in record.documents.of_paper(row.paper):
        if one.fact_id is not None:
            raise ConflictError(
                "A prescription was written down from this paper. Take it out of the chart first."
            )
        if record.documents.same(one.patient_id, kind, one.sha256) is not None:
            raise ConflictError("The same file is here already as that.")
        one.kind = kind
