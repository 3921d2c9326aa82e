"""From a stored object to the bookings in it. A ref is the calendar's key, the object's name and,
for one of a series, its original start: ``mira/a1b2.ics`` or ``mira/a1b2.ics#20261201T180000Z``."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from massage_ins_bridge.api.calendars import CalendarError, Occurrence, read_calendar
from massage_ins_bridge.api.connectors import (
    AccountConfig,
    BookingStatus,
    PlatformBooking,
    PlatformError,
)

from . import people
from .discovery import CalendarPlace, key_of
from .lines import is_series
from .options import Options

#: The ending of the UIDs that the bridge gives: busy times, which are nobody's booking.
OWN_UID = "@massage-ins-bridge"
#: How far back and ahead the visits of a series are listed. All calendars are looked at whole
#: again long before that is over.
BEFORE, AHEAD = timedelta(days=3), timedelta(days=280)
_ALL = (datetime(1971, 1, 1, tzinfo=UTC), datetime(2199, 1, 1, tzinfo=UTC))
MAX_REF = 255
_STATUS: Mapping[str | None, BookingStatus] = {
    None: "accepted",
    "CONFIRMED": "accepted",
    "TENTATIVE": "pending",
    "CANCELLED": "cancelled",
}

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Found:
    """What objects hold. ``whole``: refs of objects of which ``bookings`` has every one that there
    is; ``unreadable``: refs with why."""

    bookings: list[PlatformBooking] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    whole: list[str] = field(default_factory=list)
    unreadable: dict[str, str] = field(default_factory=dict)

    def add(self, more: Found) -> None:
        """Take in what was found elsewhere."""
        self.bookings += more.bookings
        self.gone += more.gone
        self.whole += more.whole
        self.unreadable |= more.unreadable


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the objects of one account; ``own``: addresses of those who give visits."""

    account: AccountConfig
    options: Options
    own: frozenset[str]

    def read(
        self, place: CalendarPlace, href: str, body: bytes, near: datetime, found: Found
    ) -> None:
        """Add what an object holds; of a series what lies near that moment."""
        ref = f"{place.key}/{key_of(href)}"
        if len(ref) > MAX_REF - len("#20261201T180000Z"):
            self._doubt(found, place.key, body, "its address is too long to be kept")
            return
        repeats = is_series(body)
        window = (near - BEFORE, near + AHEAD) if repeats else _ALL
        try:
            read = read_calendar(
                body,
                zone=self.options.zone,
                window=window,
                floating_is_local=self.options.floating_is_local,
            )
        except CalendarError as error:
            self._doubt(found, ref, body, str(error))
            return
        found.whole.append(ref)
        if read.problems:
            self._doubt(found, ref, body, read.problems[0].text)
        for one in read.occurrences:
            self._take(found, place, ref, one)

    def _doubt(self, found: Found, ref: str, body: bytes, why: str) -> None:
        """What cannot be read is told where it may be a booking: it names a service."""
        text = " ".join(body.decode("utf-8", "replace").casefold().split())
        names = (" ".join(name.casefold().split()) for name in self.account.services)
        if any(name in text for name in (*names, f"{people.SERVICE}:")):
            found.unreadable[ref] = why

    def _take(self, found: Found, place: CalendarPlace, ref: str, one: Occurrence) -> None:
        if one.uid.lower().endswith(OWN_UID):
            return
        said = people.labelled(one.description)
        service = people.service_of(one.summary, said, self.account.services)
        if service is None:
            return
        ref = ref if one.recurrence_id is None else f"{ref}#{one.recurrence_id}"
        made = self._booking(place, ref, one, said, service)
        if isinstance(made, PlatformBooking):
            found.bookings.append(made)
        else:
            log.warning("an event is left to staff: %s", made)
            found.unreadable[ref] = made

    def _booking(
        self,
        place: CalendarPlace,
        ref: str,
        one: Occurrence,
        said: Mapping[str, str],
        service: str,
    ) -> PlatformBooking | str:
        """The booking, or why it is none that can be judged."""
        status = _STATUS.get(one.status)
        ours = not self.account.services or service in self.account.services
        person = people.person_of(one, said, self.own)
        why = _doubt_of(one, status, named=person is not None or not ours)
        if why is not None or status is None:
            return why or "its state is not known"
        return PlatformBooking(
            ref=ref,
            status=status,
            start=one.start.astimezone(UTC),
            end=one.end.astimezone(UTC),
            service_ref=service,
            person=person if ours and person is not None else people.NOBODY,
            version=one.version,
            host_refs=(place.key,),
            own=True,
            asks_confirmation=False,
            answers=people.answers(said, self.account.form_fields) if ours else {},
            recurring=one.recurring,
        )


def _doubt_of(one: Occurrence, status: BookingStatus | None, *, named: bool) -> str | None:
    if one.doubt is not None:
        return one.doubt
    if one.all_day:
        return "it has no time of day"
    if status is None:
        return "its state is none that a calendar has"
    if not named and status != "cancelled":
        return "nobody can tell who comes: it has neither a line 'Client: …' nor one attendee"
    return None


@dataclass(frozen=True, slots=True)
class Ref:
    """A booking's name, taken apart. ``start``: about when one of a series begins."""

    calendar: str
    name: str
    recurrence: str = ""

    def __str__(self) -> str:
        return f"{self.object}#{self.recurrence}" if self.recurrence else self.object

    @property
    def object(self) -> str:
        """The ref of the whole object."""
        return f"{self.calendar}/{self.name}"

    @property
    def start(self) -> datetime | None:
        """Its original start, to the day; ``None`` for what does not repeat."""
        try:
            return datetime.strptime(self.recurrence[:8], "%Y%m%d").replace(tzinfo=UTC)
        except ValueError:
            return None


def read_ref(ref: str) -> Ref:
    """Raises ``PlatformError`` for what is no ref of ours."""
    path, _, recurrence = ref.partition("#")
    calendar, slash, name = path.partition("/")
    if not (calendar and slash and name) or "/" in name or {calendar, name} & {".", ".."}:
        raise PlatformError("this is no ref of a calendar's event", True)
    return Ref(calendar, name, recurrence)
