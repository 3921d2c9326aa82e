"""A calendar's feed: entries written as iCalendar (RFC 5545), byte for byte the same for the same
entries.

A time is written in the clinic's zone, with that zone's definition beside it, so that no program
has to know the zone by its name. An hour that the clock shows twice is written in UTC: by its name
it would be the first of the two (RFC 5545, 3.3.5).
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, partial
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard
from icalendar.prop import vDuration

PRODUCT = "-//massage-ins-bridge//calendars//EN"
_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. ``uid`` stays and ``sequence`` grows with each change, the last of which was at
    ``changed_at``. ``start`` is an aware time, or a day; a day has no ``end``. ``title`` and
    ``note`` are read by anybody who sees the calendar."""

    uid: str
    sequence: int
    changed_at: datetime
    start: date
    end: datetime | None
    title: str
    status: Literal["TENTATIVE", "CONFIRMED", "CANCELLED"]
    note: str = ""


def write_feed(name: str, zone: ZoneInfo, entries: Iterable[Entry], every: timedelta) -> bytes:
    """The feed of a calendar of that name. ``every``: how often a program should look again."""
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("x-wr-calname", name)
    made.add("x-wr-timezone", zone.key)
    made.add("refresh-interval", every, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", vDuration(every))
    found = sorted(entries, key=lambda entry: (_moment(entry.start), entry.uid))
    timed = [entry.start for entry in found if isinstance(entry.start, datetime)]
    if timed:
        made.add_component(definition(zone, timed[0].year, timed[-1].year))
    for entry in found:
        made.add_component(_event(entry, zone))
    body: bytes = made.to_ical(sorted=False)
    return body


def _moment(start: date) -> datetime:
    if isinstance(start, datetime):
        return start
    return datetime(start.year, start.month, start.day, tzinfo=UTC)


def _event(entry: Entry, zone: ZoneInfo) -> Event:
    made = Event()
    made.add("uid", entry.uid)
    made.add("dtstamp", entry.changed_at.astimezone(UTC))
    made.add("last-modified", entry.changed_at.astimezone(UTC))
    made.add("sequence", entry.sequence)
    if isinstance(entry.start, datetime):
        made.add("dtstart", _in_zone(entry.start, zone))
        if entry.end is not None:
            made.add("dtend", _in_zone(entry.end, zone))
    else:
        made.add("dtstart", entry.start)
        made.add("dtend", entry.start + _DAY)
        made.add("transp", "TRANSPARENT")
    made.add("summary", entry.title)
    if entry.note:
        made.add("description", entry.note)
    made.add("status", entry.status)
    made.add("class", "PRIVATE")
    return made


def _in_zone(moment: datetime, zone: ZoneInfo) -> datetime:
    local = moment.astimezone(zone)
    return moment.astimezone(UTC) if local.fold else local


@lru_cache(maxsize=32)
def definition(zone: ZoneInfo, first_year: int, last_year: int) -> Timezone:
    """The zone's definition for these years. The library's own has clocks that go forward an hour
    too late: an onset is written in the time before it (RFC 5545, 3.6.5)."""
    begin = datetime(first_year, 1, 1, tzinfo=UTC) - _DAY
    made = Timezone()
    made.add("tzid", zone.key)
    before = begin.astimezone(zone)
    made.add_component(_part(before, before, [_wall(before, before)]))
    parts: dict[tuple[object, ...], tuple[datetime, datetime, list[datetime]]] = {}
    for old, new in _changes(zone, begin, datetime(last_year + 1, 1, 2, tzinfo=UTC)):
        kind = (old.utcoffset(), new.utcoffset(), new.tzname())
        parts.setdefault(kind, (old, new, []))[2].append(_wall(new, old))
    for old, new, onsets in parts.values():
        made.add_component(_part(old, new, onsets))
    return made


def _changes(zone: ZoneInfo, begin: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The last second before each change of the clock, and the first one after it."""
    days = [begin + n * _DAY for n in range((end - begin).days + 1)]
    for low, high in pairwise(days):
        if low.astimezone(zone).utcoffset() == high.astimezone(zone).utcoffset():
            continue
        seconds = range(1, int((high - low).total_seconds()) + 1)
        same = low.astimezone(zone).utcoffset()
        after = bisect(seconds, 0, key=partial(_is_other, zone, low, same))
        onset = low + (after + 1) * _SECOND
        yield (onset - _SECOND).astimezone(zone), onset.astimezone(zone)


def _is_other(zone: ZoneInfo, low: datetime, same: timedelta | None, seconds: int) -> bool:
    return (low + seconds * _SECOND).astimezone(zone).utcoffset() != same


def _wall(moment: datetime, by: datetime) -> datetime:
    """What a clock that goes by the offset of ``by`` shows at a moment."""
    offset = by.utcoffset() or timedelta()
    return (moment.astimezone(UTC) + offset).replace(tzinfo=None)


def _part(
    old: datetime, new: datetime, onsets: list[datetime]
) -> TimezoneStandard | TimezoneDaylight:
    made = TimezoneDaylight() if new.dst() else TimezoneStandard()
    made.add("dtstart", onsets[0])
    if onsets[1:]:
        made.add("rdate", onsets[1:])
    made.add("tzoffsetfrom", old.utcoffset())
    made.add("tzoffsetto", new.utcoffset())
    made.add("tzname", new.tzname())
    return made
