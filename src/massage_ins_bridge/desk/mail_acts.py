"""Changing what e-mails say, as acts that are told and can be taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from ..store.day import starting
from ..store.record import Record
from . import chart, views
from .acts import Done
from .mail_texts import MailText, put_text, reset_text, text
from .tags import Tags, must_match, tag_of

#: What each e-mail is called at the desk.
CALLED: Mapping[str, str] = {
    "hold": "On hold, something is needed from the client",
    "waiting": "On hold, nothing for the client to do",
    "reminder": "Reminder before the last day",
    "cured": "Confirmed",
    "refused": "Cannot take place as booked",
    "terms": "A copy of what the client agreed to",
    "digest": "The morning\u2019s summary, to staff",
}
SPOKEN: Mapping[str, str] = {"en": "English", "es": "Spanish"}
#: So many bookings to come are offered to try a text with.
_MOST, _AHEAD = 20, timedelta(days=60)


def worded(
    record: Record, name: str, language: str, data: Mapping[str, str], tags: Tags
) -> Done | None:
    """Use another text from now on; ``None`` where it says so already. Raises as ``put_text``, and
    ``PreconditionError`` where somebody changed it meanwhile."""
    before = text(record, name, language)
    must_match(tags, before)
    after = put_text(record, name, language, data)
    if (after.subject, after.body) == (before.subject, before.body):
        return None
    return _done(before, after, "says now what you wrote")


def shipped(record: Record, name: str, language: str, tags: Tags) -> Done | None:
    """Use the text that is shipped again. Raises as ``worded``."""
    before = text(record, name, language)
    must_match(tags, before)
    if not before.own:
        return None
    return _done(before, reset_text(record, name, language), "is again as it came")


def to_try_with(record: Record) -> tuple[tuple[str, str, Any], ...]:
    """Bookings to come, by id, with the client's name and the hour."""
    rows = starting(record, record.now, record.now + _AHEAD, _MOST)
    return tuple((row.id, _name(record, row.patient_id), row.start_at) for row in rows)


def _name(record: Record, patient_id: str) -> str:
    known = views.client(record, chart.client_row(record, patient_id))
    return str(known.get("name") or "Somebody")


def _done(before: MailText, after: MailText, said: str) -> Done:
    kept = {"subject": before.subject, "body": before.body, "by": before.by or ""}
    needs = {
        "name": before.name,
        "language": before.language,
        "before": kept if before.own else None,
        "after": tag_of(after),
    }
    line = f"The e-mail “{CALLED[before.name]}” ({SPOKEN[before.language]}) {said}."
    return Done("mail-text", line, undo="mail-text", needs=needs)
