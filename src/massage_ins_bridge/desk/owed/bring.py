"""Bringing a client's tasks to what is owed by now."""

from __future__ import annotations

from ...domain.answers import Decision
from ...store.record import Record
from ...store.tasks import About
from ..client_file import ClientFile
from ..installation import Installation
from ..tasks import WORKED_OUT
from .ahead import look_ahead
from .bookings import actions
from .follow_ups import follow_ups
from .found import Found, Inquiry
from .prescriptions import owed_for_prescriptions
from .unserved import no_rules
from .visits import owed_for_visits

#: In this order: what looks ahead must know what is owed already.
_FINDERS = (actions, owed_for_visits, owed_for_prescriptions, look_ahead, follow_ups, no_rules)


def bring_tasks(
    installation: Installation,
    record: Record,
    file: ClientFile,
    decided: dict[str, Decision | None] | None = None,
) -> None:
    """Open, change and close the client's tasks. ``decided``: by booking, the decisions that were
    just made; the others are asked for, and not stored."""
    inquiry = Inquiry(installation, record, file, dict(decided or {}))
    for find in _FINDERS:
        find(inquiry)
    _settle(inquiry)
    for topic, owed in inquiry.found.owed.items():
        if topic not in inquiry.found.absorbed:
            about = About(file.patient_id, owed.booking_id, owed.due, owed.last_day)
            key = inquiry.key(topic)
            record.tasks.raise_matter(key, owed.kind, owed.message, about, known=file.tasks)


def _settle(inquiry: Inquiry) -> None:
    """Close what is owed no longer. Of what could not be asked for nothing is closed."""
    found: Found = inquiry.found
    keys = {inquiry.key(t) for t in found.owed if t not in found.absorbed}
    keys |= {inquiry.key(t) for t in found.kept}
    for task in inquiry.file.tasks:
        if task.kind in WORKED_OUT and task.topic not in keys and task.kind not in found.unsure:
            inquiry.record.tasks.done(task)
