"""Busy times: entries that keep a practitioner from being booked twice. They hold no word about
anybody, and are known by their UID and by a property: nothing else is ever changed or taken out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from massage_ins_bridge.api.connectors import CalendarEntry, PlatformError

from .calendars import Calendars
from .discovery import CalendarPlace, key_of
from .lines import Event, NotAloneError, text
from .objects import OWN_UID
from .options import Options
from .wire import ChangedError, Got, Wire
from .writes import MARK, TURNS

BUSY = "BUSY"


@dataclass(frozen=True, slots=True)
class Blocks:
    """Keeps entries in the calendar that the settings name. Each method raises
    ``PlatformError``."""

    wire: Wire
    calendars: Calendars
    options: Options

    def put(self, entry: CalendarEntry) -> str:
        """Make or change an entry; its version afterwards."""
        url = _url(self._calendar(entry.host_ref), entry.uid)
        for _ in range(TURNS):
            got = self.wire.get(url)
            if got is not None and _says(_own(got), entry):
                return _version(entry)
            body = write_entry(entry, self.wire.server_time or entry.start)
            try:
                self.wire.put(url, body, got.etag if got is not None else None)
            except ChangedError:
                continue
            return _version(entry)
        raise PlatformError("the entry changes all the time; it is tried again later")

    def remove(self, uid: str) -> None:
        """Take an entry out, in whichever calendar it is."""
        for calendar in self._candidates():
            self._remove(_url(calendar, uid))

    def _remove(self, url: str) -> None:
        for _ in range(TURNS):
            got = self.wire.get(url)
            if got is None:
                return
            _own(got)
            try:
                self.wire.delete(url, got.etag)
            except ChangedError:
                continue
            return
        raise PlatformError("the entry changes all the time; it is tried again later")

    def _calendar(self, host_ref: str | None) -> CalendarPlace:
        """The one that the settings name for busy times, else the host's own."""
        found = self._candidates()
        if len(found) == 1:
            return found[0]
        for one in found:
            if host_ref is not None and one.key == key_of(host_ref):
                return one
        raise PlatformError("name the calendar for busy times under options.busy_calendar", True)

    def _candidates(self) -> tuple[CalendarPlace, ...]:
        known = self.calendars.known()
        name = self.options.busy_calendar
        if name is None:
            return known.watched
        found = tuple(one for one in known.all if one.key == key_of(name))
        if not found:
            raise PlatformError(f"options.busy_calendar: there is no calendar {name}", True)
        return found


def _url(calendar: CalendarPlace, uid: str) -> str:
    if not uid.lower().endswith(OWN_UID):
        raise PlatformError(f"a busy time's UID must end with {OWN_UID}", True)
    return f"{calendar.url}{quote(uid, safe='@')}.ics"


def write_entry(entry: CalendarEntry, now: datetime) -> bytes:
    """The entry as a stored object."""
    transparency = "TRANSPARENT" if entry.status == "CANCELLED" else "OPAQUE"
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//massage-ins-bridge//caldav//EN",
        "BEGIN:VEVENT",
        f"UID:{text(entry.uid)}",
        f"DTSTAMP:{_utc(now)}",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    event = Event("".join(f"{line}\r\n" for line in lines).encode())
    for name, value in _said(entry).items():
        event.put(name, value)
    event.put("TRANSP", transparency)
    event.put(MARK, BUSY)
    return event.body()


def _said(entry: CalendarEntry) -> dict[str, str]:
    return {
        "DTSTART": _utc(entry.start),
        "DTEND": _utc(entry.end),
        "SUMMARY": text(entry.title),
        "STATUS": entry.status,
        "SEQUENCE": str(entry.sequence),
    }


def _says(event: Event, entry: CalendarEntry) -> bool:
    return all(event.value(name) == value for name, value in _said(entry).items())


def _own(got: Got) -> Event:
    """The entry, if it is one of ours. Raises ``PlatformError``."""
    try:
        event = Event(got.body)
    except NotAloneError:
        event = None
    if event is None or event.value(MARK) != BUSY:
        raise PlatformError("what stands at a busy time's address is not the bridge's", True)
    if not got.etag:
        raise PlatformError("the server gives its events no entity tags", True)
    return event


def _version(entry: CalendarEntry) -> str:
    """What it says, and not the server's tag: some servers keep a new tag to themselves."""
    said = "\0".join(_said(entry).values())
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
