"""The events of one UID, as the occurrences that they stand for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from .model import Event, Occurrence, Stamp
from .rules import Budget, Rule, read_rule, starts
from .zones import Told, Zones, plus

DAY = timedelta(days=1)
_TWICE = "the calendar holds two different events of one name (UID)"
_CHANGED_AND_OUT = "the calendar both changes it and leaves it out"
_NOT_IN_SERIES = "it changes a date that its series does not have"
Window = tuple[datetime, datetime]


def occurrences(
    events: Sequence[Event], zones: Zones, window: Window, budget: Budget
) -> Iterator[Occurrence]:
    """Those that overlap the window, of all events of one UID. Raises ``EventError`` where a
    rule of repetition cannot be followed."""
    masters = _newest([event for event in events if event.recurrence_id is None])
    changes = [event for event in events if event.recurrence_id is not None]
    found: Iterator[Occurrence]
    if len(masters) == 1 and masters[0].repeats:
        budget.spend(len(masters[0].extra) + len(masters[0].left_out))
        found = _Series(masters[0], changes, zones, window).all(budget)
    else:
        doubt = _TWICE if len(masters) > 1 else None
        found = _apart(masters, changes, zones, doubt)
    return (one for one in found if overlaps(one, window))


def alone(event: Event, zones: Zones) -> Occurrence:
    """What takes place once."""
    return _occurrence(event, zones, zones.tell(event.start))


def overlaps(one: Occurrence, window: Window) -> bool:
    """Whether any of it lies in the window."""
    begin, end = window
    return one.start < end and (one.end > begin or one.start >= begin)


def _newest(events: list[Event]) -> list[Event]:
    """Those of the highest SEQUENCE, each once."""
    highest = max((event.sequence for event in events), default=0)
    kept = {event.version: event for event in events if event.sequence == highest}
    return list(kept.values())


def _apart(
    masters: list[Event], changes: list[Event], zones: Zones, doubt: str | None
) -> Iterator[Occurrence]:
    """Each by itself: of a series whose own event is not in the calendar, only what changed."""
    for event in masters:
        one = alone(event, zones)
        yield replace(one, doubt=doubt or one.doubt)
    for at, events in _by_instant(changes, zones).items():
        for event in events:
            one = _occurrence(event, zones, zones.tell(event.start), name=at)
            yield replace(one, recurring=True, doubt=_doubt(events, one))


def _by_instant(changes: list[Event], zones: Zones) -> dict[str, list[Event]]:
    """The changes by the name of the occurrence that each stands for."""
    found: dict[str, list[Event]] = {}
    for event in changes:
        assert event.recurrence_id is not None, "it is a change"
        found.setdefault(_name(event.recurrence_id, zones), []).append(event)
    return {name: _newest(events) for name, events in found.items()}


def _doubt(events: list[Event], one: Occurrence) -> str | None:
    return _TWICE if len(events) > 1 else one.doubt


def _name(stamp: Stamp, zones: Zones) -> str:
    """How an occurrence of a series is called: by its first start, in UTC, or its day."""
    if stamp.is_day:
        return f"{stamp.when:%Y%m%d}"
    return _named(zones.tell(stamp).at)


def _named(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _occurrence(
    event: Event,
    zones: Zones,
    told: Told,
    *,
    length: timedelta | None = None,
    name: str | None = None,
) -> Occurrence:
    """The event, beginning at that time. ``length``: instead of its own."""
    all_day = event.start.is_day
    if length is not None:
        end, doubt = plus(told.at, length), None
    else:
        end, doubt = _end(event, zones, told)
    start = told.at.astimezone(zones.clinic)
    end = end.astimezone(zones.clinic)
    if end < start:
        end, doubt = start, "it ends before it begins"
    return Occurrence(
        uid=event.uid,
        recurrence_id=name,
        start=start,
        end=end,
        version=event.version,
        all_day=all_day,
        summary=event.summary,
        description=event.description,
        location=event.location,
        status=event.status,
        organizer=event.organizer,
        attendees=event.attendees,
        sequence=event.sequence,
        recurring=event.repeats,
        doubt=told.doubt or doubt,
    )


def _end(event: Event, zones: Zones, told: Told) -> tuple[datetime, str | None]:
    """When it ends, and why that is not sure. A series' occurrences all last as long as the first
    (RFC 5545, 3.8.5.3); a day without an end is that day."""
    if event.duration is not None:
        return plus(told.at, event.duration), None
    if event.start.is_day:
        last = event.end.when if event.end is not None else event.start.when
        days = max((last - event.start.when).days, 1)
        return told.at + days * DAY, None
    if event.end is None:
        return told.at, None
    first, last_told = zones.tell(event.start), zones.tell(event.end)
    length = last_told.at.astimezone(UTC) - first.at.astimezone(UTC)
    return (told.at.astimezone(UTC) + length), last_told.doubt


@dataclass(frozen=True, slots=True)
class _Start:
    """One of a series: its time, what it is called, a length of its own, and a doubt."""

    told: Told
    name: str
    day: date
    length: timedelta | None = None


class _Series:
    """A master with its rules, what is left out of it and what of it was changed."""

    def __init__(self, master: Event, changes: list[Event], zones: Zones, window: Window) -> None:
        self._master, self._zones, self._window = master, zones, window
        self._zone = zones.zone_of(None if master.start.is_day else master.start.tzid)
        self._changes = _by_instant(changes, zones)
        self._later = sorted(
            (
                (name, event)
                for name, made in self._changes.items()
                for event in made
                if event.this_and_future
            ),
            key=lambda pair: pair[0],
        )
        self._out = {_name(stamp, zones) for stamp in master.left_out}
        self._out_days = {stamp.when for stamp in master.left_out if stamp.is_day}

    def all(self, budget: Budget) -> Iterator[Occurrence]:
        """Each once; what was changed in its new form."""
        starts = self._starts(budget)
        for start in starts.values():
            if start.name not in self._changes and start.name not in self._out:
                yield self._plain(start)
        for name, events in self._changes.items():
            for event in events:
                one = _occurrence(event, self._zones, self._zones.tell(event.start), name=name)
                doubt = self._change_doubt(name, event, starts) or _doubt(events, one)
                yield replace(one, recurring=True, doubt=doubt)

    def _change_doubt(self, name: str, event: Event, starts: dict[str, _Start]) -> str | None:
        """Whether the series has what is changed; that is known around the window alone."""
        if name in self._out:
            return _CHANGED_AND_OUT
        assert event.recurrence_id is not None, "it is a change"
        begin, end = self._around()
        around = begin + 2 * DAY < event.recurrence_id.wall < end - 2 * DAY
        return _NOT_IN_SERIES if around and name not in starts else None

    def _plain(self, start: _Start) -> Occurrence:
        """One that was not changed by itself, but perhaps with all that follow an earlier one."""
        out = not self._master.start.is_day and start.day in self._out_days
        earlier = [event for name, event in self._later if name <= start.name]
        if not earlier:
            one = _occurrence(
                self._master, self._zones, start.told, length=start.length, name=start.name
            )
        else:
            one = self._moved(earlier[-1], start)
        doubt = "the calendar leaves out its day, without a time" if out else None
        return replace(one, recurring=True, doubt=one.doubt or doubt or self._utc_doubt(one))

    def _moved(self, change: Event, start: _Start) -> Occurrence:
        """As the change says, and as much later or earlier as that one was put."""
        assert change.recurrence_id is not None, "it is a change"
        was = self._zones.tell(change.recurrence_id).at.astimezone(self._zone)
        now = self._zones.tell(change.start).at.astimezone(self._zone)
        by = now.replace(tzinfo=None) - was.replace(tzinfo=None)
        wall = start.told.at.replace(tzinfo=None) + by
        when = wall.date() if change.start.is_day else wall
        told = self._zones.tell(Stamp(when, self._master.start.tzid))
        one = _occurrence(change, self._zones, told, name=start.name)
        version = f"{change.version}-{self._master.version}"
        return replace(one, version=version, doubt=start.told.doubt or one.doubt)

    def _utc_doubt(self, one: Occurrence) -> str | None:
        """Whether the series goes on by UTC while the calendar, or the clinic, lives by a clock
        that is put forward and back in between."""
        if self._master.start.tzid != "UTC" or self._master.start.is_day:
            return None
        zone = self._zones.named or self._zones.clinic
        first = self._master.start.wall.replace(tzinfo=UTC).astimezone(zone)
        if first.utcoffset() == one.start.astimezone(zone).utcoffset():
            return None
        return "its series is written in UTC, and the clock has been changed since it began"

    def _starts(self, budget: Budget) -> dict[str, _Start]:
        """The starts around the window, by name: a long one may begin before it."""
        found: dict[str, _Start] = {}
        for told, day, length in self._told(budget):
            name = f"{day:%Y%m%d}" if self._master.start.is_day else _named(told.at)
            found.setdefault(name, _Start(told, name, day, length))
        return found

    def _told(self, budget: Budget) -> Iterator[tuple[Told, date, timedelta | None]]:
        master, zones = self._master, self._zones
        for stamp, length in ((master.start, None), *master.extra):
            yield zones.tell(stamp), stamp.wall.date(), length
        window = self._around()
        for text in master.rules:
            rule = read_rule(text)
            for wall in starts(rule, master.start.wall, window, budget):
                told = zones.tell(
                    Stamp(wall.date() if master.start.is_day else wall, master.start.tzid)
                )
                over, doubt = self._is_over(rule, wall, told)
                if not over:
                    yield replace(told, doubt=told.doubt or doubt), wall.date(), None

    def _around(self) -> Window:
        """The window as the series' own clock shows it, with room for what lasts long, is moved,
        or lies in another zone."""
        told = self._zones.tell(self._master.start)
        length = _end(self._master, self._zones, told)[0] - told.at
        moves = [abs(self._by(event)) for _, event in self._later]
        room = max(length, timedelta()) + max(moves, default=timedelta()) + 2 * DAY
        begin, end = (moment.astimezone(UTC).replace(tzinfo=None) for moment in self._window)
        return begin - room, end + room

    def _by(self, event: Event) -> timedelta:
        assert event.recurrence_id is not None, "it is a change"
        return self._zones.tell(event.start).at - self._zones.tell(event.recurrence_id).at

    def _is_over(self, rule: Rule, wall: datetime, told: Told) -> tuple[bool, str | None]:
        """Whether a time lies after the rule's end, and whether that cannot be told."""
        until = rule.until
        if not until:
            return False, None
        if self._master.start.is_day or len(until) == 8:
            last = datetime.strptime(until[:8], "%Y%m%d").date()  # noqa: DTZ007 - a day
            sure = self._master.start.is_day or wall.date() != last
            return wall.date() > last, None if sure else "the last day of its series has no time"
        end = datetime.strptime(until.rstrip("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007 - told below
        if not until.endswith("Z") or self._master.start.tzid is None:
            return wall > end, None
        return told.at > end.replace(tzinfo=UTC), None
