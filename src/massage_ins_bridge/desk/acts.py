"""What is done at the desk: each act once, with a line that tells of it and a way back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError

from ..store.acts import About, Act
from ..store.keys import Key
from ..store.record import Record
from ..store.user_models import ActRow
from .errors import ConflictError, DeskError, NotFoundError
from .installation import Installation
from .own import must_be_own
from .roles import ForbiddenError, Person, must_be_allowed
from .ways_back import NEEDED, WAYS_BACK

#: What a look is called among the acts.
SAW = "saw-client"
#: And a client who was put on file.
ADDED = "client-added"
#: What keys do among the acts: each with the key's id behind it.
_KEY_SAW, _KEY_SENT = "saw-by:", "sent-by:"
_MOST_NAME = 80
#: Looking at a client's page again within this time is one look.
ONE_LOOK = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Done:
    """An act as it is told: what ``kind`` it was, the line ``said`` of it, whom it is ``about``;
    ``undo`` names the way back in ``WAYS_BACK``, with what it ``needs``."""

    kind: str
    said: str
    about: About = field(default_factory=About)
    undo: str = ""
    needs: dict[str, Any] = field(default_factory=dict)


def note(record: Record, person: Person, done: Done, once: str | None = None) -> ActRow:
    """Put an act on record. ``once``: the form by which it came, which is spent with it."""
    act = Act(person.name, done.said, done.undo, done.needs)
    return record.acts.add(done.kind, act, person.user_id, done.about, once)


def carry_out(
    installation: Installation, person: Person, once: str, do: Callable[[Record], Done | None]
) -> str | None:
    """Carry out what a form asks for, and put it on record: the id of the act. A form (``once``)
    that was sent before is not carried out again; its first act is given. ``None`` where there was
    nothing left to do.

    Raises what ``do`` raises; then nothing is changed.
    """
    try:
        with installation.write(person.clinic) as record:
            known = record.acts.by_form(once) if once else None
            if known is None:
                done = do(record)
                _must_be_theirs(person, done)
                known = note(record, person, done, once) if done is not None else None
            return known.id if known is not None else None
    except (IntegrityError, DeskError):  # it may be the same form, at the same moment
        with installation.read(person.clinic) as record:
            known = record.acts.by_form(once) if once else None
            if known is None:
                raise
            return known.id


def _must_be_theirs(person: Person, done: Done | None) -> None:
    """Raises ``ForbiddenError`` where somebody who sees their own clients alone made one whom they
    could never open."""
    if person.own_only and done is not None and done.kind == ADDED:
        raise ForbiddenError("The owner and the front desk add clients.")


def note_look(installation: Installation, person: Person, about: About) -> None:
    """Put on record that somebody saw of a client, or of the client of a booking, what they may
    see."""
    with installation.read(person.clinic) as record:
        patient_id = _whose(record, about)
    if patient_id is not None:
        seen = _Seen(person.clinic, person.user_id, SAW, Act(person.name, ""))
        _note_seen(installation, seen, patient_id)


def note_key(
    installation: Installation,
    key: Key,
    about: About,
    document_id: str | None = None,
    *,
    looks: bool,
) -> None:
    """Put on record that a key asked for what is on file of a client, or sent what is to be changed
    of them; also by a booking or a paper of theirs. Nothing of whom is not on file."""
    with installation.read(key.clinic) as record:
        paper = record.documents.get(document_id) if document_id else None
        patient_id = paper.patient_id if paper is not None else _whose(record, about)
        if patient_id is None or record.clients.who_is(patient_id) is None:
            return
    kind = f"{_KEY_SAW if looks else _KEY_SENT}{key.id}"
    said = "Saw the chart, by the API." if looks else "Sent something for the chart, by the API."
    act = Act(f"Key {key.name}"[:_MOST_NAME], said)
    _note_seen(installation, _Seen(key.clinic, None, kind, act), patient_id)


@dataclass(frozen=True, slots=True)
class _Seen:
    clinic: str
    user_id: str | None
    kind: str
    act: Act

    def is_noted(self, record: Record, patient_id: str) -> bool:
        last = record.acts.last_saw(self.user_id, patient_id, self.kind)
        return last is not None and record.now - last.at <= ONE_LOOK


def _note_seen(installation: Installation, seen: _Seen, patient_id: str) -> None:
    with installation.read(seen.clinic) as record:
        if seen.is_noted(record, patient_id):
            return
    with installation.write(seen.clinic) as record:
        if not seen.is_noted(record, patient_id):
            record.acts.add(seen.kind, seen.act, seen.user_id, About(patient_id))


def _whose(record: Record, about: About) -> str | None:
    row = record.bookings.get(about.booking_id) if about.booking_id else None
    return row.patient_id if row is not None else about.patient_id


def last_of(record: Record, booking_id: str) -> str | None:
    """What was done last about a booking, and stands: why nothing may be left to do."""
    done = record.acts.listed(booking_id=booking_id, limit=10)
    return next((row.id for row in done if row.kind != SAW and row.undone_at is None), None)


def take_back(installation: Installation, record: Record, person: Person, act_id: str) -> ActRow:
    """Undo an act: whoever may do such a thing may take it back, whoever did it.

    Raises ``NotFoundError``, ``ForbiddenError``, and ``ConflictError`` where it has no way back, or
    was taken back, or later facts stand against it.
    """
    row = record.acts.get(act_id, lock=True)
    if row is None:
        raise NotFoundError("act")
    act = record.acts.act(row)
    must_be_allowed(person, NEEDED.get(act.undo, "work"))
    if person.own_only and (row.patient_id or row.booking_id or row.user_id != person.user_id):
        must_be_own(record, person, About(row.patient_id, row.booking_id))
    if row.undone_at is not None:
        raise ConflictError(f"Already undone by {act.undone_by or 'somebody'}.")
    way = WAYS_BACK.get(act.undo)
    if way is None:
        raise ConflictError("This has no way back.")
    way(installation, record, act.needs, person.name)
    record.acts.undone(row, person.name)
    return row
