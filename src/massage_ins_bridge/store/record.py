"""The record: one unit of work over everything that a clinic keeps."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from sqlalchemy import text

from .acts import Acts
from .bookings import Bookings
from .calendars import Calendars
from .chart_files import ChartFiles
from .clients import Clients
from .decisions import Decisions
from .deliveries import Deliveries
from .documents import Documents
from .doubts import Doubts
from .facts import Facts
from .known_plugins import KnownPlugins
from .links import Links
from .looks import Looks
from .mail_texts import MailTexts
from .page_acts import PageActs
from .people import People
from .receipts import Receipts
from .reservations import Reservations
from .scope import Scope
from .tasks import Tasks
from .tries import Tries
from .users import Users
from .visits import Visits
from .wakeups import Wakeups
from .words import Words
from .writes import Writes

_CLINIC_LOCK = 724_113_010
_LOCK = text("SELECT pg_advisory_xact_lock(:lock, hashtext(:clinic))")
WorkKind = Literal["delivery", "wakeup", "write", "look", "first-look", "reconcile"]


@dataclass(frozen=True, slots=True)
class Work:
    """Something that a commit leaves to be done, after ``wait`` seconds. ``run`` names the run that
    does it first."""

    kind: WorkKind
    item: str
    run: str
    account: str = ""
    wait: float = 0.0


@dataclass
class Record(Scope):
    """All of a clinic's record, within one transaction.

    ``work`` is what is to be started once the transaction is committed; whoever opened the record
    sees to that. What is lost on the way is started again, because its row says that it is undone.
    """

    work: list[Work] = field(default_factory=list)

    @cached_property
    def bookings(self) -> Bookings:
        return Bookings(self)

    @cached_property
    def clients(self) -> Clients:
        return Clients(self)

    @cached_property
    def people(self) -> People:
        return People(self.clients)

    @cached_property
    def doubts(self) -> Doubts:
        return Doubts(self)

    @cached_property
    def receipts(self) -> Receipts:
        return Receipts(self)

    @cached_property
    def reservations(self) -> Reservations:
        return Reservations(self)

    @cached_property
    def calendars(self) -> Calendars:
        return Calendars(self)

    @cached_property
    def chart_files(self) -> ChartFiles:
        return ChartFiles(self)

    @cached_property
    def facts(self) -> Facts:
        return Facts(self)

    @cached_property
    def visits(self) -> Visits:
        return Visits(self)

    @cached_property
    def decisions(self) -> Decisions:
        return Decisions(self)

    @cached_property
    def tasks(self) -> Tasks:
        return Tasks(self)

    @cached_property
    def writes(self) -> Writes:
        return Writes(self)

    @cached_property
    def tries(self) -> Tries:
        return Tries(self)

    @cached_property
    def deliveries(self) -> Deliveries:
        return Deliveries(self)

    @cached_property
    def looks(self) -> Looks:
        return Looks(self)

    @cached_property
    def words(self) -> Words:
        return Words(self)

    @cached_property
    def users(self) -> Users:
        return Users(self)

    @cached_property
    def acts(self) -> Acts:
        return Acts(self)

    @cached_property
    def known_plugins(self) -> KnownPlugins:
        return KnownPlugins(self)

    @cached_property
    def links(self) -> Links:
        return Links(self)

    @cached_property
    def documents(self) -> Documents:
        return Documents(self)

    @cached_property
    def page_acts(self) -> PageActs:
        return PageActs(self)

    @cached_property
    def mail_texts(self) -> MailTexts:
        return MailTexts(self)

    @cached_property
    def wakeups(self) -> Wakeups:
        return Wakeups(self)

    def wake(self, patient_id: str, cause: str) -> None:
        """Have the client's standing bookings decided again, once this is committed."""
        wakeup = self.wakeups.add(patient_id, cause)
        self.work.append(Work("wakeup", wakeup, wakeup))

    def lock(self) -> None:
        """Keep two deliveries from making one new client, or one new booking, twice. SQLite's
        writing transactions are serial already."""
        if not self.alone:
            self.session.execute(_LOCK, {"lock": _CLINIC_LOCK, "clinic": self.clinic})
