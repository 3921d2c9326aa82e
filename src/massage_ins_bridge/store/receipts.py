"""Receipts of what staff did: what it changed, so that it can be undone."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from .doubt_models import ReceiptRow
from .scope import Scope
from .types import new_id
from .words import Said

_DATA = "receipts.data"
#: In it, beside what was changed: whose act it was.
_SAID = "said"


class Receipts:
    """The receipts of one clinic, within one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._session = scope.session

    def add(
        self,
        kind: str,
        patient_id: str,
        data: dict[str, Any],
        by: str,
        *,
        other_id: str | None = None,
        booking_id: str | None = None,
    ) -> ReceiptRow:
        """A receipt of an act on a client, and another, or one of their bookings; ``by``: whose
        act it was."""
        row = ReceiptRow(
            id=new_id("rct"),
            clinic=self._scope.clinic,
            kind=kind,
            patient_id=patient_id,
            other_id=other_id,
            booking_id=booking_id,
            data_sealed=self._seal({**data, _SAID: asdict(Said(by))}),
            created_at=self._scope.now,
        )
        self._session.add(row)
        self._session.flush()
        return row

    def get(self, receipt_id: str) -> ReceiptRow | None:
        row = self._session.get(ReceiptRow, receipt_id)
        return row if row is not None and row.clinic == self._scope.clinic else None

    def undone(self, row: ReceiptRow, by: str) -> None:
        """The act is taken back; ``by``: who did it."""
        data = self.data(row)
        data[_SAID] = asdict(replace(self.said(row), ended_by=by))
        row.data_sealed, row.undone_at = self._seal(data), self._scope.now

    def said(self, row: ReceiptRow) -> Said:
        """Who did it, and who took it back; no name where none was asked for then."""
        return Said(**self.data(row).get(_SAID, {"name": ""}))

    def data(self, row: ReceiptRow) -> dict[str, Any]:
        """What the act changed."""
        value: dict[str, Any] = self._scope.vault.open_json(
            row.data_sealed, self._scope.place(_DATA)
        )
        return value

    def _seal(self, data: dict[str, Any]) -> bytes:
        return self._scope.vault.seal_json(data, self._scope.place(_DATA))
