"""The part of a migration that needs the keys: what is sealed cannot be worked out in SQL.

A migration leaves what it could not do as rows that say so themselves, so that a start that is cut
short is made up for by the next one.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..domain.facts import Visit
from ..domain.reading import read
from ..identity.matching import InDoubt, NobodyOnFile
from .bookings import Bookings, Details
from .clients import FORM, Clients
from .database import Store
from .doubts import Doubts
from .facts import Facts, claim_numbers
from .models import BookingRow, PatientRow, VisitRow
from .people import Given, People
from .scope import Scope
from .task_models import TaskRow
from .tasks import Tasks
from .visits import STAFF, Visits

BITE = 500
#: Tasks that ask who a client is: until the ninth revision each was about one booking.
_WHO_IS_IT = "who-is-it"
#: Topics of tasks were plain text until the third revision; a keyed hash has no colon.
_PLAIN_TOPIC = "%:%"


def fill_in(store: Store, zone: str) -> None:
    """Complete the rows that the newest migration made, a bite in each transaction."""
    for part in (_date_visits, _seal_visits, _hash_topics, _index_clients, _keep_doubts):
        while True:
            with store.write() as session:
                if not part(session, store, zone):
                    break


def _scope(session: Session, store: Store, zone: str, clinic: str) -> Scope:
    return Scope(session, store.vault, clinic, datetime.now(UTC), zone)


def _seal_visits(session: Session, store: Store, zone: str) -> int:
    """Visits of bookings that were completed say what the booking says."""
    rows = session.scalars(select(VisitRow).where(VisitRow.data_sealed.is_(None)).limit(BITE)).all()
    for row in rows:
        scope = _scope(session, store, zone, row.clinic)
        visits = Visits(scope)
        booking = session.get_one(BookingRow, row.booking_id)
        recorded = _recorded(visits, row, scope.day(booking.start_at))
        if recorded is not None:  # staff wrote this very visit down
            row.booking_id, row.removed_at = None, row.updated_at
            session.flush()
            recorded.booking_id = booking.id
        details: Details = Bookings(scope).details(booking)
        visits.fill(row, visits.of_booking(booking, details))
    return len(rows)


def _recorded(visits: Visits, row: VisitRow, day: object) -> VisitRow | None:
    """A visit of the day that staff wrote down and that stands for no booking yet."""
    for other in visits.list(row.patient_id):
        if other.filed_by == STAFF and other.booking_id is None:
            data = visits.data(other)
            visit: Visit = read(Visit, data)
            if visit.on == day and visit.provider in (None, "this-clinic"):
                return other
    return None


def _date_visits(session: Session, store: Store, zone: str) -> int:
    """Visits that were facts get the day that stands in them; ``filed_by`` marks those to do."""
    rows = session.scalars(select(VisitRow).where(VisitRow.filed_by == "").limit(BITE)).all()
    for row in rows:
        visits = Visits(_scope(session, store, zone, row.clinic))
        visit: Visit = read(Visit, visits.data(row))
        row.day, row.filed_by = visit.on, STAFF
    session.flush()
    return len(rows)


def _hash_topics(session: Session, store: Store, _zone: str) -> int:
    """What a task is about stands as a keyed hash."""
    rows = session.scalars(
        select(TaskRow).where(TaskRow.topic.like(_PLAIN_TOPIC)).limit(BITE)
    ).all()
    for row in rows:
        place = f"tasks.topic:{row.clinic}"
        row.topic = row.id if row.done_at else store.vault.fingerprint(row.topic, place)
        row.matter = None if row.done_at else row.topic
    session.flush()
    return len(rows)


def _index_clients(session: Session, store: Store, zone: str) -> int:
    """Clients are found by keys of the newest form."""
    rows = session.scalars(select(PatientRow).where(PatientRow.found_by < FORM).limit(BITE)).all()
    for row in rows:
        scope = _scope(session, store, zone, row.clinic)
        clients, facts = Clients(scope), Facts(scope)
        clients.index(row)
        if row.merged_into is None:
            known = [facts.data(fact) for fact in facts.list(row.id, "coverage")]
            clients.identities.put_claims(row.id, claim_numbers(known))
    session.flush()
    return len(rows)


def _keep_doubts(session: Session, store: Store, zone: str) -> int:
    """An open question who somebody is becomes one about the client, and their doubt: as far as the
    booking in question made them a client. Others stay questions to staff."""
    asked = select(TaskRow).where(
        TaskRow.kind == _WHO_IS_IT, TaskRow.done_at.is_(None), TaskRow.booking_id.is_not(None)
    )
    rows = session.scalars(asked.limit(BITE)).all()
    for row in rows:
        scope = _scope(session, store, zone, row.clinic)
        booking = session.get_one(BookingRow, row.booking_id)
        row.booking_id, row.patient_id = None, booking.patient_id
        client = session.get_one(PatientRow, booking.patient_id)
        if client.created_at == booking.created_at:
            _open_doubt(scope, client)
        key = Tasks(scope).key(_WHO_IS_IT, client.id)
        if session.scalar(select(TaskRow.id).where(TaskRow.topic == key)):
            Tasks(scope).done(row)
        else:
            row.topic = row.matter = key
        session.flush()
    return len(rows)


def _open_doubt(scope: Scope, client: PatientRow) -> None:
    clients = Clients(scope)
    contact, name = clients.contact(client), clients.facts(client).get("name")
    found = People(clients).whose(Given(name, contact.email, contact.phone), but=client.id)
    if isinstance(found, NobodyOnFile):
        return
    Doubts(scope).open(client.id, found.ids if isinstance(found, InDoubt) else [found.id])
