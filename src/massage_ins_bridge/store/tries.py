"""The log of what platforms were told: each try at a write, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, bindparam, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from .models import Base
from .scope import Scope
from .types import Serial

MAX_SAID = 500


class TryRow(Base):
    """One try. ``status``: that of the HTTP answer, where there was one; ``said``: why it was not
    taken, without personal data; ``next_at``: when the next try was due."""

    __tablename__ = "write_tries"
    __table_args__ = (Index("ix_write_tries_write_id", "write_id", "id"),)
    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    clinic: Mapped[str] = mapped_column(String(64))
    write_id: Mapped[str] = mapped_column(ForeignKey("writes.id"))
    tried_at: Mapped[datetime]
    taken: Mapped[bool] = mapped_column(Boolean)
    status: Mapped[int | None] = mapped_column(Integer)
    said: Mapped[str | None] = mapped_column(String(MAX_SAID))
    next_at: Mapped[datetime | None]


_OF_WRITES = (
    select(TryRow).where(TryRow.write_id.in_(bindparam("ids", expanding=True))).order_by(TryRow.id)
)


class Tries:
    """The tries of one clinic, within one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(
        self,
        write_id: str,
        *,
        taken: bool,
        status: int | None = None,
        said: str | None = None,
        next_at: datetime | None = None,
    ) -> None:
        """Note a try that was just made."""
        self._scope.session.add(
            TryRow(
                clinic=self._scope.clinic,
                write_id=write_id,
                tried_at=self._scope.now,
                taken=taken,
                status=status,
                said=said[:MAX_SAID] if said else None,
                next_at=next_at,
            )
        )

    def of_writes(self, write_ids: Iterable[str]) -> dict[str, list[TryRow]]:
        """By write, its tries, oldest first."""
        found: dict[str, list[TryRow]] = {}
        for row in self._scope.session.scalars(_OF_WRITES, {"ids": list(write_ids)}):
            found.setdefault(row.write_id, []).append(row)
        return found


def forget_tries(session: Session, before: datetime) -> None:
    """Forget what was tried before then, over all clinics."""
    session.execute(delete(TryRow).where(TryRow.tried_at < before))
