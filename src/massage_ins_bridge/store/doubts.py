"""Clients of whom it is not certain whether they are somebody else on file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from sqlalchemy import select

from .doubt_models import DoubtRow
from .models import PatientRow
from .scope import Scope
from .types import new_id

Verdict = Literal["same", "other"]
#: What staff corrected left no doubt. That is nobody's word: another correction may bring it back.
CLEARED = "cleared"


class Doubts:
    """The doubts of one clinic, within one transaction. A client is doubtful as long as one of
    theirs is open."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._session = scope.session

    def open(self, patient_id: str, candidates: Iterable[str]) -> None:
        """The client may be one of these; of nobody named, nobody can say who they are."""
        known = {row.candidate_id: row for row in self.of(patient_id)}
        for candidate in tuple(candidates) or (None,):
            if candidate == patient_id or candidate in known:
                continue
            self._add(patient_id, candidate)
        self.mark(patient_id)

    def of(self, patient_id: str) -> list[DoubtRow]:
        """All doubts about a client, settled ones too."""
        query = select(DoubtRow).where(DoubtRow.patient_id == patient_id)
        return list(self._session.scalars(query.order_by(DoubtRow.created_at, DoubtRow.id)))

    def naming(self, candidate_id: str) -> list[DoubtRow]:
        """The doubts whether somebody is this client."""
        query = select(DoubtRow).where(DoubtRow.candidate_id == candidate_id)
        return list(self._session.scalars(query.order_by(DoubtRow.id)))

    def bring(self, patient_id: str, candidates: Iterable[str | None]) -> None:
        """The client may be one of these and nobody else, by what is on file now. What staff said
        of a candidate stays said."""
        wanted = set(candidates)
        for row in self.of(patient_id):
            if row.settled_at is None and row.candidate_id not in wanted:
                row.settled_at, row.verdict = self._scope.now, CLEARED
            elif row.verdict == CLEARED and row.candidate_id in wanted:
                row.settled_at, row.verdict = None, None
            wanted.discard(row.candidate_id)
        for candidate in sorted(wanted, key=str):
            self._add(patient_id, candidate)
        self.mark(patient_id)

    def settle(self, rows: Iterable[DoubtRow], verdict: Verdict) -> list[str]:
        """Staff said so; the ids of those that were open."""
        settled = []
        for row in rows:
            if row.settled_at is None:
                row.settled_at, row.verdict = self._scope.now, verdict
                settled.append(row.id)
                self.mark(row.patient_id)
        return settled

    def reopen(self, ids: Iterable[str]) -> None:
        """What was settled is in doubt again."""
        for row in self._session.scalars(select(DoubtRow).where(DoubtRow.id.in_(list(ids)))):
            row.settled_at, row.verdict = None, None
            self.mark(row.patient_id)

    def turn(self, doubt_id: str, candidate: str) -> bool:
        """Have a doubt name another client; whether that was no doubt yet."""
        row = self._session.get_one(DoubtRow, doubt_id)
        if any(other.candidate_id == candidate for other in self.of(row.patient_id)):
            return False
        row.candidate_id = candidate
        self._session.flush()
        return True

    def _add(self, patient_id: str, candidate: str | None) -> None:
        row = DoubtRow(
            id=new_id("dbt"),
            clinic=self._scope.clinic,
            patient_id=patient_id,
            candidate_id=candidate,
            created_at=self._scope.now,
        )
        self._session.add(row)

    def mark(self, patient_id: str) -> None:
        """Have the client's row say whether anything about them is in doubt."""
        self._session.flush()
        row = self._session.get_one(PatientRow, patient_id)
        row.doubtful = any(doubt.settled_at is None for doubt in self.of(patient_id))
        self._session.flush()
