"""The chart's facts: each record sealed in the contract's shape."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..domain.declared import Vocabulary
from ..domain.facts import (
    Acknowledgement,
    Authorization,
    Coverage,
    Prescription,
    ProgressReport,
    Visit,
)
from ..domain.reading import Problem, UnusableInputError, read
from ..domain.request import impossible_authorization, impossible_coverage
from .models import FactRow
from .scope import Scope, of_clients
from .types import new_id

#: What ``facts`` rows hold; visits have a table of their own.
FACT_CLASSES: Mapping[str, type[Any]] = {
    "coverage": Coverage,
    "prescription": Prescription,
    "authorization": Authorization,
    "visit": Visit,
    "progress-report": ProgressReport,
    "acknowledgement": Acknowledgement,
}
_DATA = "facts.data"
Rows = list[FactRow]
_OF_CLIENTS = (
    of_clients(FactRow).where(FactRow.removed_at.is_(None)).order_by(FactRow.created_at, FactRow.id)
)


def read_fact(kind: str, data: Any, words: Vocabulary) -> Any:
    """``data`` as a fact of that kind, in the host's words and those that plugins declare;
    ``UnusableInputError`` names every bad field."""
    fact = read(FACT_CLASSES[kind], data, words=words)
    problems: list[Problem] = []
    if isinstance(fact, Coverage):
        problems = list(impossible_coverage(fact, ""))
    elif isinstance(fact, Authorization):
        problems = list(impossible_authorization(fact, ""))
    if problems:
        raise UnusableInputError([Problem(p.path.lstrip("."), p.message) for p in problems])
    return fact


def claim_numbers(coverages: Iterable[Mapping[str, Any]]) -> list[str | None]:
    """The numbers of the claims of these coverages."""
    return [(data.get("claim") or {}).get("number") for data in coverages]


class Facts:
    """The facts of one clinic's clients, within one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._session = scope.session

    def add(self, patient_id: str, kind: str, data: dict[str, Any]) -> FactRow:
        """A new fact. Raises ``UnusableInputError``."""
        read_fact(kind, data, self._scope.vocabulary)
        row = FactRow(
            id=new_id(_PREFIX[kind]),
            clinic=self._scope.clinic,
            patient_id=patient_id,
            kind=kind,
            data_sealed=self._seal(data),
            created_at=self._scope.now,
            updated_at=self._scope.now,
        )
        self._session.add(row)
        return row

    def get(self, patient_id: str, kind: str, fact_id: str) -> FactRow | None:
        row = self._session.get(FactRow, fact_id)
        if row is None or row.removed_at is not None or row.clinic != self._scope.clinic:
            return None
        return row if (row.patient_id, row.kind) == (patient_id, kind) else None

    def list(self, patient_id: str, kind: str | None = None) -> list[FactRow]:
        found = self.of_clients([patient_id])[patient_id]
        return [row for row in found if kind in (None, row.kind)]

    def of_clients(self, patient_ids: Sequence[str]) -> dict[str, Rows]:
        """By client, all their facts in the order in which they were filed."""
        return self._scope.by_client(_OF_CLIENTS, patient_ids)

    def replace(self, row: FactRow, data: dict[str, Any]) -> None:
        """The fact with other contents, of which some may have been there before. Raises
        ``UnusableInputError``."""
        read_fact(row.kind, data, self._scope.vocabulary.for_stored)
        row.data_sealed = self._seal(data)
        row.updated_at = self._scope.now

    def remove(self, row: FactRow) -> None:
        row.removed_at = row.updated_at = self._scope.now

    def data(self, row: FactRow) -> dict[str, Any]:
        value: dict[str, Any] = self._scope.vault.open_json(
            row.data_sealed, self._scope.place(_DATA)
        )
        return value

    def known(self, patient_id: str) -> dict[str, tuple[Any, ...]]:
        """By kind, a client's facts as the rules see them."""
        return self.opened(self.list(patient_id))

    def opened(self, rows: Iterable[FactRow]) -> dict[str, tuple[Any, ...]]:
        """The same of the client's rows, which are at hand."""
        found: dict[str, list[Any]] = {kind: [] for kind in FACT_CLASSES}
        words = self._scope.vocabulary.for_stored
        for row in rows:
            data = self.data(row)
            if row.kind == "prescription":
                data.setdefault("id", row.id)
            found[row.kind].append(read(FACT_CLASSES[row.kind], data, words=words))
        return {kind: tuple(items) for kind, items in found.items()}

    def _seal(self, data: dict[str, Any]) -> bytes:
        return self._scope.vault.seal_json(data, self._scope.place(_DATA))


_PREFIX = {
    "coverage": "cov",
    "prescription": "prx",
    "authorization": "aut",
    "progress-report": "rep",
    "acknowledgement": "ack",
}
