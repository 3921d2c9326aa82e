"""Decisions, only ever added, and the effects that follow from them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..domain.answers import Decision
from .models import BookingRow, DecisionRow, EffectRow
from .types import new_id
from .vault import Vault


class Decisions:
    """The decisions of one clinic, within one transaction."""

    def __init__(self, session: Session, vault: Vault, clinic: str) -> None:
        self._session = session
        self._vault = vault
        self._clinic = clinic

    def append(self, row: BookingRow, decision: Decision, cause: str, now: datetime) -> bool:
        """Add a decision unless it equals the last one word for word; whether it was added."""
        data = decision.to_dict()
        last = self.last(row.id)
        if last is not None and self.data(last) == data:
            return False
        self._session.add(
            DecisionRow(
                id=new_id("dec"),
                clinic=self._clinic,
                booking_id=row.id,
                number=(last.number if last else 0) + 1,
                outcome=decision.outcome,
                cause=cause[:40],
                decided_at=now,
                decision_sealed=self._vault.seal_json(data, self._place()),
            )
        )
        self._session.flush()
        return True

    def last(self, booking_id: str) -> DecisionRow | None:
        return self._session.scalar(
            select(DecisionRow)
            .where(DecisionRow.clinic == self._clinic, DecisionRow.booking_id == booking_id)
            .order_by(DecisionRow.number.desc())
            .limit(1)
        )

    def of_booking(self, booking_id: str) -> list[DecisionRow]:
        query = select(DecisionRow).where(
            DecisionRow.clinic == self._clinic, DecisionRow.booking_id == booking_id
        )
        return list(self._session.scalars(query.order_by(DecisionRow.number)))

    def data(self, row: DecisionRow) -> dict[str, Any]:
        value: dict[str, Any] = self._vault.open_json(row.decision_sealed, self._place())
        return value

    def _place(self) -> str:
        return f"decisions.decision:{self._clinic}"


#: Only looked at, overtaken by another outcome, or refused by the platform at the time.
_NEVER_WRITTEN = ("observed", "superseded", "failed")


def add_effect(
    session: Session,
    row: BookingRow,
    kind: str,
    state: str,
    now: datetime,
    *,
    reason: str = "",
    reached: str | None = None,
) -> EffectRow | None:
    """One change of state for a booking, once in each of its rounds; ``None`` where it is on
    record and need not be done (again). One that was never written is queued anew."""
    known = session.scalar(
        select(EffectRow).where(
            EffectRow.booking_id == row.id,
            EffectRow.round == row.round,
            EffectRow.kind == kind,
        )
    )
    if known is not None:
        if known.state not in _NEVER_WRITTEN or state in _NEVER_WRITTEN:
            return None
        known.state, known.reached, known.reason = state, reached, reason[:500]
        known.next_try_at = now if state == "queued" else None
        known.done_at = None if state == "queued" else now
        known.attempts += 1
        return known
    last = select(func.max(EffectRow.number)).where(EffectRow.booking_id == row.id)
    effect = EffectRow(
        id=new_id("eff"),
        number=(session.scalar(last) or 0) + 1,
        clinic=row.clinic,
        booking_id=row.id,
        account=row.account,
        round=row.round,
        kind=kind,
        state=state,
        reached=reached,
        reason=reason[:500],
        created_at=now,
        next_try_at=now if state == "queued" else None,
        done_at=None if state == "queued" else now,
    )
    session.add(effect)
    session.flush()
    return effect


def effects_of(session: Session, booking_id: str) -> list[EffectRow]:
    return list(
        session.scalars(
            select(EffectRow).where(EffectRow.booking_id == booking_id).order_by(EffectRow.number)
        )
    )
