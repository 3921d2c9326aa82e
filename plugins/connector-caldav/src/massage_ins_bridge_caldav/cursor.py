"""Where a look at the calendars goes on: what the host keeps for us between two looks."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

#: The spans in which calendars are listed, each twice as long as the one before: six of them reach
#: some five years ahead.
FIRST_SPAN, SPANS = timedelta(days=28), 6
#: The shortest span that a server is asked for which will not answer for a longer one.
SHORTEST = timedelta(hours=6)
#: How many characters of a cursor the host keeps, and how many longer ones are kept in memory.
MOST_KEPT, MOST_LONG = 400, 16
_LONG = "long:"


@dataclass(frozen=True, slots=True)
class Listing:
    """A listing that is under way: the calendar's number, where the next span begins, its length,
    and how far ahead the last one ends."""

    number: int
    start: datetime
    span: timedelta
    end: datetime

    @classmethod
    def begin(cls, start: datetime) -> Listing:
        """The first span of the first calendar."""
        return cls(0, start, FIRST_SPAN, start + FIRST_SPAN * (2**SPANS - 1))

    def shorter(self) -> Listing | None:
        """The same beginning with half the span; ``None`` where that would be too short."""
        half = self.span / 2
        return None if half < SHORTEST else replace(self, span=half)

    def further(self, first: datetime, calendars: int) -> Listing | None:
        """The next span, of the next calendar where this one is through; ``None`` at the end."""
        start = self.start + self.span
        if start < self.end:
            return replace(self, start=start, span=self.span * 2)
        number = self.number + 1
        return None if number >= calendars else replace(Listing.begin(first), number=number)


@dataclass(frozen=True, slots=True)
class Cursor:
    """``places``: by calendar, a sync token (``t…``) or a mark of what it held (``e…``).
    ``since``: when the last look at everything began. ``listing``: how far it is; ``None`` where it
    is through."""

    places: dict[str, str] = field(default_factory=dict)
    since: datetime | None = None
    listing: Listing | None = None

    def write(self) -> str:
        """As the host keeps it."""
        data: dict[str, object] = {"p": self.places}
        if self.since is not None:
            data["s"] = _stamp(self.since)
        if self.listing is not None:
            at = self.listing
            seconds = int(at.span.total_seconds())
            data["l"] = [at.number, _stamp(at.start), seconds, _stamp(at.end)]
        return json.dumps(data, separators=(",", ":"))


class LongCursors:
    """Cursors of many calendars are longer than what the host keeps. They stay in memory, and the
    host keeps their marks: after a start everything is looked at."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, str] = OrderedDict()
        self._lock = threading.Lock()

    def write(self, cursor: Cursor) -> str:
        """The cursor, or its mark."""
        text = cursor.write()
        if len(text) <= MOST_KEPT:
            return text
        mark = _LONG + hashlib.sha256(text.encode()).hexdigest()[:32]
        with self._lock:
            self._kept[mark] = text
            self._kept.move_to_end(mark)
            while len(self._kept) > MOST_LONG:
                self._kept.popitem(last=False)
        return mark

    def read(self, text: str | None) -> Cursor | None:
        """What was kept; ``None`` where it is not known any more."""
        with self._lock:
            return read_cursor(self._kept.get(text or "", text))


def read_cursor(text: str | None) -> Cursor | None:
    """What was kept; ``None`` where it is not ours."""
    if not text:
        return None
    try:
        data = json.loads(text)
        places = {str(k): str(v) for k, v in data["p"].items()}
        since = _moment(data["s"]) if "s" in data else None
        listing = None
        if "l" in data:
            number, start, seconds, end = data["l"]
            span = timedelta(seconds=int(seconds))
            listing = Listing(int(number), _moment(start), span, _moment(end))
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError):
        return None
    return Cursor(places, since, listing)


def _stamp(moment: datetime) -> int:
    return int(moment.timestamp())


def _moment(stamp: int) -> datetime:
    return datetime.fromtimestamp(int(stamp), UTC)
