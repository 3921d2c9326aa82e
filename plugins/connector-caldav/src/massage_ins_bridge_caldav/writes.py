"""Changing an event's state, and nothing else of its object. Each change is bound to the entity tag
of what was read (``If-Match``): where somebody was quicker, it is read and decided again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from massage_ins_bridge.api.calendars import CalendarError, read_calendar
from massage_ins_bridge.api.connectors import (
    BookingStatus,
    PlatformBooking,
    PlatformError,
    PlatformGoneError,
    PlatformRefusedError,
    PlatformResponse,
    WriteResult,
)

from .discovery import CalendarPlace
from .lines import Event, NotAloneError, text
from .lists import LONG_AGO, Lists
from .objects import Found, Reader, Ref
from .wire import DATA, ETAG, ChangedError, Got, Wire, strong

#: The property by which the bridge knows its own writes: the state written, and the write's id.
MARK = "X-MASSAGE-INS-BRIDGE"
#: How a comment of ours is told from others.
OURS = f";{MARK}=1"
#: How often a write begins anew because somebody else was quicker.
TURNS = 4
SERIES = "The event repeats, and the bridge changes no series. Please see to this visit yourself."
NO_TAG = "The server gives its events no entity tags, so that a change could undo another's."


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of an event: from these states to ``status``, iCalendar's word.
    ``counts``: attendees are to take notice, so that SEQUENCE grows (RFC 5546, 2.1.4). ``comment``
    is for the client."""

    before: tuple[BookingStatus, ...]
    status: str
    after: BookingStatus
    counts: bool = False
    comment: str = ""


HOLD = Change(("accepted",), "TENTATIVE", "pending")
CONFIRM = Change(("pending",), "CONFIRMED", "accepted")
REOPEN = Change(("cancelled",), "CONFIRMED", "accepted", counts=True)


def refusal(before: tuple[BookingStatus, ...], reason: str) -> Change:
    """Ending a booking in one of these states."""
    return Change(before, "CANCELLED", "cancelled", counts=True, comment=reason.strip())


@dataclass(frozen=True, slots=True)
class _Read:
    """An event as it was just read."""

    booking: PlatformBooking
    event: Event
    etag: str


