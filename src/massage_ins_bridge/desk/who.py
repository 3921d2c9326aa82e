"""Whose booking it is, and what is asked of staff where that is in doubt.

A booking in doubt is filed under a client of its own: nobody is judged, or let through, on the
papers of somebody else. It is held until staff says who they are.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..api.connectors import PlatformBooking
from ..identity.addresses import made_up
from ..identity.matching import InDoubt, Surely
from ..store.bookings import LIVE, Details
from ..store.clients import Contact
from ..store.merging import move_bookings
from ..store.models import BookingRow, PatientRow
from ..store.people import Given
from ..store.record import Record
from .accounts import Account
from .odd_characters import without_odd_characters
from .tasks import TaskKind, ask

#: More than that of a name or address is no name or address.
_MOST = 4000
#: How many clients on file a task names.
_NAMED = 3


def person_of(account: Account, booking: PlatformBooking) -> dict[str, str]:
    """Who booked, in the platform's words. An address that the platform made up is left out."""
    person = booking.person
    email = None if made_up(person.email, account.connector.made_up_emails) else person.email
    words = {"name": person.name, "email": email, "phone": person.phone}
    said = {k: without_odd_characters(v).strip()[:_MOST] for k, v in words.items() if v}
    if person.ref:
        said["ref"] = f"{account.name}:{person.ref}"
    return {k: v for k, v in said.items() if v}


def client_of(record: Record, details: Details) -> str:
    """The client whose booking it is. Who is not surely on file becomes one, in doubt or not."""
    given = Given.of(details)
    found = record.people.whose(given)
    if isinstance(found, Surely):
        return found.id
    row = new_client(record, given)
    if isinstance(found, InDoubt):
        record.doubts.open(row.id, found.ids)
    return row.id


def new_client(record: Record, given: Given) -> PatientRow:
    """A client of whom nothing is known but who they say they are."""
    facts = {"name": given.name} if given.name else {}
    if given.birth_date is not None and given.birth_date <= record.today:
        facts["birth_date"] = given.birth_date.isoformat()
    return record.clients.create(facts, Contact(given.email, given.phone))


def learn(record: Record, row: BookingRow, details: Details, *, settled: bool = False) -> None:
    """Have the client known by what they gave in a booking that is theirs."""
    client = record.session.get_one(PatientRow, row.patient_id)
    given = Given.of(details)
    record.clients.learn(client, given.alias(row.id, settled=settled))
    if given.ref:
        record.clients.identities.add(client.id, "person", given.ref)


def look_again(record: Record, row: BookingRow, former: BookingRow | None) -> None:
    """Whose booking it is, where the platform tells more than it did: who booked at all, or from
    which booking it was moved (``former``)."""
    client = record.session.get_one(PatientRow, row.patient_id)
    if not client.doubtful:
        return
    details = record.bookings.details(row)
    if former is not None and former.patient_id != client.id:
        owner = former.patient_id
    elif details.person and not record.people.said_anything(client):
        owner = client_of(record, details)
    else:
        return
    record.clients.get(owner, lock=True)
    move_bookings(record, [row], owner)
    if former is None:
        learn(record, row, details)
    if not record.bookings.of_client(client.id):
        record.doubts.settle(record.doubts.of(client.id), "other")
        record.tasks.close((TaskKind.WHO_IS_IT, client.id))


def ask_who_it_is(record: Record, patient_id: str, rows: Iterable[BookingRow]) -> None:
    """The one task about a client in doubt, as long as a booking of theirs is waiting for it."""
    client = record.session.get_one(PatientRow, patient_id)
    waits = any(row.platform_status in LIVE and row.start_at > record.now for row in rows)
    if not (client.doubtful and waits):
        record.tasks.close((TaskKind.WHO_IS_IT, patient_id))
        return
    doubt = _question(record, client)
    ask(record, TaskKind.WHO_IS_IT, patient_id, patient_id=patient_id, doubt=doubt)


def _question(record: Record, client: PatientRow) -> str:
    who = str(record.clients.facts(client).get("name") or "Somebody without a name")
    open_ = [d.candidate_id for d in record.doubts.of(client.id) if d.settled_at is None]
    names = [
        str(record.clients.facts(row).get("name") or "a client without a name")
        for row in record.clients.several(c for c in open_ if c)
    ]
    if not names:
        return f"{who} booked, and did not say enough to be known. {_SAY_WHO}"
    more = f" or {len(names) - _NAMED} others" if len(names) > _NAMED else ""
    listed = " or ".join(names[:_NAMED]) + more
    return f"{who} booked and may be {listed}, who is on file. {_SAY_WHETHER}"


_SAY_WHETHER = (
    "Compare the two, and say whether they are one person. Their bookings are on hold until then, "
    "and are not refused for this."
)
_SAY_WHO = (
    "Find out who it is, and say so. Their bookings are on hold until then, and are not refused "
    "for this."
)
