"""What a client said on their own page, as staff and programs see it: in which words, signed by
whom, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from ..messages.days import Language
from ..store.page_models import PageActRow
from ..store.record import Record
from .chart import client_row
from .said import INSURER

SaidKind = Literal["insurer", "intake", "consent", "cost", "self-pay", "give-back"]
#: What each act is called at the desk.
TOLD: Mapping[SaidKind, str] = {
    "insurer": "named their insurance",
    "intake": "said that they filled in the intake form",
    "consent": "agreed as a guardian",
    "cost": "said that they know what the visit may cost",
    "self-pay": "agreed to come without insurance",
    "give-back": "gave the time back",
}


@dataclass(frozen=True, slots=True)
class PageSaid:
    """One thing that was said: ``words`` as the page showed them and what was typed, line by line;
    ``signed``: the name that was typed under them; ``booking``: of which visit, where it was of
    one."""

    id: str
    act: SaidKind
    booking: str | None
    said_at: datetime
    language: Language
    words: tuple[str, ...]
    signed: str | None


def page_said(record: Record, patient_id: str, booking_id: str | None = None) -> list[PageSaid]:
    """All that a client said, newest first, of one booking or of any; files that they sent are
    papers. Raises ``NotFoundError``."""
    row = client_row(record, patient_id)
    acts = record.page_acts.of_clients(record.clients.one_person(row.id))
    of_it = (one for one in acts if booking_id in (None, one.booking_id))
    return [_said(record, one) for one in of_it if one.kind in TOLD]


def signed_terms(record: Record, patient_id: str, booking_id: str) -> PageSaid | None:
    """The terms that the client signed last to come to this visit without insurance."""
    found = page_said(record, patient_id, booking_id)
    return next((one for one in found if one.act == "self-pay"), None)


def _said(record: Record, row: PageActRow) -> PageSaid:
    kept = record.page_acts.said(row)
    return PageSaid(
        id=row.id,
        act=cast(SaidKind, row.kind),
        booking=row.booking_id,
        said_at=row.created_at,
        language="es" if kept.get("language") == "es" else "en",
        words=_words(kept),
        signed=kept.get("name"),
    )


def _words(kept: Mapping[str, Any]) -> tuple[str, ...]:
    if kept.get("terms"):
        return tuple(kept["terms"])
    if kept.get("text"):
        return (str(kept["text"]),)
    typed = ((name, kept[name]) for name in INSURER if kept.get(name))
    return tuple(f"{name.replace('_', ' ').capitalize()}: {said}" for name, said in typed)
