"""``read_calendar``: from bytes to occurrences."""

from __future__ import annotations

from datetime import datetime
from operator import attrgetter
from zoneinfo import ZoneInfo

from .blocks import Parts, cut, fingerprint
from .events import read_event
from .model import (
    CalendarError,
    CalendarProblem,
    CalendarRead,
    Event,
    EventError,
    Memory,
    Occurrence,
)
from .rules import Budget
from .series import Window, alone, occurrences, overlaps
from .zones import Zones

#: More than anybody's window holds.
MOST_OCCURRENCES = 50_000
_BEYOND = "its time lies beyond all calendars"


def read_calendar(
    body: bytes,
    *,
    zone: ZoneInfo,
    window: tuple[datetime, datetime],
    floating_is_local: bool = False,
    memory: Memory | None = None,
) -> CalendarRead:
    """What takes place in a window, by a calendar in iCalendar's form.

    ``zone`` is the clinic's: all times come in it. ``window``: an aware beginning and end; what
    overlaps it comes. ``floating_is_local``: the clinic says that times without a zone are its
    own; else they are in doubt. ``memory``: of the last reading of the same calendar; only events
    that changed since are parsed.

    An event that cannot be read becomes a ``CalendarProblem``, and none of the others is lost by
    it. Raises ``CalendarError`` for a body that is no calendar, is cut off, or too large.
    """
    if window[0].tzinfo is None or window[1].tzinfo is None or window[0] > window[1]:
        raise ValueError("window is an aware beginning and an aware end")
    parts = cut(body)
    memory = Memory() if memory is None else memory
    _forget(memory, parts, zone, floating_is_local=floating_is_local)
    zones = Zones(zone, parts.head, parts.zones, floating_is_local=floating_is_local)
    reading = _Reading(memory, zones, window)
    reading.read(parts.events)
    found = sorted(reading.found, key=attrgetter("start"))
    return CalendarRead(tuple(found), tuple(reading.problems), len(parts.events), reading.parsed)


def _forget(memory: Memory, parts: Parts, zone: ZoneInfo, *, floating_is_local: bool) -> None:
    """Where the zones may mean something else, nothing that was read holds."""
    said = (*parts.head, *parts.zones, zone.key.encode(), str(floating_is_local).encode())
    key = fingerprint(b"\n\n".join(said))
    if memory.key != key:
        memory.key, memory.events, memory.alone = key, {}, {}


class _Reading:
    """One reading of a calendar."""

    def __init__(self, memory: Memory, zones: Zones, window: Window) -> None:
        self.found: list[Occurrence] = []
        self.problems: list[CalendarProblem] = []
        self.parsed = 0
        self._memory, self._zones, self._window = memory, zones, window
        self._budget = Budget()
        self._alone: dict[bytes, Occurrence] = {}

    def read(self, parts: list[bytes]) -> None:
        """Fill in ``found`` and ``problems``; the memory holds this calendar afterwards."""
        before = self._memory.events
        now: dict[bytes, Event | CalendarProblem] = {}
        series: dict[str, list[tuple[bytes, Event]]] = {}
        for part in parts:
            mark = fingerprint(part)
            if mark in now:
                continue  # the very same once more
            event = before.get(mark)
            if event is None:
                event = read_event(part, mark.hex())
                self.parsed += 1
            now[mark] = event
            if isinstance(event, CalendarProblem):
                self.problems.append(event)
            else:
                series.setdefault(event.uid, []).append((mark, event))
        for uid, events in series.items():
            if len(events) == 1 and not events[0][1].repeats:
                self._take_one(*events[0])  # as nearly all are
            else:
                self._take(uid, [event for _, event in events])
        self._memory.events, self._memory.alone = now, self._alone

    def _take_one(self, mark: bytes, event: Event) -> None:
        one = self._memory.alone.get(mark)
        if one is None:
            try:
                one = alone(event, self._zones)
            except OverflowError:
                self.problems.append(CalendarProblem(event.uid, _BEYOND))
                return
        self._alone[mark] = one
        if overlaps(one, self._window):
            self.found.append(one)

    def _take(self, uid: str, events: list[Event]) -> None:
        found: list[Occurrence] = []
        try:
            for one in occurrences(events, self._zones, self._window, self._budget):
                found.append(one)
                if len(self.found) + len(found) > MOST_OCCURRENCES:
                    raise CalendarError(f"the calendar holds more than {MOST_OCCURRENCES} dates")
        except EventError as error:
            self.problems.append(CalendarProblem(uid, str(error)))
        except OverflowError:
            self.problems.append(CalendarProblem(uid, _BEYOND))
        else:
            self.found += found
