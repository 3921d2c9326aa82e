"""Looks at the calendars of an account: at what changed, and at everything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from massage_ins_bridge.api.connectors import Gone, Page, PlatformBooking, PlatformError

from .calendars import Calendars, Known
from .cursor import Cursor, Listing, LongCursors
from .discovery import CalendarPlace, key_of
from .lines import is_series
from .objects import Found, Reader, Ref
from .sync import Changed, Sync
from .wire import DATA, StaleTokenError, TooManyError, Wire

#: How far back the first look for changes goes.
FIRST_LOOK = timedelta(days=2)
#: After how long everything is looked at again: some servers forget to tell of a deletion, and the
#: visits of a series come into view.
WHOLE_AGAIN = timedelta(days=28)
STANDING = ("pending", "accepted")
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Lists:
    """Reads bookings of the account's calendars. Each method raises ``PlatformError``."""

    wire: Wire
    calendars: Calendars
    sync: Sync
    reader: Callable[[Known], Reader]
    cursors: LongCursors = field(default_factory=LongCursors)

    def fetch(self, ref: Ref) -> PlatformBooking | Gone:
        """One booking. It is gone where the server says so of its object, or where its object is
        there without this visit."""
        known = self.calendars.known()
        calendar = known.by_key(ref.calendar)
        if calendar is None:
            raise PlatformError("the calendar of this booking is not looked at any more", True)
        changed = self.sync.objects(calendar, [calendar.url + ref.name])
        if not changed.objects and not changed.unread:
            return Gone(str(ref))
        found = self._read(known, calendar, changed, ref.start or LONG_AGO)
        booking = next((one for one in found.bookings if one.ref == str(ref)), None)
        if booking is not None:
            return booking
        if why := found.unreadable.get(str(ref)) or found.unreadable.get(ref.object):
            raise PlatformError(f"the event cannot be read as a booking: {why}", True)
        [body] = changed.objects.values()
        if ref.start is not None or is_series(body):
            return Gone(str(ref))
        raise PlatformError("the event names no service of the settings any more", True)

    def changes(self, cursor: str | None, now: datetime) -> Page:
        """What changed since the cursor; everything, page by page, where that is not known."""
        known = self.calendars.known()
        at = self.cursors.read(cursor)
        if at is None or at.since is None or at.places.keys() != {c.key for c in known.watched}:
            return self._begin(known, now)
        if at.listing is not None:
            return self._changes_listed(known, at, at.listing, now)
        if now - at.since > WHOLE_AGAIN:
            return self._begin(known, now)
        try:
            return self._changed(known, at, now)
        except StaleTokenError:
            return self._begin(known, now)

    def upcoming(self, cursor: str | None, now: datetime) -> Page:
        """What stands and begins after now, page by page."""
        known = self.calendars.known()
        at = self.cursors.read(cursor)
        if at is None or at.since is None or at.listing is None:
            at = Cursor(since=now)
        since, listing = at.since or now, at.listing or Listing.begin(now)
        found, rest = self._span(known, listing, since)
        items = tuple(one for one in found.bookings if one.status in STANDING)
        further = self.cursors.write(Cursor({}, since, rest)) if rest is not None else None
        return Page(
            items,
            cursor=further,
            more=rest is not None,
            unreadable=_refs(found),
            reasons=found.unreadable,
        )

    def _begin(self, known: Known, now: datetime) -> Page:
        """Where each calendar is, and then all that is in it: so nothing falls in between."""
        places = {calendar.key: self.sync.place(calendar) for calendar in known.watched}
        listing = Listing.begin(now - FIRST_LOOK)
        return self._changes_listed(known, Cursor(places, now, listing), listing, now)

    def _changes_listed(self, known: Known, at: Cursor, listing: Listing, now: datetime) -> Page:
        since = at.since or now
        found, rest = self._span(known, listing, since - FIRST_LOOK)
        return Page(
            tuple(found.bookings),
            cursor=self.cursors.write(replace(at, listing=rest)),
            more=rest is not None,
            unreadable=_refs(found),
            reasons=found.unreadable,
            whole_since=since if rest is None else None,
        )

    def _changed(self, known: Known, at: Cursor, now: datetime) -> Page:
        found, places, more = Found(), dict(at.places), False
        for calendar in known.watched:
            changed = self.sync.changes(calendar, places[calendar.key])
            part = self._read(known, calendar, changed, now)
            places[calendar.key], more = changed.place, more or changed.more
            found.add(part)
        return Page(
            tuple(found.bookings),
            gone=tuple(found.gone),
            cursor=self.cursors.write(replace(at, places=places)),
            more=more,
            unreadable=_refs(found),
            reasons=found.unreadable,
            whole=tuple(found.whole),
        )

    def _span(
        self, known: Known, listing: Listing, first: datetime
    ) -> tuple[Found, Listing | None]:
        """What begins within one span of one calendar, and what is to be asked for next."""
        if listing.number >= len(known.watched):
            return Found(), None
        calendar, end = known.watched[listing.number], listing.start + listing.span
        try:
            answer = self.wire.query(calendar.url, listing.start, end)
        except TooManyError:
            shorter = listing.shorter()
            if shorter is None:
                raise
            return Found(), shorter
        changed = Changed()
        for one in answer.responses:
            if DATA in one.found:
                changed.objects[one.href] = one.found[DATA].text.encode()
            elif one.status == 507:
                return Found(), listing.shorter()
        found = self._read(known, calendar, changed, first)
        found.bookings = [one for one in found.bookings if listing.start <= one.start < end]
        return found, listing.further(first, len(known.watched))

    def _read(
        self, known: Known, calendar: CalendarPlace, changed: Changed, near: datetime
    ) -> Found:
        found, reader = Found(), self.reader(known)
        for href, body in changed.objects.items():
            reader.read(calendar, href, body, near, found)
        for href in changed.gone:
            ref = f"{calendar.key}/{key_of(href)}"
            found.gone.append(ref)
            found.whole.append(ref)
        for href in changed.unread:
            found.unreadable[f"{calendar.key}/{key_of(href)}"] = "the server does not show it"
        return found


def _refs(found: Found) -> tuple[str, ...]:
    return tuple(found.unreadable)
