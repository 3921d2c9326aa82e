"""Deleting a client who came by mistake: the owner alone may, and only while no visit, booking or
other thing that must be kept is on record of them."""

from __future__ import annotations

from dataclasses import dataclass

from ..store.forget import delete_client, keeps_client
from ..store.record import Record
from .acts import Done
from .chart import client_row
from .errors import ConflictError
from .notes import NOTE
from .roles import Person, must_be_allowed
from .say import counted, short_name

_KEPT = (
    "Visits, bookings, papers or something else that must be kept is on record of this client. "
    "Nothing is deleted. Where two charts are of one person, merge them."
)


@dataclass(frozen=True, slots=True)
class Goes:
    """What is deleted with a client, in words; ``kept``: why they are not deleted."""

    words: tuple[str, ...]
    kept: str


def what_goes(record: Record, patient_id: str) -> Goes:
    """Raises ``NotFoundError``."""
    row = client_row(record, patient_id)
    notes = record.acts.of_clients([row.id], NOTE)
    words = (
        "Their name, birthday, phone and email",
        *_some(len(record.facts.list(row.id)), "fact of their chart", "facts of their chart"),
        *_some(sum(act.undone_at is None for act in notes), "note", "notes"),
        *_some(len(record.tasks.of_client(row.id)), "task", "tasks"),
    )
    return Goes(words, _KEPT if keeps_client(record, row) else "")


def _some(number: int, one: str, many: str) -> tuple[str, ...]:
    return (counted(number, one, many),) if number else ()


def delete(record: Record, person: Person, patient_id: str) -> Done:
    """Delete a client; it cannot be undone. Who did and saw what stays on record, without them.

    Raises ``ForbiddenError``, ``NotFoundError``, and ``ConflictError`` where something is on record
    that must be kept.
    """
    must_be_allowed(person, "delete")
    row = client_row(record, patient_id, lock=True)
    name = short_name(str(record.clients.facts(row).get("name") or ""))
    if keeps_client(record, row):
        raise ConflictError(_KEPT)
    delete_client(record, row)
    who = f"The client {name}" if name else "A client without a name"
    return Done("client-deleted", f"{who} is deleted, with their chart.")
