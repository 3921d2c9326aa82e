"""Everything on one booking: what each rule asks, where it was read, what was done and said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..store.models import BookingRow
from ..store.record import Record
from . import views
from .client_page import Entry, entry
from .day_rows import Row, day_rows
from .installation import Installation
from .opened import Opened
from .own import own_client, seen_booking
from .page_said import TOLD, PageSaid, page_said
from .roles import Person

_WROTE = {
    "confirm": "Confirm",
    "hold": "Hold",
    "manual": "Hold by hand",
    "block": "Refuse",
    "reopen": "Bring back",
}
#: What an e-mail is about.
_MAILED = {
    "hold": "What is missing",
    "waiting": "Not confirmed yet",
    "reminder": "Reminder of what is missing",
    "cured": "Confirmed",
    "refused": "Cannot take place as booked",
    "terms": "A copy of the terms",
}
_MAIL_STATES = {
    "queued": "leaves then",
    "done": "sent",
    "superseded": "not sent",
    "observed": "not sent",
    "failed": "may not have left",
}
_STATES = {
    "waiting": "waits",
    "queued": "is being written",
    "done": "done",
    "observed": "noted, not written: the account only watches",
    "superseded": "called off",
    "failed": "failed",
}


@dataclass(frozen=True, slots=True)
class Written:
    """A change of the booking on its platform, or an e-mail to its client, in words."""

    what: str
    state: str
    at: Any
    said: str


@dataclass(frozen=True, slots=True)
class BookingPage:
    """``requirements`` and ``waivers`` as the last decision has them; ``earlier``: outcomes of
    former decisions, the latest first."""

    row: Row
    booking: views.WholeBooking
    platform: str
    requirements: Sequence[Mapping[str, Any]]
    waivers: Sequence[Mapping[str, Any]]
    actions: Sequence[Mapping[str, Any]]
    earlier: Sequence[views.BookingDecision]
    written: tuple[Written, ...]
    mails: tuple[Written, ...]
    history: tuple[Entry, ...]


def booking_page(
    installation: Installation, record: Record, opened: Opened, person: Person, booking_id: str
) -> BookingPage:
    """Raises ``NotFoundError``; of others' bookings, for a therapist."""
    row = seen_booking(record, person, booking_id)
    whole = views.whole_booking(installation, record, row)
    own_client(record, person, row.patient_id)
    (shown,) = day_rows(installation, record, opened, person, [row])
    last: Mapping[str, Any] = whole.decisions[-1].decision if whole.decisions else {}
    account = installation.accounts.get(row.account)
    return BookingPage(
        row=shown,
        booking=whole,
        platform=account.platform if account else "",
        requirements=last.get("requirements", ()),
        waivers=last.get("waivers", ()),
        actions=last.get("actions", ()),
        earlier=tuple(reversed(whole.decisions[:-1])),
        written=tuple(map(_written, whole.writes)),
        mails=tuple(map(_mailed, views.mails(record, row))),
        history=tuple(_history(record, person, row)),
    )


def _written(write: views.Write) -> Written:
    state = _STATES.get(write.state, write.state)
    if write.state == "done" and write.reached in ("manual", "unsupported"):
        state = "left to staff"
    at = write.due_at if write.state == "waiting" else write.done_at or write.wanted_at
    return Written(_WROTE.get(write.kind, write.kind), state, at, write.detail or "")


def _mailed(write: views.Write) -> Written:
    state = _MAIL_STATES.get(write.state, write.state)
    at = write.due_at if write.state == "queued" else write.done_at
    said = "" if write.state == "done" else write.detail or ""
    return Written(_MAILED.get(write.kind, write.kind), state, at or write.wanted_at, said)


def _history(record: Record, person: Person, booking: BookingRow) -> list[Entry]:
    """What was done at the desk; with what the client said, for who may see papers."""
    found = [entry(record, act) for act in record.acts.listed(booking_id=booking.id, limit=50)]
    if person.may("papers") and not person.covered:
        found += [_of_client(one) for one in page_said(record, booking.patient_id, booking.id)]
    return sorted(found, key=lambda one: one.at, reverse=True)


def _of_client(one: PageSaid) -> Entry:
    said = " ".join((f"{TOLD[one.act]}.", *one.words))
    return Entry(one.said_at, one.signed or "The client", said, one.id, "", None, one.act)
