"""What staff said of bookings: overrides, stops, and what is let through."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from .models import WordRow
from .scope import Scope
from .types import new_id

_SAID = "staff_words.said"
_OF_BOOKINGS = (
    select(WordRow)
    .where(WordRow.booking_id.in_(bindparam("ids", expanding=True)))
    .order_by(WordRow.created_at, WordRow.id)
)


@dataclass(frozen=True, slots=True)
class Said:
    """Who said it and why; who took it back."""

    name: str
    reason: str = ""
    ended_by: str | None = None


class Words:
    """The words of one clinic's staff, within one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def of_bookings(self, booking_ids: Iterable[str]) -> dict[str, list[WordRow]]:
        """By booking, all that was ever said of it, oldest first."""
        found: dict[str, list[WordRow]] = {}
        for row in self._scope.session.scalars(_OF_BOOKINGS, {"ids": list(booking_ids)}):
            found.setdefault(row.booking_id, []).append(row)
        return found

    def add(self, booking_id: str, kind: str, said: Said, until: datetime | None = None) -> WordRow:
        """One more word."""
        row = WordRow(
            id=new_id("wrd"),
            clinic=self._scope.clinic,
            booking_id=booking_id,
            kind=kind,
            until=until,
            said_sealed=self._seal(said),
            created_at=self._scope.now,
        )
        self._scope.session.add(row)
        return row

    def end(self, row: WordRow, by: str | None = None) -> None:
        """It counts no longer; ``by``: who took it back."""
        if row.ended_at is None:
            row.ended_at = self._scope.now
            if by is not None:
                said = self.said(row)
                row.said_sealed = self._seal(Said(said.name, said.reason, by))

    def over(self) -> list[WordRow]:
        """The words whose end has come."""
        return list(
            self._scope.session.scalars(
                select(WordRow).where(
                    WordRow.clinic == self._scope.clinic,
                    WordRow.ended_at.is_(None),
                    WordRow.until <= self._scope.now,
                )
            )
        )

    def said(self, row: WordRow) -> Said:
        return Said(**self._scope.vault.open_json(row.said_sealed, self._scope.place(_SAID)))

    def _seal(self, said: Said) -> bytes:
        return self._scope.vault.seal_json(asdict(said), self._scope.place(_SAID))
