"""The clinic's own wording of e-mails."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from .page_models import MailTextRow
from .scope import Scope
from .types import new_id

_TEXT = "mail_texts.text"


@dataclass(frozen=True, slots=True)
class OwnText:
    """Subject and body with their placeholders, and who wrote them."""

    subject: str
    body: str
    by: str


class MailTexts:
    """The wording of one clinic, within one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._session = scope.session

    def get(self, name: str, language: str) -> OwnText | None:
        """The clinic's own text; ``None`` where the one shipped is used."""
        row = self._row(name, language)
        if row is None:
            return None
        place = self._scope.place(_TEXT)
        return OwnText(**self._scope.vault.open_json(row.text_sealed, place))

    def put(self, name: str, language: str, text: OwnText) -> None:
        """Use this text from now on."""
        said = {"subject": text.subject, "body": text.body, "by": text.by}
        sealed = self._scope.vault.seal_json(said, self._scope.place(_TEXT))
        row = self._row(name, language)
        if row is None:
            row = MailTextRow(
                id=new_id("txt"), clinic=self._scope.clinic, name=name, language=language
            )
            self._session.add(row)
        row.text_sealed, row.changed_at = sealed, self._scope.now
        self._session.flush()

    def remove(self, name: str, language: str) -> None:
        """Use the text that is shipped again."""
        row = self._row(name, language)
        if row is not None:
            self._session.delete(row)
            self._session.flush()

    def _row(self, name: str, language: str) -> MailTextRow | None:
        query = select(MailTextRow).where(
            MailTextRow.clinic == self._scope.clinic,
            MailTextRow.name == name,
            MailTextRow.language == language,
        )
        return self._session.scalar(query)
