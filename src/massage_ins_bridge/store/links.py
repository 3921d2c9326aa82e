"""Links to clients' own pages: kept as keyed hashes, each for one client or one of their bookings,
until a time, and revocable."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from .page_models import LinkRow
from .scope import Scope
from .types import new_id
from .vault import Vault

_BY, _TOKEN = "links.made_by", "links.token"
#: A token is 24 random bytes: 32 characters that may stand in an address.
TOKEN_BYTES, TOKEN_LENGTH = 24, 32


@dataclass(frozen=True, slots=True)
class NewLink:
    """Whose page it leads to, and until when; ``by``: who of staff made it."""

    patient_id: str
    booking_id: str | None
    expires_at: datetime
    made_for: str = "staff"
    by: str = ""


class Links:
    """The links of one clinic, within one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._session = scope.session

    def make(self, wanted: NewLink) -> tuple[LinkRow, str]:
        """A link, and its token, which is shown this once."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        by = self._scope.vault.seal(wanted.by, self._scope.place(_BY)) if wanted.by else None
        row = LinkRow(
            id=new_id("lnk"),
            clinic=self._scope.clinic,
            patient_id=wanted.patient_id,
            booking_id=wanted.booking_id,
            token_hash=token_hash(self._scope.vault, token),
            made_for=wanted.made_for,
            made_by_sealed=by,
            created_at=self._scope.now,
            expires_at=wanted.expires_at,
        )
        self._session.add(row)
        self._session.flush()
        return row, token

    def get(self, link_id: str) -> LinkRow | None:
        row = self._session.get(LinkRow, link_id)
        return row if row is not None and row.clinic == self._scope.clinic else None

    def of_clients(self, patient_ids: list[str]) -> list[LinkRow]:
        """All links ever made to the pages of these clients, newest first."""
        query = select(LinkRow).where(
            LinkRow.clinic == self._scope.clinic, LinkRow.patient_id.in_(patient_ids)
        )
        return list(self._session.scalars(query.order_by(LinkRow.created_at.desc(), LinkRow.id)))

    def by(self, row: LinkRow) -> str | None:
        """Who of staff made it."""
        if row.made_by_sealed is None:
            return None
        return self._scope.vault.open(row.made_by_sealed, self._scope.place(_BY))


def token_hash(vault: Vault, token: str) -> str:
    """What is kept of a token, whichever clinic's it is."""
    return vault.fingerprint(token, _TOKEN)
