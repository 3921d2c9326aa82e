"""What clients did on their pages, kept word for word."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from .page_models import LinkRow, PageActRow
from .scope import Scope
from .types import new_id

_SAID, _ONCE = "page_acts.said", "page_acts.once"


class PageActs:
    """The acts of one clinic's clients, within one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._session = scope.session

    def known(self, link: LinkRow, once: str) -> PageActRow | None:
        """The act for which the form's one-time token was spent."""
        query = select(PageActRow).where(
            PageActRow.link_id == link.id, PageActRow.once_hash == self._hash(once)
        )
        return self._session.scalar(query)

    def get(self, link: LinkRow, act_id: str) -> PageActRow | None:
        """An act that was done over this link."""
        row = self._session.get(PageActRow, act_id) if act_id else None
        return row if row is not None and row.link_id == link.id else None

    def add(
        self, link: LinkRow, booking_id: str | None, kind: str, once: str, said: dict[str, Any]
    ) -> PageActRow:
        """One more act; ``said``: what the client was shown and what they typed."""
        row = PageActRow(
            id=new_id("act"),
            clinic=self._scope.clinic,
            link_id=link.id,
            patient_id=link.patient_id,
            booking_id=booking_id,
            kind=kind,
            once_hash=self._hash(once),
            said_sealed=self._scope.vault.seal_json(said, self._scope.place(_SAID)),
            created_at=self._scope.now,
        )
        self._session.add(row)
        self._session.flush()
        return row

    def of_clients(self, patient_ids: list[str]) -> list[PageActRow]:
        """All that these clients did, newest first."""
        query = select(PageActRow).where(
            PageActRow.clinic == self._scope.clinic, PageActRow.patient_id.in_(patient_ids)
        )
        return list(self._session.scalars(query.order_by(PageActRow.created_at.desc())))

    def said(self, row: PageActRow) -> dict[str, Any]:
        """What the client was shown and what they typed."""
        said: dict[str, Any] = self._scope.vault.open_json(
            row.said_sealed, self._scope.place(_SAID)
        )
        return said

    def _hash(self, once: str) -> str:
        return self._scope.vault.fingerprint(once, self._scope.place(_ONCE))
