"""Receipts of what staff did: what it changed, so that it can be undone."""

from __future__ import annotations

from typing import Any

from .doubt_models import ReceiptRow
from .scope import Scope
from .types import new_id

_DATA = "receipts.data"


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
        *,
        other_id: str | None = None,
        booking_id: str | None = None,
    ) -> ReceiptRow:
        """A receipt of an act on a client, and another, or one of their bookings."""
        row = ReceiptRow(
            id=new_id("rct"),
            clinic=self._scope.clinic,
            kind=kind,
            patient_id=patient_id,
            other_id=other_id,
            booking_id=booking_id,
            data_sealed=self._scope.vault.seal_json(data, self._scope.place(_DATA)),
            created_at=self._scope.now,
        )
        self._session.add(row)
        self._session.flush()
        return row

    def get(self, receipt_id: str) -> ReceiptRow | None:
        row = self._session.get(ReceiptRow, receipt_id)
        return row if row is not None and row.clinic == self._scope.clinic else None

    def data(self, row: ReceiptRow) -> dict[str, Any]:
        """What the act changed."""
        value: dict[str, Any] = self._scope.vault.open_json(
            row.data_sealed, self._scope.place(_DATA)
        )
        return value
