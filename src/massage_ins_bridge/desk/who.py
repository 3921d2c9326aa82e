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
from ..store.doubts import CLEARED
from ..store.merging import move_bookings
from ..store.models import BookingRow, PatientRow
from ..store.people import Given
from ..store.record import Record
from ..store.references import keep_own
from .accounts import Account
from .odd_characters import without_odd_characters
from .tasks import TaskKind, ask

#: What woke a client stands in plain text beside them: it says no more than this.
CAUSE = "client-settled"
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
    keep_own(record, [row])
    if former is None:
        learn(record, row, details)
    if not record.bookings.of_client(client.id):
        record.doubts.settle(record.doubts.of(client.id), "other")
        record.tasks.close((TaskKind.WHO_IS_IT, client.id))


def in_doubt_with(record: Record, patient_id: str) -> set[str]:
    """The clients whose doubt may be another one once this client's data is corrected: those who
    may be this one, and this one. Of what staff has settled nothing is asked again."""
    doubts = (*record.doubts.naming(patient_id), *record.doubts.of(patient_id))
    return {doubt.patient_id for doubt in doubts if doubt.verdict in (None, CLEARED)}


def match_again(record: Record, patient_ids: Iterable[str]) -> None:
    """Data of these clients, or of whom they may be, was corrected. Where that leaves no doubt who
    they are, it is over. It makes nobody one with somebody else: only a person says that."""
    for row in record.clients.several(patient_ids):
        doubts, was = record.doubts, row.doubtful
        found: set[str | None] = set()
        for given in _as_known(record, row):
            match record.people.whose(given, but=row.id):
                case Surely(one):
                    found.add(one)
                case InDoubt(ids):
                    found |= set(ids or (None,))
        apart = {d.patient_id for d in doubts.naming(row.id) if d.verdict == "other"}
        doubts.bring(row.id, found - apart)
        if row.doubtful != was:
            record.wake(row.id, CAUSE)
        if not row.doubtful:
            record.tasks.close((TaskKind.WHO_IS_IT, row.id))


def _as_known(record: Record, row: PatientRow) -> list[Given]:
    """The client as they are on file and as they gave themselves otherwise, with the ids by which
    each of their bookings says that it is them."""
    contact, patient = record.clients.contact(row), record.clients.known(row).patient
    forms = [(patient.name, contact.email, contact.phone)]
    forms += [(a.name or patient.name, a.email, a.phone) for a in record.clients.aliases(row)]
    booked = map(record.bookings.details, record.bookings.of_client(row.id))
    ids = {(given.ref, given.member_id) for given in map(Given.of, booked)} or {(None, None)}
    return [
        Given(*form, ref=ref, birth_date=patient.birth_date, member_id=member)
        for form in forms
        for ref, member in ids
    ]


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
