"""A client's file: all that bears on their bookings, loaded once and kept current while deciding.

The chart of a client of this clinic *is* the clinic's record, so its lists are known: a list
without an entry says "none", never "unknown". Only what stands inside a fact can be unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from ..domain.clinic import Clinic
from ..domain.declared import Vocabulary
from ..domain.facts import (
    Booking,
    Chart,
    Patient,
    Upcoming,
    Visit,
)
from ..domain.read_declared import stored_extra, with_declared
from ..domain.reading import read
from ..store.bookings import Details
from ..store.models import BookingRow, DecisionRow, PatientRow, VisitRow, WordRow, WriteRow
from ..store.record import Record
from ..store.standing import stands
from ..store.task_models import TaskRow
from ..store.visits import STAFF
from .reserved import Reserved, opened, upcoming_of

#: How many bookings one query names: a database takes some ten thousand values, and no more.
MOST_NAMED = 5_000


def as_booked(
    details: Details, start: datetime, end: datetime | None, words: Vocabulary
) -> Booking:
    """A booking as the rules see it."""
    return Booking(
        start=start,
        end=end,
        service=details.service,
        self_pay=details.self_pay,
        payer=details.payer,
        practitioner=details.practitioner,
        place=details.place,
        prescription=details.prescription,
        episode=details.episode,
        injury=details.injury,
        extra=stored_extra(details.extra, "booking", words),
    )


class Held:
    """One booking of the file, with what is kept about it."""

    __slots__ = ("_details", "_record", "_upcoming", "last", "row", "tasks", "words", "writes")

    def __init__(
        self,
        record: Record,
        row: BookingRow,
        last: DecisionRow | None,
        writes: list[WriteRow],
        tasks: list[TaskRow],
        words: list[WordRow],
    ) -> None:
        self._record = record
        self._details: Details | None = None
        self._upcoming: Upcoming | None = None
        self.row, self.last, self.writes, self.tasks = row, last, writes, tasks
        self.words = words

    @property
    def details(self) -> Details:
        """Unsealed at the first look."""
        if self._details is None:
            self._details = self._record.bookings.details(self.row)
        return self._details

    def put_details(self, details: Details) -> None:
        if details != self.details:
            self._details, self._upcoming = details, None
            self._record.bookings.put_details(self.row, details)

    def stands(self, at: datetime) -> bool:
        """Whether it takes a place at that time."""
        return stands(self.row, self.writes, at)

    @property
    def booking(self) -> Booking:
        """The booking as the rules see it."""
        row = self.row
        return as_booked(self.details, row.start_at, row.end_at, self._record.vocabulary)

    @property
    def upcoming(self) -> Upcoming:
        """The booking as the others see it."""
        if self._upcoming is None:
            row, words = self.row, self._record.vocabulary
            self._upcoming = upcoming_of(row.start_at, row.end_at, self.details, words)
        return self._upcoming


@dataclass(frozen=True, slots=True)
class FiledVisit:
    """A visit as the rules see it, with the row that keeps it."""

    row: VisitRow
    visit: Visit


@dataclass(frozen=True, slots=True)
class ClientFile:
    """``bookings`` by start, then by arrival; ``facts`` by kind; ``visits`` in the order in which
    they were filed; ``tasks`` those whose matter nobody else may raise (``Tasks.of_client``);
    ``reserved``: visits that are reserved now, the first one first."""

    patient_id: str
    patient: Patient
    facts: dict[str, tuple[Any, ...]]
    visits: tuple[FiledVisit, ...]
    bookings: tuple[Held, ...]
    tasks: list[TaskRow]
    reserved: tuple[Reserved, ...] = ()

    @property
    def unreserved(self) -> ClientFile:
        """The same as if no visit were reserved."""
        return replace(self, reserved=())

    def held(self, booking_id: str) -> Held:
        return next(b for b in self.bookings if b.row.id == booking_id)

    def chart(
        self, record: Record, clinic: Clinic, held: Held, as_of: datetime | None = None
    ) -> Chart:
        """The chart of one booking: the client's facts, completed visits and standing bookings.
        ``as_of``: how it is at another time than now, by what is known now.

        A standing booking counts as before this one where it starts earlier, or at the same time
        and arrived earlier; of two that race for the last visit, so, exactly one comes second. A
        later start is shown too (it may be another therapy the same day); only a later arrival at
        the very same start is not. A visit that is reserved counts alike.
        """
        row = held.row
        visits = (f.visit for f in self.visits if f.row.booking_id != row.id)
        moment = as_of or record.now
        own, start, arrival = row.id, row.start_at, row.arrival
        others = [
            other.upcoming
            for other in self._booked(moment)
            if (its := other.row).id != own and (its.start_at != start or its.arrival <= arrival)
        ]
        others += [r.upcoming for r in self.reserved if r.before(row)]
        chart = self._laid_out(record, clinic, held.booking, visits, others)
        return replace(chart, as_of=moment)

    def chart_of_visit(self, record: Record, clinic: Clinic, filed: FiledVisit) -> Chart:
        """The chart of a visit that no booking was, as it was before it: it began at noon."""
        assert filed.visit.on is not None, "the caller knows its day"
        noon = datetime.combine(filed.visit.on, time(12), ZoneInfo(record.zone))
        visit = filed.visit
        booking = Booking(
            start=noon,
            payer=visit.payer,
            prescription=visit.prescription,
            episode=visit.episode,
        )
        visits = (f.visit for f in self.visits if f.row.id != filed.row.id)
        others = (other.upcoming for other in self._booked(record.now))
        return self._laid_out(record, clinic, booking, visits, others)

    def chart_of_none(
        self, record: Record, clinic: Clinic, booking: Booking, before: Iterable[Upcoming] = ()
    ) -> Chart:
        """The chart of a booking that nobody has made, after all that there are and ``before``."""
        words = record.vocabulary
        booked = (other.upcoming for other in self._booked(record.now))
        others = (*booked, *(with_declared(one, "booking", words) for one in before))
        visits = (f.visit for f in self.visits)
        return self._laid_out(record, clinic, booking, visits, others)

    def _booked(self, at: datetime) -> list[Held]:
        """The bookings that stand at that time and are not among the visits."""
        seen_as_visit = {f.row.booking_id for f in self.visits}
        return [b for b in self.bookings if b.row.id not in seen_as_visit and b.stands(at)]

    def _laid_out(
        self,
        record: Record,
        clinic: Clinic,
        booking: Booking,
        visits: Iterable[Visit],
        upcoming: Iterable[Upcoming],
    ) -> Chart:
        words = record.vocabulary
        return Chart(
            booking=with_declared(booking, "booking", words),
            as_of=record.now,
            clinic=clinic,
            patient=self.patient,
            coverages=self.facts["coverage"],
            prescriptions=self.facts["prescription"],
            authorizations=self.facts["authorization"],
            visits=tuple(visits),
            upcoming=tuple(upcoming),
            progress_reports=self.facts["progress-report"],
        )


def load_client(record: Record, patient_id: str, *, lock: bool = False) -> ClientFile | None:
    """The file of a client; ``None`` where there is none. ``lock`` keeps every other decision on
    this client waiting until the commit."""
    patient = record.clients.get(patient_id, lock=lock)
    return _Loaded(record, [patient]).file(patient) if patient is not None else None


def load_clients(record: Record, patient_ids: Sequence[str]) -> Iterator[ClientFile]:
    """The files of several clients, one after the other, by no more queries than one takes. All
    their rows are kept meanwhile: it is for some hundred at a time."""
    patients = record.clients.on_file(patient_ids)
    loaded = _Loaded(record, patients)
    return map(loaded.file, patients)


class _Loaded:
    """The rows of some clients, read and not yet opened."""

    def __init__(self, record: Record, patients: Sequence[PatientRow]) -> None:
        ids = [patient.id for patient in patients]
        self._record = record
        self._bookings = record.bookings.of_clients(ids)
        self._visits = record.visits.of_clients(ids)
        self._facts = record.facts.of_clients(ids)
        self._tasks = record.tasks.of_clients(ids)
        self._reserved = record.reservations.live_of_clients(ids)
        self._last: dict[str, DecisionRow] = {}
        self._writes: dict[str, list[WriteRow]] = {}
        self._words: dict[str, list[WordRow]] = {}
        booked = [row.id for rows in self._bookings.values() for row in rows]
        for first in range(0, len(booked), MOST_NAMED):
            some = booked[first : first + MOST_NAMED]
            self._last |= record.decisions.last_of(some)
            self._writes |= record.writes.of_bookings(some)
            self._words |= record.words.of_bookings(some)

    def file(self, patient: PatientRow) -> ClientFile:
        record, rows, tasks = self._record, self._bookings[patient.id], self._tasks[patient.id]
        about: dict[str | None, list[TaskRow]] = {}
        for task in tasks:
            about.setdefault(task.booking_id, []).append(task)
        known = read(Patient, record.clients.facts(patient))
        bookings = {
            row.id: Held(
                record,
                row,
                self._last.get(row.id),
                self._writes.setdefault(row.id, []),
                about.setdefault(row.id, []),
                self._words.get(row.id, []),
            )
            for row in rows
        }
        visits = record.visits.arrange(self._visits[patient.id], rows)
        return ClientFile(
            patient.id,
            replace(known, identity="doubtful") if patient.doubtful else known,
            record.facts.opened(self._facts[patient.id]),
            tuple(_filed(v, _visit(record, v), bookings.get(v.booking_id or "")) for v in visits),
            tuple(bookings.values()),
            tasks,
            opened(record, self._reserved[patient.id]),
        )


def _visit(record: Record, row: VisitRow) -> Visit:
    visit: Visit = read(Visit, record.visits.data(row), words=record.vocabulary.for_stored)
    return visit


def _filed(row: VisitRow, visit: Visit, booked: Held | None) -> FiledVisit:
    """A visit as staff wrote it down, with what they said of its booking where they wrote none."""
    if booked is None or row.filed_by != STAFF:
        return FiledVisit(row, visit)
    said = booked.details
    prescription = visit.prescription or said.prescription
    episode = visit.episode or said.episode
    return FiledVisit(row, replace(visit, prescription=prescription, episode=episode))
