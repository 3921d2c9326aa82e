"""Deliveries that were stored, and the receipts that say they were dealt with."""

from __future__ import annotations

from .models import DeliveryRow
from .scope import Scope

RAW = "deliveries.raw"


class Deliveries:
    """The deliveries of one clinic, within one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def raw(self, row: DeliveryRow) -> bytes | None:
        """The body as it came; ``None`` where it is not kept any more."""
        if row.raw_sealed is None:
            return None
        return self._scope.vault.open_bytes(row.raw_sealed, self._scope.place(RAW))

    def receipt(self, row: DeliveryRow, result: str, booking_id: str | None = None) -> None:
        """Note that the delivery was dealt with."""
        row.done_at, row.result, row.booking_id = self._scope.now, result, booking_id

    def forget(self, row: DeliveryRow) -> None:
        """Keep that the delivery came, and nothing of what it said."""
        row.raw_sealed = None
