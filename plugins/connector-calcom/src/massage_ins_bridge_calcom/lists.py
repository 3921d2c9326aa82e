"""Cal.com's lists of bookings, read page by page from a place in their order.

A place is a time, which the next page begins with, and how many bookings of that very time have
been seen. So a booking that moves while the list is read may come twice and is never left out.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from massage_ins_bridge.api.connectors import PlatformBooking, PlatformClient, PlatformError

from . import values

PAGE = 100
#: How many bookings of one moment are believed at most.
MOST_AT_ONCE = 20_000
#: How far back the first look for changes goes, and by how much later ones overlap.
FIRST_LOOK, OVERLAP = timedelta(days=2), timedelta(minutes=15)
STANDING = ("pending", "accepted")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rows:
    """A page as it came, where to go on, and whether there is more now."""

    rows: list[Any]
    cursor: str | None
    more: bool


@dataclass(frozen=True, slots=True)
class _Place:
    time: datetime
    seen: int = 0

    def __str__(self) -> str:
        moment = self.time.astimezone(UTC)
        text = f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"
        return f"{text} {self.seen}" if self.seen else text


@dataclass(frozen=True, slots=True)
class Readable:
    """What a page holds."""

    bookings: tuple[PlatformBooking, ...]
    unreadable: tuple[str, ...]


def changed(client: PlatformClient, cursor: str | None, now: datetime) -> Rows:
    """A page of what changed since the cursor, or in the last two days."""
    place = _read_place(cursor) or _Place(now - FIRST_LOOK)
    rows, more = _ask(client, place, "afterUpdatedAt", "sortUpdatedAt")
    times = _times(rows, "updatedAt")
    if more:
        return Rows(rows, str(_further(place, times, len(rows))), more=True)
    newest = max(times, default=place.time + OVERLAP)
    return Rows(rows, str(_Place(newest - OVERLAP)), more=False)


def starting(client: PlatformClient, cursor: str | None, now: datetime) -> Rows:
    """A page of what starts after the cursor, or from now on."""
    place = _read_place(cursor) or _Place(now)
    rows, more = _ask(client, place, "afterStart", "sortStart")
    further = _further(place, _times(rows, "start"), len(rows))
    return Rows(rows, str(further) if more else None, more)


def readable(rows: list[Any], read: Callable[[Any], PlatformBooking]) -> Readable:
    """The bookings that can be read, and the refs of those that cannot."""
    found, unreadable = [], []
    for row in rows:
        try:
            found.append(read(row))
        except PlatformError as error:
            if not error.permanent:
                raise
            log.warning("left out of a list of bookings: %s", error.message)
            unreadable.append(values.uid(values.mapping(row).get("uid")) or "unknown")
    return Readable(tuple(found), tuple(unreadable))


def _ask(client: PlatformClient, place: _Place, after: str, sort: str) -> tuple[list[Any], bool]:
    if place.seen > MOST_AT_ONCE:
        raise PlatformError(f"Cal.com lists more than {MOST_AT_ONCE:,} bookings at once", True)
    start = str(_Place(place.time))
    params = {after: start, sort: "asc", "take": PAGE, "skip": place.seen}
    answer = values.mapping(client.get("/v2/bookings", params))
    rows = answer.get("data")
    if not isinstance(rows, list):
        raise PlatformError("Cal.com answered with a list of bookings without data", True)
    # hasNextPage counts what the filters by time leave out, too (packages/trpc/server/routers/
    # viewer/bookings/get.handler.ts); a page that is not full is the last.
    size = values.mapping(answer.get("pagination")).get("itemsPerPage")
    full = min(PAGE, size) if type(size) is int and size > 0 else PAGE
    return rows, len(rows) >= full


def _further(place: _Place, times: list[datetime], count: int) -> _Place:
    """The place after a page: its last time, or further on among bookings of one time."""
    last = max(times, default=place.time)
    return (
        _Place(last)
        if str(_Place(last)) != str(_Place(place.time))
        else (_Place(place.time, place.seen + count))
    )


def _times(rows: list[Any], name: str) -> list[datetime]:
    return [t for row in rows if (t := values.moment(values.mapping(row).get(name))) is not None]


def _read_place(cursor: str | None) -> _Place | None:
    time, _, seen = (cursor or "").partition(" ")
    found = values.moment(time)
    if found is None:
        return None
    return _Place(found, int(seen) if seen.isascii() and seen.isdigit() else 0)