@dataclass(frozen=True, slots=True)
class Writer:
    """Changes events. Each method raises ``PlatformError``."""

    wire: Wire
    lists: Lists

    def change(self, ref: Ref, change: Change, idem_key: str) -> WriteResult:
        """Bring the event to the state, once."""
        known = self.lists.calendars.known()
        calendar = known.by_key(ref.calendar)
        if calendar is None:
            raise PlatformError("the calendar of this booking is not looked at any more", True)
        if ref.recurrence:
            return WriteResult("manual", SERIES)
        reader = self.lists.reader(known)
        for _ in range(TURNS):
            read = self._read(calendar, ref, reader)
            if isinstance(read, WriteResult):
                return read
            if done := self._nothing_to_do(read, change):
                return done
            if change is REOPEN:
                self._may_reopen(calendar, read, reader)
            try:
                self._put(calendar, ref, read, change, idem_key)
            except ChangedError:
                continue
            return WriteResult("tentative" if change is HOLD else "native")
        raise PlatformError("the event changes all the time; it is tried again later")

    def _read(self, calendar: CalendarPlace, ref: Ref, reader: Reader) -> _Read | WriteResult:
        url = calendar.url + ref.name
        got = self.wire.get(url)
        if got is None:
            raise PlatformGoneError("the calendar no longer has the event", True, 404)
        found = Found()
        reader.read(calendar, url, got.body, LONG_AGO, found)
        booking = next((one for one in found.bookings if one.ref == str(ref)), None)
        try:
            event = Event(got.body)
        except NotAloneError:
            return WriteResult("manual", SERIES)
        if booking is None:
            why = found.unreadable.get(str(ref), "it names no service of the settings any more")
            return WriteResult("manual", f"The event cannot be read as a booking: {why}."[:400])
        etag = got.etag or self._tag(calendar, url, got)
        return _Read(booking, event, etag) if etag else WriteResult("manual", NO_TAG)

    def _tag(self, calendar: CalendarPlace, url: str, got: Got) -> str:
        """The object's tag from where servers must give one, if it is still the same object."""
        for one in self.wire.multiget(calendar.url, [url]).responses:
            same = DATA in one.found and _bare(one.found[DATA].text.encode()) == _bare(got.body)
            if same and ETAG in one.found:
                return strong(one.text(ETAG))
        return ""

    @staticmethod
    def _nothing_to_do(read: _Read, change: Change) -> WriteResult | None:
        status = read.booking.status
        if status in change.before:
            return None
        if status == change.after:
            return WriteResult("already")
        return WriteResult("already", f"The booking is {status} in the calendar by now.")

    def _put(
        self, calendar: CalendarPlace, ref: Ref, read: _Read, change: Change, idem_key: str
    ) -> None:
        url = calendar.url + ref.name
        body = changed(read.event, change, idem_key, self.wire.server_time)
        self.wire.put(url, body, read.etag, applied=self._applied(url, change, idem_key))

    def _applied(
        self, url: str, change: Change, idem_key: str
    ) -> Callable[[], PlatformResponse | None]:
        """Whether a write whose answer was lost has arrived: the event carries its mark."""

        def applied() -> PlatformResponse | None:
            got = self.wire.get(url)
            if got is None:
                return None
            try:
                mark = Event(got.body).value(MARK)
            except NotAloneError:
                return None
            return PlatformResponse(204, {}, b"") if mark == _mark(change, idem_key) else None

        return applied

    def _may_reopen(self, calendar: CalendarPlace, read: _Read, reader: Reader) -> None:
        """Only what the bridge itself ended, and where its time is still free. Raises
        ``PlatformRefusedError``."""
        if not read.event.value(MARK).startswith("CANCELLED "):
            raise PlatformRefusedError("the event was cancelled by somebody else", True)
        booking = read.booking
        end = booking.end or booking.start
        uid = read.event.value("UID")
        for one in self.wire.query(calendar.url, booking.start, end).responses:
            if DATA in one.found and _is_taken(
                one.found[DATA].text.encode(), uid, (booking.start, end), reader
            ):
                raise PlatformRefusedError("its time is taken by now", True)


def changed(event: Event, change: Change, idem_key: str, now: datetime | None) -> bytes:
    """The object with its event's state changed; ``now`` by the server's clock."""
    event.put("STATUS", change.status)
    if change.counts:
        event.put("SEQUENCE", str(_number(event.value("SEQUENCE")) + 1))
    if now is not None:
        event.put("DTSTAMP", f"{now:%Y%m%dT%H%M%SZ}")
        event.put("LAST-MODIFIED", f"{now:%Y%m%dT%H%M%SZ}")
    event.drop("COMMENT", OURS)
    if change.comment:
        event.add("COMMENT", text(change.comment), OURS)
    event.put(MARK, _mark(change, idem_key))
    return event.body()


def _mark(change: Change, idem_key: str) -> str:
    return f"{change.status} {idem_key}"


def _number(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0


def _bare(body: bytes) -> bytes:
    """An object without its line ends, which XML does not keep."""
    return body.replace(b"\r\n", b"\n").strip()


def _is_taken(body: bytes, uid: str, span: tuple[datetime, datetime], reader: Reader) -> bool:
    """Whether something else takes place in the span; what cannot be read may."""
    if b"TRANSP:TRANSPARENT" in body.upper():
        return False
    try:
        read = read_calendar(body, zone=reader.options.zone, window=span)
    except CalendarError:
        return True
    others = [one for one in read.occurrences if one.uid != uid and one.status != "CANCELLED"]
    return bool(others or read.problems)
