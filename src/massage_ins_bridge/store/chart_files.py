"""Files of charts that were sent and are looked over before they are taken in, sealed. A clinic has
one at a time, which is kept for some days."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Index, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from .models import Base, Row
from .scope import Scope
from .types import new_id

#: How long a file can be come back to.
KEEP = timedelta(days=7)
_NAME, _CONTENT = "chart_files.name", "chart_files.content"


class ChartFileRow(Row, Base):
    """One file as it came, with its own name."""

    __tablename__ = "chart_files"
    __table_args__ = (Index("ix_chart_files_clinic", "clinic"),)
    name_sealed: Mapped[bytes]
    content_sealed: Mapped[bytes] = mapped_column(deferred=True)
    created_at: Mapped[datetime]


class ChartFiles:
    """The files of one clinic, within one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def put(self, name: str, content: bytes) -> ChartFileRow:
        """Keep a file in the place of the one before."""
        vault, place = self._scope.vault, self._scope.place
        self.forget()
        row = ChartFileRow(
            id=new_id("chf"),
            clinic=self._scope.clinic,
            name_sealed=vault.seal(name, place(_NAME)),
            content_sealed=vault.seal_bytes(content, place(_CONTENT)),
            created_at=self._scope.now,
        )
        self._scope.session.add(row)
        return row

    def forget(self) -> None:
        """Keep none any longer."""
        ours = ChartFileRow.clinic == self._scope.clinic
        self._scope.session.execute(delete(ChartFileRow).where(ours))

    def current(self) -> ChartFileRow | None:
        """The one that is kept."""
        query = select(ChartFileRow).where(
            ChartFileRow.clinic == self._scope.clinic,
            ChartFileRow.created_at > self._scope.now - KEEP,
        )
        return self._scope.session.scalar(query.order_by(ChartFileRow.created_at.desc()).limit(1))

    def name(self, row: ChartFileRow) -> str:
        return self._scope.vault.open(row.name_sealed, self._scope.place(_NAME))

    def content(self, row: ChartFileRow) -> bytes:
        return self._scope.vault.open_bytes(row.content_sealed, self._scope.place(_CONTENT))


def forget_chart_files(session: Session, before: datetime) -> None:
    """Files that are kept no longer, of all clinics."""
    session.execute(delete(ChartFileRow).where(ChartFileRow.created_at < before))
