"""What is kept of plugins, by name, for when they are off or gone: see ``hooks.remembered``."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from .models import Base
from .scope import Scope


class KnownPluginRow(Base):
    """One plugin as it was when it last spoke. It names no person."""

    __tablename__ = "known_plugins"
    clinic: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    said: Mapped[str] = mapped_column(Text)


class KnownPlugins:
    """The plugins that one clinic has known, within one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._session = scope.session

    def all(self) -> Mapping[str, str]:
        """By name, what was kept."""
        query = select(KnownPluginRow).where(KnownPluginRow.clinic == self._scope.clinic)
        found = self._session.scalars(query.order_by(KnownPluginRow.name))
        return {row.name: row.said for row in found}

    def keep(self, name: str, said: str) -> None:
        """Keep it in the place of what was kept before."""
        self._session.merge(KnownPluginRow(clinic=self._scope.clinic, name=name, said=said))

    def forget(self, name: str) -> bool:
        """Whether there was anything to forget."""
        row = self._session.get(KnownPluginRow, (self._scope.clinic, name))
        if row is not None:
            self._session.delete(row)
            self._session.flush()
        return row is not None
