"""The lists that the host asks for, page by page, out of a feed that is always whole.

What was listed is remembered once the host has taken it: it says so by handing the page's cursor
back. So nothing is left out where a page was lost, and a service that starts anew lists all.
"""

from __future__ import annotations

import secrets
import threading
from datetime import UTC, datetime, timedelta
from itertools import islice

from massage_ins_bridge.api.calendars import CalendarRead, Occurrence
from massage_ins_bridge.api.connectors import Page, PlatformBooking, PlatformError

from .appointments import Reach, Reader, name_of, ref_of
from .feed import Feed

PAGE = 200
#: How far back changes are told of.
BACK = timedelta(days=2)
TWICE = "the calendar holds two different appointments of one name"
#: By ref, an appointment, or why staff must look at it.
Rows = dict[str, Occurrence | str]


class Lists:
    """One account's lists. Thread-safe."""

    def __init__(self, feed: Feed, reader: Reader) -> None:
        self._feed, self._reader = feed, reader
        self._lock = threading.Lock()
        self._taken: Rows = {}
        self._given: Rows = {}
        self._more = False
        self._me, self._number = secrets.token_hex(6), 0
        self._seen: tuple[CalendarRead, Rows, Reach] | None = None
        self._settled: tuple[CalendarRead, str] | None = None

    def changes(self, cursor: str | None, now: datetime) -> Page:
        """What is otherwise than the host has taken it; at the end, what of all is shown."""
        goes_on = self._more and cursor == self._token
        read = self._feed.look(now, again=not goes_on)
        with self._lock:
            rows, reach = self._rows(read)
            if self._settled is not None and self._settled == (read, cursor):
                return Page((), cursor=cursor, shown=reach.at(now))
            if cursor is None:
                self._taken = {}
            elif cursor == self._token:
                self._taken |= self._given
            if not self._taken.keys() <= rows.keys():
                self._taken = {ref: row for ref, row in self._taken.items() if ref in rows}
            since = now - BACK
            news = ((r, o) for r, o in rows.items() if self._is_news(r, o, since))
            self._given = dict(islice(news, PAGE))
            more = self._more = next(news, None) is not None
            self._number += bool(self._given)
            self._settled = None if self._given else (read, self._token)
            items, reasons = self._read(self._given)
            shown = None if more else reach.at(now)
            refs = tuple(reasons)
            return Page(items, (), self._token, more, refs, shown=shown, reasons=reasons)

    def upcoming(self, cursor: str | None, now: datetime) -> Page:
        """What stands and begins after ``now``, in the order of beginnings."""
        rows, _ = self._rows(self._feed.look(now, again=cursor is None))
        after = _place(cursor) or (now, "")
        due = [(o.start, r) for r, o in rows.items() if isinstance(o, Occurrence)]
        left = sorted(place for place in due if place > after and place[0] >= now)
        page = left[:PAGE]
        items, reasons = self._read({ref: rows[ref] for _, ref in page})
        if cursor is None:
            reasons |= {ref: row for ref, row in rows.items() if isinstance(row, str)}
        standing = tuple(b for b in items if b.status in ("accepted", "pending"))
        place = f"{page[-1][0].astimezone(UTC).isoformat()} {page[-1][1]}" if page else cursor
        return Page(standing, (), place, len(left) > PAGE, tuple(reasons), reasons=reasons)

    @property
    def _token(self) -> str:
        return f"{self._me}-{self._number}"

    def _rows(self, read: CalendarRead) -> tuple[Rows, Reach]:
        """All appointments of a reading, and how far it reaches; made once for each."""
        if self._seen is not None and self._seen[0] is read:
            return self._seen[1:]
        rows: Rows = {}
        last = datetime.min.replace(tzinfo=UTC)
        is_appointment = self._reader.is_appointment
        for one in read.occurrences:
            if is_appointment(one):
                ref = ref_of(one)
                rows[ref] = TWICE if ref in rows else one
                last = last if one.recurring else one.start  # they come by beginning
        for problem in read.problems:
            if problem.uid is not None:
                rows[name_of(problem.uid)] = problem.text
        self._seen = (read, rows, self._reader.shown(read, frozenset(rows), last))
        return self._seen[1:]

    def _is_news(self, ref: str, row: Occurrence | str, since: datetime) -> bool:
        taken = self._taken.get(ref)
        if taken is row or taken == row:
            return False
        return isinstance(row, str) or row.end >= since

    def _read(self, rows: Rows) -> tuple[tuple[PlatformBooking, ...], dict[str, str]]:
        """The bookings; and by ref, why one cannot be understood."""
        read = {ref: o if isinstance(o, str) else self._reader.read(o) for ref, o in rows.items()}
        items = tuple(found for found in read.values() if isinstance(found, PlatformBooking))
        return items, {ref: found for ref, found in read.items() if isinstance(found, str)}


def _place(cursor: str | None) -> tuple[datetime, str] | None:
    """After which beginning, and which ref of that beginning, a list goes on."""
    if cursor is None:
        return None
    moment, _, ref = cursor.partition(" ")
    try:
        return datetime.fromisoformat(moment), ref
    except ValueError:
        raise PlatformError("this is no place in the list of this calendar", True) from None
