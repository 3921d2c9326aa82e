"""The list of bookings: its filters, orders and pages.

``GetBookingsInput_2024_08_13`` in packages/platform/types/bookings/2024-08-13/inputs/
get-bookings.input.ts, and ``getBookings`` in
packages/trpc/server/routers/viewer/bookings/get.handler.ts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .bookings import Booking
from .moments import moment
from .platform import Platform, RefusedError

Filter = Callable[[Booking, str], bool]
_FILTERS: Mapping[str, Filter] = {
    "afterStart": lambda b, v: b.start >= moment(v),
    "beforeEnd": lambda b, v: b.end <= moment(v),
    "attendeeEmail": lambda b, v: any(one.email == v for one in b.attendees),
    "bookingUid": lambda b, v: b.uid == v,
    "eventTypeId": lambda b, v: b.event_type is not None and str(b.event_type.id) == v,
}
#: Those that the total does not know of; see the way ``list-total``.
_OF_TIME: Mapping[str, Filter] = {
    "afterUpdatedAt": lambda b, v: b.updated >= moment(v),
    "beforeUpdatedAt": lambda b, v: b.updated <= moment(v),
    "afterCreatedAt": lambda b, v: b.created >= moment(v),
    "beforeCreatedAt": lambda b, v: b.created <= moment(v),
}
_KEYS: Mapping[str, Callable[[Booking], datetime]] = {
    "sortUpdatedAt": lambda b: b.updated,
    "sortCreated": lambda b: b.created,
    "sortStart": lambda b: b.start,
}


@dataclass(frozen=True, slots=True)
class Slice:
    """Which piece of the list is wanted."""

    take: int
    skip: int

    @classmethod
    def of(cls, query: dict[str, str]) -> Slice:
        """Taken out of the query."""
        return cls(_number(query, "take", 100, 1, 250), _number(query, "skip", 0, 0, 10**9))

    def page(self, found: list[Booking], total: int) -> tuple[list[Booking], dict[str, Any]]:
        """The bookings of the piece, and its place among ``total``."""
        rows = found[self.skip : self.skip + self.take]
        left = max(0, total - self.skip - len(rows))
        return rows, {
            "totalItems": total,
            "remainingItems": left,
            "returnedItems": len(rows),
            "itemsPerPage": self.take,
            "currentPage": self.skip // self.take + 1,
            "totalPages": -(-total // self.take),
            "hasNextPage": left > 0,
            "hasPreviousPage": self.skip > 0,
        }


def listed(platform: Platform, query: dict[str, str]) -> tuple[list[Booking], dict[str, Any]]:
    """What the key's user is shown, and which page it is."""
    piece = Slice.of(query)
    seen = (platform.replica.read(uid, b) for uid, b in list(platform.bookings.items()))
    found = [b for b in seen if b is not None and platform.key.lists(b)]
    found, total = _filtered(found, query)
    return piece.page(found, total if "list-total" in platform.ways else len(found))


def _filtered(bookings: list[Booking], query: Mapping[str, str]) -> tuple[list[Booking], int]:
    """What the filters leave, in order; and how many those leave that are not of time."""
    for name, value in query.items():
        known = name in _FILTERS or name in _OF_TIME or name in _KEYS
        if not known or (name in _KEYS and value not in ("asc", "desc")):
            raise RefusedError(400, f"property {name} should not exist")
    for name in _FILTERS.keys() & query.keys():
        bookings = [b for b in bookings if _FILTERS[name](b, query[name])]
    total = len(bookings)
    for name in _OF_TIME.keys() & query.keys():
        bookings = [b for b in bookings if _OF_TIME[name](b, query[name])]
    for name, key in _KEYS.items():
        if name in query:
            bookings = sorted(bookings, key=key, reverse=query[name] == "desc")
    return bookings, total


def _number(query: dict[str, str], name: str, default: int, low: int, high: int) -> int:
    text = query.pop(name, str(default))
    if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
        raise RefusedError(400, f"{name} must be a number from {low} to {high}")
    return int(text)
