"""What stands in a calendar that is given out: the visits of a practitioner, or what the clinic
owes by a day. No health fact, no insurer and no whole name: whoever passes by may read it."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from ..calendars.feed import Entry, write_feed
from ..store.bookings import LIVE
from ..store.calendar_models import CalendarEntryRow, CalendarRow
from ..store.calendars import calendar_of
from ..store.changes import mark_of
from ..store.models import BookingRow
from ..store.record import Record
from ..store.task_models import TaskRow
from .installation import Installation
from .say import initials
from .tasks import TaskKind

Status = Literal["TENTATIVE", "CONFIRMED", "CANCELLED"]
#: So far back a calendar reaches; ahead it has no end.
BACK = timedelta(days=60)
#: How often a program should look again.
EVERY = timedelta(minutes=15)
#: So many feeds are kept as they were written last.
KEPT = 64
#: By the kind of work that a task begins with: what is due, without a word about whom.
WORK: Mapping[str, str] = {
    "request-authorization": "Authorization to ask for",
    "request-extension": "Extension to ask for",
    "chase-authorization": "Authorization to ask after",
    "request-referral": "Referral to ask for",
    "send-lni-form": "Form to send",
    "send-progress-report": "Report owed",
    "ask-prescriber": "Prescription to ask for",
    "review-prescription": "Prescription to look at",
    "appeal": "Answer to appeal against",
    "submit-claim": "Claim to send",
}
OF_KIND: Mapping[str, str] = {
    TaskKind.PRESCRIPTION: "Prescription to look at",
    TaskKind.LOOK_AHEAD: "To see to before the next visits",
}
_WORKED = (TaskKind.ACTION, TaskKind.AFTER_VISIT)


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar as it is given out; ``tag`` is another one for every other body."""

    body: bytes
    tag: str


@dataclass(frozen=True, slots=True)
class _Shown:
    """What is shown of a booking or a task."""

    subject: str
    start: date
    end: datetime | None
    title: str
    status: Status
    note: str = ""

    @property
    def plain(self) -> str:
        end = self.end.isoformat() if self.end is not None else ""
        said = (self.start.isoformat(), end, self.title, self.status, self.note)
        return "\0".join(said)


class Feeds:
    """The feeds of one process, kept as they were written as long as nothing has changed."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str, date], Feed] = OrderedDict()

    def of(self, token: str) -> Feed | None:
        """The calendar at an address; ``None`` where it leads nowhere."""
        installation = self._installation
        with installation.store.read() as session:
            row = calendar_of(session, installation.store.vault, token)
            mark = mark_of(session, row.clinic) if row is not None else ""
        if row is None:
            return None
        with installation.read(row.clinic) as record:
            key = (row.id, mark, record.today)
            known = self._known(key)
            if known is not None:
                return known
            shown = list(_shown(record, row))
            entries = _numbered(record, shown)
        if entries is None:
            with installation.write(row.clinic) as record:
                shown = list(_shown(record, row))
                marks = {one.subject: record.calendars.mark(one.plain) for one in shown}
                entries = _entries(shown, record.calendars.show(marks))
        body = write_feed(row.name, ZoneInfo(record.zone), entries, EVERY)
        return self._keep(key, Feed(body, hashlib.sha256(body).hexdigest()[:32]))

    def _known(self, key: tuple[str, str, date]) -> Feed | None:
        with self._lock:
            return self._kept.get(key)

    def _keep(self, key: tuple[str, str, date], feed: Feed) -> Feed:
        with self._lock:
            self._kept[key] = feed
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return feed


def _numbered(record: Record, shown: list[_Shown]) -> list[Entry] | None:
    """The entries, where each is as it was shown last; ``None`` where something is new."""
    rows = record.calendars.shown(one.subject for one in shown)
    for one in shown:
        row = rows.get(one.subject)
        if row is None or row.shown_hash != record.calendars.mark(one.plain):
            return None
    return _entries(shown, rows)


def _entries(shown: Iterable[_Shown], rows: Mapping[str, CalendarEntryRow]) -> list[Entry]:
    found = []
    for one in shown:
        row, uid = rows[one.subject], f"{one.subject}@massage-ins-bridge"
        said = (one.start, one.end, one.title, one.status, one.note)
        found.append(Entry(uid, row.sequence, row.changed_at, *said))
    return found


def _shown(record: Record, row: CalendarRow) -> Iterator[_Shown]:
    return _deadlines(record) if row.kind == "deadlines" else _visits(record, row.practitioner)


def _visits(record: Record, practitioner: str | None) -> Iterator[_Shown]:
    since = datetime.combine(record.today - BACK, time(), ZoneInfo(record.zone))
    rows = record.calendars.bookings_since(since)
    if practitioner is not None:
        details = record.bookings.details
        rows = [row for row in rows if details(row).practitioner == practitioner]
    ids = sorted({row.patient_id for row in rows})
    names = {p.id: record.clients.facts(p).get("name") for p in record.clients.on_file(ids)}
    for row in rows:
        title = initials(str(names.get(row.patient_id) or ""))
        yield _Shown(row.id, row.start_at, row.end_at, title, _status(row))


def _status(row: BookingRow) -> Status:
    """What may still be refused, or is on hold, takes its time tentatively."""
    if row.platform_status in ("cancelled", "rejected", "replaced"):
        return "CANCELLED"
    if row.platform_status in LIVE and row.outcome != "allow":
        return "TENTATIVE"
    return "CONFIRMED"


def _deadlines(record: Record) -> Iterator[_Shown]:
    for row in record.calendars.tasks_with_a_day():
        title = _work(record, row)
        if title is None or row.due is None:
            continue
        last = row.last_day
        note = f"The last day is {last:%A}, {last}. " if last is not None else ""
        note += "The list of tasks says for whom."
        yield _Shown(row.id, row.due, None, title, "CONFIRMED", note)


def _work(record: Record, row: TaskRow) -> str | None:
    """What work a task is, where it is one of the clinic's deadlines."""
    if row.kind in _WORKED:  # its text begins with the kind of work
        return WORK.get(record.tasks.message(row).partition(":")[0])
    return OF_KIND.get(row.kind)
