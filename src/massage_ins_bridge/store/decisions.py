"""Decisions, only ever added."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, func, select

from ..domain.answers import Decision
from ..domain.source import as_source
from .models import BookingRow, DecisionRow
from .scope import Scope
from .types import new_id

_DECISION = "decisions.decision"
_NEWEST = (
    select(DecisionRow.booking_id, func.max(DecisionRow.number).label("number"))
    .where(DecisionRow.booking_id.in_(bindparam("ids", expanding=True)))
    .group_by(DecisionRow.booking_id)
    .subquery()
)
_LAST_OF = select(DecisionRow).join(
    _NEWEST,
    (DecisionRow.booking_id == _NEWEST.c.booking_id) & (DecisionRow.number == _NEWEST.c.number),
)


class Decisions:
    """The decisions of one clinic, within one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._session = scope.session

    def append(
        self, row: BookingRow, last: DecisionRow | None, decision: Decision, cause: str
    ) -> bool:
        """Add a decision unless it equals the last one word for word; whether it was added."""
        data = decision.to_dict()
        if last is not None and self.data(last) == data:
            return False
        self._session.add(
            DecisionRow(
                id=new_id("dec"),
                clinic=self._scope.clinic,
                booking_id=row.id,
                number=(last.number if last else 0) + 1,
                outcome=decision.outcome,
                cause=cause[:40],
                decided_at=self._scope.now,
                decision_sealed=self._scope.vault.seal_json(data, self._scope.place(_DECISION)),
            )
        )
        return True

    def last_of(self, booking_ids: Iterable[str]) -> dict[str, DecisionRow]:
        """By booking, its last decision."""
        found = self._session.scalars(_LAST_OF, {"ids": list(booking_ids)})
        return {row.booking_id: row for row in found}

    def of_booking(self, booking_id: str) -> list[DecisionRow]:
        query = select(DecisionRow).where(
            DecisionRow.clinic == self._scope.clinic, DecisionRow.booking_id == booking_id
        )
        return list(self._session.scalars(query.order_by(DecisionRow.number)))

    def newest(self, limit: int, *, outcome: str) -> list[DecisionRow]:
        """The newest decisions of an outcome, newest first."""
        of = (DecisionRow.clinic == self._scope.clinic, DecisionRow.outcome == outcome)
        query = select(DecisionRow).where(*of)
        order = (DecisionRow.decided_at.desc(), DecisionRow.id)
        return list(self._session.scalars(query.order_by(*order).limit(limit)))

    def data(self, row: DecisionRow) -> dict[str, Any]:
        """The decision in the contract's shape."""
        return self.opened(row.decision_sealed)

    def opened(self, sealed: bytes) -> dict[str, Any]:
        """A stored decision, in the shape that decisions have now."""
        value: dict[str, Any] = self._scope.vault.open_json(sealed, self._scope.place(_DECISION))
        value.setdefault("self_pay_terms", None)
        for part in ("requirements", "waivers"):
            for item in value.get(part, ()):
                item["source"] = as_source(item.get("source"))
                item.setdefault("payer", value.get("payer"))
        return value
