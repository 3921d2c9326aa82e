"""Trying what a connector declares: each capability by the method of ``Trial`` with its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from ..api.connectors import (
    BookingStatus,
    CalendarEntry,
    Gone,
    Page,
    PlatformBooking,
    PlatformError,
    WriteResult,
)
from ..hooks.platform_answers import CheckedConnector, ConnectorFaultError

T = TypeVar("T")
MOST_PAGES = 1000
ENDED = ("cancelled", "rejected")


def answered(call: Callable[[], T]) -> T | PlatformError:
    """What a call answers, or the platform's error. A fault of the connector fails the test."""
    try:
        return call()
    except ConnectorFaultError:
        raise
    except PlatformError as error:
        return error


@dataclass(frozen=True)
class Trial:
    """A connector on a platform where ``book`` makes a booking in a state and returns its ref."""

    connector: CheckedConnector
    book: Callable[[str], str]
    unknown_ref: str
    now: datetime
    new_states: tuple[BookingStatus, ...]
    key: str = "trial-1"

    def fetch(self) -> None:
        """A booking is read in each state that a new one can have; an unknown ref finds nothing."""
        for status in self.new_states:
            ref = self.book(status)
            found = self.connector.fetch(ref)
            assert isinstance(found, PlatformBooking)
            assert (found.ref, found.status) == (ref, status)
            assert found.version is not None, "a booking that was read from its row has a version"
            assert found == self.connector.fetch(ref)
        assert self._knows_nothing_of(self.connector.fetch)

    def changes(self) -> None:
        """All that was made comes, page by page; later what was made since; then the list ends."""
        refs = {self.book(self.new_states[0]) for _ in range(3)}
        found, cursor = self._all(self.connector.changes, None)
        assert refs <= set(found)
        assert cursor is not None, "the next look would begin anew"
        later = self.book(self.new_states[0])
        found, cursor = self._all(self.connector.changes, cursor)
        assert later in found
        self._all(self.connector.changes, cursor)

    def upcoming(self) -> None:
        """All that stands comes, page by page, and nothing that has begun."""
        refs = {self.book(status) for status in self.new_states for _ in range(2)}
        found, _ = self._all(self.connector.upcoming, None)
        assert refs <= set(found)
        assert all(item.start >= self.now for item in found.values()), "one has begun"

    def hold(self) -> None:
        """The mark is the one that is declared; to set it twice does no harm."""
        ref = self.book(self.new_states[-1])
        result = self.connector.hold(ref, "Please call us.", self.key)
        assert result.reached in (self.connector.hold_style, "native")
        assert self.connector.hold(ref, "Please call us.", self.key).reached != "unsupported"
        assert self._knows_nothing_of(lambda r: self.connector.hold(r, "", self.key))

    def confirm(self) -> None:
        """A booking that waits is accepted, once."""
        self._write(lambda ref: self.connector.confirm(ref, self.key), "pending", ("accepted",))

    def reject(self) -> None:
        """A booking that waits is refused, once."""
        reject = lambda ref: self.connector.reject(ref, "Please call us.", self.key)  # noqa: E731
        self._write(reject, "pending", ENDED)

    def cancel(self) -> None:
        """A booking that was accepted is cancelled, once."""
        cancel = lambda ref: self.connector.cancel(ref, "Please call us.", self.key)  # noqa: E731
        self._write(cancel, "accepted", ENDED)

    def put(self) -> None:
        """Another sequence is another version; the same entry again keeps its version."""
        entry = self._entry()
        first = self.connector.put(entry)
        assert self.connector.put(entry) == first
        assert self.connector.put(replace(entry, sequence=1, status="CANCELLED")) != first

    def remove(self) -> None:
        """An entry that is not there is no error."""
        if self.connector.can("put"):
            self.connector.put(self._entry())
        self.connector.remove("trial@massage-ins-bridge")
        self.connector.remove("trial@massage-ins-bridge")

    def examine(self) -> None:
        """What it says is the same each time, with and without an address."""
        assert self.connector.examine(None) == self.connector.examine(None)
        self.connector.examine("https://bridge.example/webhooks/desk")

    def _write(
        self, act: Callable[[str], WriteResult], status: BookingStatus, reached: tuple[str, ...]
    ) -> None:
        ref = self.book(status if status in self.new_states else self.new_states[0])
        result = act(ref)
        assert result.reached != "already", "nothing was to do before anything was done"
        if self.connector.can("fetch") and result.reached not in ("manual", "unsupported"):
            found = self.connector.fetch(ref)
            assert isinstance(found, Gone) or found.status in reached, "nothing was done"
        assert self._no_change(act(ref)), "it was done twice"
        assert self._knows_nothing_of(act)

    @staticmethod
    def _no_change(result: WriteResult) -> bool:
        """Whether a repeat says that nothing was left to do."""
        return result.reached in ("already", "manual", "unsupported")

    def _knows_nothing_of(self, ask: Callable[[str], Any]) -> bool:
        """Whether the platform's ignorance is told, in whichever way."""
        told = answered(lambda: ask(self.unknown_ref))
        return isinstance(told, (Gone, PlatformError)) or self._no_change(told)

    def _all(
        self, turn: Callable[[str | None, datetime], Page], cursor: str | None
    ) -> tuple[dict[str, PlatformBooking], str | None]:
        found: dict[str, PlatformBooking] = {}
        for _ in range(MOST_PAGES):
            page = turn(cursor, self.now)
            found |= {item.ref: item for item in page.items}
            cursor = page.cursor
            if not page.more:
                return found, cursor
        raise AssertionError(f"the list has more than {MOST_PAGES} pages")

    def _entry(self) -> CalendarEntry:
        start = self.now + timedelta(days=1)
        end = start + timedelta(hours=1)
        return CalendarEntry("trial@massage-ins-bridge", start, end, "Massage", "TENTATIVE")
