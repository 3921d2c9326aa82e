"""Papers that came in: their files, sealed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from .page_models import DocumentRow
from .scope import Scope
from .types import new_id

DocumentKind = Literal["prescription", "card", "intake", "consent", "other"]
_NAME, _BYTES = "documents.name", "documents.bytes"


@dataclass(frozen=True, slots=True)
class NewDocument:
    """One file of a paper. ``pages`` is ``None`` where nobody has counted them."""

    kind: str
    name: str
    content: bytes
    media_type: str
    pages: int | None
    created_by: str


class Documents:
    """The documents of one clinic, within one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._session = scope.session

    def add(
        self,
        patient_id: str,
        booking_id: str | None,
        files: list[NewDocument],
    ) -> tuple[list[DocumentRow], list[DocumentRow]]:
        """Keep the files of one paper: those that are new, and those that were here already under
        the same kind, which are kept once."""
        paper, new, known = new_id("ppr"), list[DocumentRow](), list[DocumentRow]()
        for given in files:
            digest = hashlib.sha256(given.content).hexdigest()
            same = self.same(patient_id, given.kind, digest)
            if same is not None:
                if same not in (*known, *new):
                    known.append(same)
                continue
            row = DocumentRow(
                id=new_id("doc"),
                clinic=self._scope.clinic,
                patient_id=patient_id,
                booking_id=booking_id,
                paper=paper,
                number=len(new) + 1,
                kind=given.kind,
                sha256=digest,
                media_type=given.media_type,
                size=len(given.content),
                pages=given.pages,
                name_sealed=self._scope.vault.seal(given.name, self._scope.place(_NAME)),
                bytes_sealed=self._scope.vault.seal_bytes(given.content, self._scope.place(_BYTES)),
                created_by=given.created_by,
                created_at=self._scope.now,
                state="new",
            )
            same = self._kept(row)
            (new if same is row else known).append(same)
        return new, known

    def _kept(self, row: DocumentRow) -> DocumentRow:
        """The file as it is kept: this one, or the same one that came at the same moment."""
        try:
            with self._session.begin_nested():
                self._session.add(row)
        except IntegrityError:
            same = self.same(row.patient_id, row.kind, row.sha256)
            if same is None:
                raise
            return same
        return row

    def get(self, document_id: str) -> DocumentRow | None:
        row = self._session.get(DocumentRow, document_id)
        return row if row is not None and row.clinic == self._scope.clinic else None

    def of_clients(self, patient_ids: list[str]) -> list[DocumentRow]:
        """All files of these clients, oldest first; their content is read where it is asked for."""
        query = select(DocumentRow).where(
            DocumentRow.clinic == self._scope.clinic, DocumentRow.patient_id.in_(patient_ids)
        )
        order = (DocumentRow.created_at, DocumentRow.paper, DocumentRow.number)
        return list(self._session.scalars(query.order_by(*order)))

    def of_paper(self, paper: str) -> list[DocumentRow]:
        """The files that came together, in order."""
        query = select(DocumentRow).where(
            DocumentRow.clinic == self._scope.clinic, DocumentRow.paper == paper
        )
        return list(self._session.scalars(query.order_by(DocumentRow.number)))

    def unfiled(self, patient_id: str) -> tuple[int, int]:
        """How many files of a client nobody has filed yet, and their bytes."""
        query = select(func.count(), func.coalesce(func.sum(DocumentRow.size), 0)).where(
            DocumentRow.clinic == self._scope.clinic,
            DocumentRow.patient_id == patient_id,
            DocumentRow.state == "new",
        )
        number, size = self._session.execute(query).one()
        return int(number), int(size)

    def name(self, row: DocumentRow) -> str:
        return self._scope.vault.open(row.name_sealed, self._scope.place(_NAME))

    def content(self, row: DocumentRow) -> bytes:
        """The file as it came. Raises ``SealError`` where it was altered since."""
        return self._scope.vault.open_bytes(row.bytes_sealed, self._scope.place(_BYTES))

    def same(self, patient_id: str, kind: str, digest: str) -> DocumentRow | None:
        """The client's file of that content, kept under that kind."""
        query = select(DocumentRow).where(
            DocumentRow.clinic == self._scope.clinic,
            DocumentRow.patient_id == patient_id,
            DocumentRow.kind == kind,
            DocumentRow.sha256 == digest,
        )
        return self._session.scalar(query)
