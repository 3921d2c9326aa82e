"""From what is in the feed to the clinic's bookings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

from massage_ins_bridge.api.calendars import CalendarRead, Occurrence
from massage_ins_bridge.api.connectors import (
    AccountConfig,
    BookingStatus,
    PlatformBooking,
    PlatformPerson,
    Shown,
)

from .options import Options
from .titles import Said, told

#: Whose appointments a feed shows: it tells no more than that they are in it.
CALENDAR = "calendar"
MOST_UID = 200
_STATES: Mapping[str | None, BookingStatus] = {
    None: "accepted",
    "CONFIRMED": "accepted",
    "TENTATIVE": "pending",
    "CANCELLED": "cancelled",
}


def name_of(uid: str) -> str:
    """How an event is called: by its UID, or by a hash of one that cannot be kept."""
    if 0 < len(uid) <= MOST_UID and uid.isprintable() and "#" not in uid:
        return uid
    return f"uid-{blake2b(uid.encode('utf-8', 'replace'), digest_size=16).hexdigest()}"


def ref_of(one: Occurrence) -> str:
    """The booking's name: its event's, and which of a series it is."""
    name = name_of(one.uid)
    return name if one.recurrence_id is None else f"{name}#{one.recurrence_id}"


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the appointments of one account."""

    account: AccountConfig
    options: Options

    def is_appointment(self, one: Occurrence) -> bool:
        """Whether it can be one: days without a time are none, nor what the clinic leaves out."""
        return not (one.all_day or self.options.titles.is_none(one.summary))

    def said(self, one: Occurrence) -> Said:
        """What the title says; the service as the settings spell it."""
        said = self.options.titles.read(one.summary)
        same = (name for name in self.account.services if _key(name) == _key(said.service))
        return Said(next(same, said.service), said.client)

    def read(self, one: Occurrence) -> PlatformBooking | str:
        """The booking, or why staff must look at it."""
        status = _STATES.get(one.status)
        if one.doubt is not None or status is None:
            why = one.doubt or "its state is none that a calendar has"
            return f"{why} ({one.start:%a %d %b %Y, %H:%M}, as far as that can be told)"
        if self.options.titles.is_ended(one.summary):
            status = "cancelled"
        said = self.said(one)
        return PlatformBooking(
            ref=ref_of(one),
            status=status,
            start=one.start,
            end=one.end if one.end > one.start else None,
            service_ref=said.service,
            person=_person(one, said),
            version=one.version,
            host_refs=(CALENDAR,),
            asks_confirmation=False,
            recurring=False,  # the ref is that of one occurrence
        )

    def shown(self, read: CalendarRead, refs: frozenset[str], last: datetime) -> Reach:
        """What the feed shows; ``last``: when its last single appointment begins."""
        nameless = any(problem.uid is None for problem in read.problems)
        unsure = {name_of(problem.uid or "") for problem in read.problems}
        return Reach(
            refs, None if nameless else last, tuple(sorted(unsure)), self.options.days_ahead
        )


@dataclass(frozen=True, slots=True)
class Reach:
    """What a feed shows, and until when: to its last single appointment (``last``; ``None`` where
    nothing follows from what it lacks), or as many days ahead as the clinic says."""

    refs: frozenset[str]
    last: datetime | None
    unsure: tuple[str, ...]
    days_ahead: int | None

    def at(self, now: datetime) -> Shown | None:
        """From now on; ``None`` where it shows no appointment to come."""
        if self.last is None or self.last <= now:
            return None
        days = self.days_ahead
        last = self.last if days is None else now + timedelta(days=max(days - 1, 0))
        return Shown(self.refs, now, last, self.unsure)


def _person(one: Occurrence, said: Said) -> PlatformPerson:
    """The client: as the title names them, with the address of the one guest of that name; or the
    one guest. Where there are several, nobody is surely it."""
    host = one.organizer.email.lower() if one.organizer and one.organizer.email else None
    guests = [p for p in one.attendees if not (p.email and p.email.lower() == host)]
    ref = name_of(one.uid) if one.recurring else None  # whoever a series is of, it is one
    if len(guests) != 1:
        return PlatformPerson(ref, said.client)
    name, email = told(guests[0].name), guests[0].email
    if said.client is None:
        return PlatformPerson(ref, name, email)
    same = name is not None and _key(name) == _key(said.client)
    return PlatformPerson(ref, said.client, email if same else None)


def _key(text: str) -> str:
    return " ".join(text.casefold().split())
