"""What people at the desk did and saw: the line that tells of it, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from .scope import Scope
from .types import new_id
from .user_models import ActRow
from .users import token_hash

_ACT = "acts.act"
#: What the kinds begin with that are a look at somebody's data.
SAW = "saw-"
#: That a client was taken in with a file, or more of them.
FROM_FILE = "from-file"


@dataclass(frozen=True, slots=True)
class Act:
    """``who``: their name; ``said``: the line that tells of it. ``undo`` names the way back, with
    what it needs; it is empty where there is none. ``undone_by``: who took it back."""

    who: str
    said: str
    undo: str = ""
    needs: dict[str, Any] = field(default_factory=dict)
    undone_by: str | None = None


@dataclass(frozen=True, slots=True)
class About:
    """Whom and what an act is about."""

    patient_id: str | None = None
    booking_id: str | None = None


class Acts:
    """The acts at one clinic's desk, within one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._session = scope.session

    def add(
        self, kind: str, act: Act, user_id: str | None, about: About, once: str | None = None
    ) -> ActRow:
        """One more act. ``once``: the form by which it came."""
        row = ActRow(
            id=new_id("act"),
            clinic=self._scope.clinic,
            at=self._scope.now,
            user_id=user_id,
            kind=kind,
            patient_id=about.patient_id,
            booking_id=about.booking_id,
            once=token_hash(once) if once else None,
            act_sealed=self._seal(act),
        )
        self._session.add(row)
        self._session.flush()
        return row

    def get(self, act_id: str, *, lock: bool = False) -> ActRow | None:
        query = select(ActRow).where(ActRow.id == act_id, ActRow.clinic == self._scope.clinic)
        return self._session.scalar(query.with_for_update() if lock else query)

    def by_form(self, once: str) -> ActRow | None:
        """The act for which a form was spent already."""
        query = select(ActRow).where(
            ActRow.clinic == self._scope.clinic, ActRow.once == token_hash(once)
        )
        return self._session.scalar(query)

    def last_saw(self, user_id: str | None, patient_id: str, kind: str) -> ActRow | None:
        """The last time that somebody saw a client's page."""
        query = select(ActRow).where(
            ActRow.clinic == self._scope.clinic,
            ActRow.patient_id == patient_id,
            ActRow.kind == kind,
            ActRow.user_id == user_id,
        )
        return self._session.scalar(query.order_by(ActRow.at.desc()).limit(1))

    def listed(
        self,
        *,
        user_id: str | None = None,
        patient_id: str | None = None,
        patient_ids: Sequence[str] = (),
        booking_id: str | None = None,
        between: tuple[datetime, datetime] | None = None,
        limit: int = 100,
        offset: int = 0,
    ) -> list[ActRow]:
        """Acts, the latest first, of one person or about one client or booking. ``patient_ids``: of
        any of these clients; ``between``: from one moment until before another."""
        query = select(ActRow).where(ActRow.clinic == self._scope.clinic)
        if patient_ids:
            query = query.where(ActRow.patient_id.in_(patient_ids))
        for column, value in (
            (ActRow.user_id, user_id),
            (ActRow.patient_id, patient_id),
            (ActRow.booking_id, booking_id),
        ):
            if value is not None:
                query = query.where(column == value)
        if between is not None:
            query = query.where(ActRow.at >= between[0], ActRow.at < between[1])
        query = query.order_by(ActRow.at.desc(), ActRow.id.desc())
        return list(self._session.scalars(query.limit(limit).offset(offset)))

    def of_clients(
        self,
        patient_ids: Sequence[str],
        *kinds: str,
        looks: bool = True,
        limit: int | None = None,
    ) -> list[ActRow]:
        """Acts about these clients, the latest first; of these kinds, where any is named. Without
        ``looks`` those alone by which something was done."""
        query = select(ActRow).where(
            ActRow.clinic == self._scope.clinic, ActRow.patient_id.in_(patient_ids)
        )
        if kinds:
            query = query.where(ActRow.kind.in_(kinds))
        if not looks:
            query = query.where(~ActRow.kind.startswith(SAW, autoescape=True))
        query = query.order_by(ActRow.at.desc(), ActRow.id.desc()).limit(limit)
        return list(self._session.scalars(query))

    def of_user(self, user_id: str, kind: str) -> list[ActRow]:
        """Acts of one kind that somebody did, and nobody took back."""
        query = select(ActRow).where(
            ActRow.clinic == self._scope.clinic,
            ActRow.user_id == user_id,
            ActRow.kind == kind,
            ActRow.undone_at.is_(None),
        )
        return list(self._session.scalars(query))

    def act(self, row: ActRow) -> Act:
        return Act(**self._scope.vault.open_json(row.act_sealed, self._scope.place(_ACT)))

    def put(self, row: ActRow, act: Act) -> None:
        """What is told of an act, in other words."""
        row.act_sealed = self._seal(act)

    def undone(self, row: ActRow, by: str) -> None:
        """It was taken back."""
        data = {**asdict(self.act(row)), "undone_by": by}
        row.act_sealed, row.undone_at = self._seal(Act(**data)), self._scope.now

    def _seal(self, act: Act) -> bytes:
        return self._scope.vault.seal_json(asdict(act), self._scope.place(_ACT))
