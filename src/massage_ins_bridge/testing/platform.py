"""A booking platform in memory, for tests of hosts and connectors.

It keeps bookings, lists changes, journals what is written to it, and can fail, lose answers and
hang. The connectors of ``fake_connector`` speak to it.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ..api.connectors import (
    BookingStatus,
    CalendarEntry,
    Notice,
    Page,
    PlatformBooking,
    PlatformError,
    PlatformGoneError,
    PlatformHost,
    PlatformRefusedError,
    PlatformService,
    WriteResult,
)
from .bookings import booking

LIVE = ("pending", "accepted")
#: From which states a write leads to its own.
_MOVES: Mapping[str, tuple[BookingStatus, tuple[str, ...]]] = {
    "confirm": ("accepted", ("pending",)),
    "reject": ("rejected", ("pending",)),
    "cancel": ("cancelled", LIVE),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One write that changed a booking: which state it left and reached, with which words."""

    ref: str
    before: str
    after: str
    idem_key: str
    reason: str = ""


class FakePlatform:
    """Thread-safe. Set ``faults`` to errors that the next calls raise, one each; ``lost_answers``
    to a number of writes that happen and whose answer is lost; ``careless`` to make the connector
    pass on states and times that it should refuse; ``seated`` to the refs of bookings with seats
    for several clients, which the connector cannot read as one client's."""

    def __init__(self, name: str = "", page_size: int = 100) -> None:
        self.name = name
        self.bookings: dict[str, PlatformBooking] = {}
        self.seated: set[str] = set()
        self.journal: list[Change] = []
        self.tags: dict[str, str] = {}
        self.told: list[tuple[Notice, str]] = []
        self.entries: dict[str, CalendarEntry] = {}
        #: What can be booked there, with whom, and where deliveries go, signed with which secret.
        self.services = [PlatformService("1", "Medical massage", 60), PlatformService("2", "Rest")]
        self.hosts = [PlatformHost("h1", "Mira Example", own=True)]
        self.registered: dict[str, str] = {}
        self.calls: Counter[str] = Counter()
        self.faults: list[Exception] = []
        self.lost_answers = 0
        self.careless = False
        self.page_size = page_size
        #: How long a call waits while the platform hangs, in seconds, before it fails.
        self.patience = 60.0
        self.after_change: Callable[[], None] = lambda: None
        self.lock = threading.RLock()
        self._answers = threading.Event()
        self._answers.set()
        self._listed: dict[str, tuple[int, PlatformBooking | None]] = {}
        self._moves = self._version = 0

    @property
    def changes(self) -> list[tuple[str, str, str]]:
        """The journal as (ref, state reached, idempotency key)."""
        return [(change.ref, change.after, change.idem_key) for change in self.journal]

    @property
    def reasons(self) -> list[str]:
        """What the clients were told, change by change."""
        return [change.reason for change in self.journal]

    @property
    def fetched(self) -> int:
        """How many single bookings were asked for and answered."""
        return self.calls["fetch"]

    def put(self, ref: str, **values: Any) -> PlatformBooking:
        """Make a booking, or change fields of one. The row's version moves on by itself."""
        with self.lock:
            known = self.bookings.get(ref)
            values.setdefault("version", self._next_version())
            self.bookings[ref] = replace(known, **values) if known else booking(ref, **values)
            return self.bookings[ref]

    def hang(self) -> None:
        """Answer no call until ``resume``."""
        self._answers.clear()

    def resume(self) -> None:
        """Answer again, also the calls that wait."""
        self._answers.set()

    def call(self, method: str) -> None:
        """A call arrives: it waits, fails, or goes on and is counted."""
        if not self._answers.wait(self.patience):
            raise PlatformError("the fake platform: no answer (it hangs)")
        with self.lock:
            if self.faults:
                raise self.faults.pop(0)
            self.calls[method] += 1

    def change(self, verb: str, ref: str, reason: str, idem_key: str) -> WriteResult:
        """Carry out a write; a booking that has ended, or is there already, stays as it is."""
        self.call(verb)
        status, origins = _MOVES[verb]
        with self.lock:
            known = self.known(ref)
            if known.status == status or known.status not in LIVE:
                return WriteResult("already", f"The booking is {known.status}.")
            if known.status not in origins:
                raise PlatformRefusedError(f"the booking is {known.status}", True, 409)
            version = self._next_version()
            self.bookings[ref] = replace(known, status=status, version=version)
            self.tags.pop(ref, None)
            self.journal.append(Change(ref, known.status, status, idem_key, reason))
            lost = self.lost_answers > 0
            self.lost_answers -= lost
        self.after_change()
        if lost:
            raise PlatformError("the fake platform: the answer was lost")
        return WriteResult("native")

    def known(self, ref: str) -> PlatformBooking:
        """The booking; ``PlatformGoneError`` without one."""
        found = self.bookings.get(ref)
        if found is None:
            raise PlatformGoneError("the fake platform knows no such booking", True, 404)
        return found

    def changed_since(self, number: int) -> Page:
        """What changed after the change of that number, however it was changed."""
        with self.lock:
            self._look()
            later = sorted((n, ref) for ref, (n, _) in self._listed.items() if n > number)
            piece = later[: self.page_size]
            found = {ref: self.bookings.get(ref) for _, ref in piece}
        return Page(
            items=tuple(item for item in found.values() if item is not None),
            gone=tuple(ref for ref, item in found.items() if item is None),
            cursor=str(piece[-1][0] if piece else number),
            more=len(later) > len(piece),
        )

    def starting_after(self, place: tuple[datetime, str]) -> Page:
        """Bookings that stand and start after that time, in order of start and ref."""
        with self.lock:
            standing = [b for b in self.bookings.values() if b.status in LIVE]
        later = sorted((b.start, b.ref, b) for b in standing if (b.start, b.ref) > place)
        piece = later[: self.page_size]
        items = tuple(item for _, _, item in piece)
        if len(piece) == len(later):
            return Page(items)
        return Page(items, (), f"{piece[-1][0].isoformat()} {piece[-1][1]}", more=True)

    def _look(self) -> None:
        """Number what is another than at the last look: tests may change ``bookings`` freely."""
        for ref in {**self.bookings, **self._listed}:
            now = self.bookings.get(ref)
            if ref not in self._listed or self._listed[ref][1] is not now:
                self._moves += 1
                self._listed[ref] = (self._moves, now)

    def _next_version(self) -> str:
        self._version += 1
        return str(self._version)


#: By the account's option ``platform``: how a test reaches what its connector talks to.
PLATFORMS: dict[str, FakePlatform] = {}
