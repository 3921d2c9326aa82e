"""What a platform shows, read through a connector: a list to its end, a booking that is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ..api.connectors import Gone, Page, PlatformBooking
from .bookings import NOW

#: More than any simulated platform has: a list that goes on beyond is one without an end.
MOST_PAGES = 1000


@dataclass(frozen=True, slots=True)
class AllPages:
    """The pages of one look, in their order; there is at least one."""

    pages: tuple[Page, ...]

    @property
    def items(self) -> list[PlatformBooking]:
        """The bookings of all pages."""
        return [item for page in self.pages for item in page.items]

    @property
    def refs(self) -> list[str]:
        """Their refs."""
        return [item.ref for item in self.items]

    @property
    def last(self) -> Page:
        """The last page."""
        return self.pages[-1]

    @property
    def cursor(self) -> str | None:
        """Where the next look begins."""
        return self.last.cursor


def all_pages(
    turn: Callable[[str | None, datetime], Page], cursor: str | None = None, now: datetime = NOW
) -> AllPages:
    """Read a list to its end. ``turn`` is a connector's ``changes`` or ``upcoming``, and ``cursor``
    where to begin. Raises ``AssertionError`` for a list that has no end."""
    pages: list[Page] = []
    while len(pages) < MOST_PAGES:
        pages.append(turn(cursor, now))
        cursor = pages[-1].cursor
        if not pages[-1].more:
            return AllPages(tuple(pages))
    raise AssertionError(f"the list has more than {MOST_PAGES} pages")


class Fetching(Protocol):
    """A connector that reads one booking."""

    def fetch(self, ref: str) -> PlatformBooking | Gone:
        """The booking of that ref."""


def fetched(connector: Fetching, ref: str) -> PlatformBooking:
    """A booking that the platform is known to have. Raises ``AssertionError`` where it answers
    that it has none."""
    found = connector.fetch(ref)
    assert isinstance(found, PlatformBooking), f"{ref}: {found}"
    return found
