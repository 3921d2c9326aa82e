"""Which time a written time is: the zone that a name means, and whether that is sure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from . import vtimezone
from .lines import lines_of
from .model import EventError, Stamp

_X_WR = frozenset({"X-WR-TIMEZONE"})
#: What else American programs call the zones of the United States: Windows' and Rails' own lists.
_SPOKEN = {
    "pacific time (us & canada)": "America/Los_Angeles",
    "mountain time (us & canada)": "America/Denver",
    "arizona": "America/Phoenix",
    "central time (us & canada)": "America/Chicago",
    "eastern time (us & canada)": "America/New_York",
    "alaska": "America/Anchorage",
    "hawaii": "Pacific/Honolulu",
}
#: Names of zones in the database that elsewhere mean one with summer time as well.
_UNSURE = frozenset({"EST", "MST", "HST"})
_OFFSET_FIRST = re.compile(r"\((?:UTC|GMT)[+-]\d\d:\d\d\)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Told:
    """A moment, in the zone of what was written, and why it may be another one."""

    at: datetime
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class _Zone:
    """What a name means. ``own`` are the calendar's own definitions of it, beside ``zone``."""

    zone: tzinfo
    doubt: str | None = None
    own: tuple[tzinfo, ...] = ()


class Zones:
    """The zones of one calendar. ``clinic`` is the zone of what has none."""

    def __init__(
        self,
        clinic: ZoneInfo,
        head: Iterable[bytes] = (),
        parts: Iterable[bytes] = (),
        *,
        floating_is_local: bool = False,
    ) -> None:
        self.clinic = clinic
        self._floating_is_local = floating_is_local
        self._named = self._calendars_own(head)
        self._parts: dict[str, list[bytes]] = {}
        for part in parts:
            self._parts.setdefault(vtimezone.name_of(part), []).append(part)
        self._known: dict[str | None, _Zone] = {}
        self._agreed: dict[tuple[str | None, datetime], str | None] = {}

    def tell(self, stamp: Stamp) -> Told:
        """The moment that a time is. Of a time that the clock shows twice it is the first, and
        one that the clock leaves out goes by the offset before (RFC 5545, 3.3.5); both, and any
        other that is not sure, with their doubt."""
        if stamp.is_day:
            return Told(stamp.wall.replace(tzinfo=self.clinic))
        if stamp.tzid == "UTC":
            return Told(stamp.wall.replace(tzinfo=UTC))
        known = self._zone(stamp.tzid)
        at = stamp.wall.replace(tzinfo=known.zone)
        return Told(at, known.doubt or self._disagreement(stamp, known) or _clock_change(at))

    def zone_of(self, tzid: str | None) -> tzinfo:
        """The zone in which what repeats goes on."""
        return UTC if tzid == "UTC" else self._zone(tzid).zone

    @property
    def named(self) -> ZoneInfo | None:
        """What the calendar says of itself (X-WR-TIMEZONE), if that is one zone."""
        return self._named

    def _zone(self, tzid: str | None) -> _Zone:
        found = self._known.get(tzid)
        if found is None:
            found = self._known[tzid] = self._floating() if tzid is None else self._find(tzid)
        return found

    def _floating(self) -> _Zone:
        """Without a zone: the calendar's own, which is sure where it is the clinic's as well."""
        if self._named is not None:
            return _Zone(self._named, own=() if self._floating_is_local else (self.clinic,))
        if self._floating_is_local:
            return _Zone(self.clinic)
        return _Zone(self.clinic, "the calendar does not say in which time zone its time is")

    def _find(self, tzid: str) -> _Zone:
        own = [vtimezone.defined(part) for part in self._parts.get(tzid, [])]
        usable = tuple(zone for zone in own if zone is not None)
        key = _meaning(tzid)
        if key is not None:
            broken = len(usable) < len(own)
            doubt = "the calendar defines its time zone in a way that cannot be read"
            return _Zone(ZoneInfo(key), doubt if broken else None, usable)
        if usable and len(usable) == len(own):
            return _Zone(usable[0], own=usable[1:])
        return _Zone(self.clinic, "its time zone is not known, and the calendar does not define it")

    def _disagreement(self, stamp: Stamp, known: _Zone) -> str | None:
        """Whether the calendar's own definition, or the clinic's zone, tells another time."""
        if not known.own:
            return None
        hour = (stamp.tzid, stamp.wall.replace(minute=0, second=0, microsecond=0))
        if hour not in self._agreed:
            self._agreed[hour] = self._compare(stamp, known)
        return self._agreed[hour]

    @staticmethod
    def _compare(stamp: Stamp, known: _Zone) -> str | None:
        offset = known.zone.utcoffset(stamp.wall)
        if all(zone.utcoffset(stamp.wall) == offset for zone in known.own):
            return None
        if stamp.tzid is None:
            return "its time has no zone, and the calendar's is not the clinic's"
        return "the calendar defines its time zone otherwise than that zone is"

    @staticmethod
    def _calendars_own(head: Iterable[bytes]) -> ZoneInfo | None:
        try:
            names = {line.value.strip() for part in head for line in lines_of(part, _X_WR)}
        except EventError:
            return None
        key = _meaning(names.pop()) if len(names) == 1 else None
        return ZoneInfo(key) if key is not None else None


@lru_cache(maxsize=1)
def _keys() -> dict[str, str]:
    """All zones by their names in small letters."""
    return {name.lower(): name for name in available_timezones()}


@lru_cache(maxsize=256)
def _meaning(tzid: str) -> str | None:
    """The zone in the tz database that a name means: its own, Windows' (by the table of the
    Unicode Consortium), or one with its maker's before it (RFC 5545, 3.2.19)."""
    plain = tzid.strip(' "/')
    if plain.upper() in _UNSURE:
        return None
    for name in (plain, WINDOWS_TO_OLSON.get(plain, ""), _SPOKEN.get(_spoken(plain), "")):
        if found := _keys().get(name.lower()):
            return found
    if tzid.startswith("/"):
        return next((_keys()[end] for end in _endings(plain.lower()) if end in _keys()), None)
    return None


def _spoken(name: str) -> str:
    return _OFFSET_FIRST.sub("", name).lower()


def _endings(path: str) -> Iterator[str]:
    """The longest first, and always with a place in it."""
    pieces = path.split("/")
    return ("/".join(pieces[start:]) for start in range(1, len(pieces) - 1))


def _clock_change(at: datetime) -> str | None:
    """Whether the clock shows this time twice, or never."""
    back = at.astimezone(UTC).astimezone(at.tzinfo)
    if back.replace(tzinfo=None) != at.replace(tzinfo=None):
        return "the clock is put forward over its time on that day, which does not exist"
    if at.utcoffset() != at.replace(fold=1).utcoffset():
        return "the clock is put back over its time on that day, which comes twice"
    return None


def plus(at: datetime, length: timedelta) -> datetime:
    """A length later: days as the clock on the wall counts them, the rest as time that passes
    (RFC 5545, 3.3.6)."""
    days = timedelta(days=length.days)
    return ((at + days).astimezone(UTC) + (length - days)).astimezone(at.tzinfo)
