"""Which calendars an account has, and which of them are looked at."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from massage_ins_bridge.api.connectors import PlatformError

from .discovery import CalendarPlace, Found, discover, key_of
from .options import Options
from .wire import Wire


@dataclass(frozen=True, slots=True)
class Known:
    """The calendars that are looked at, in the order of their keys, and all that the server shows
    to the account; ``own``: its user's own addresses."""

    watched: tuple[CalendarPlace, ...]
    all: tuple[CalendarPlace, ...]
    own: frozenset[str]

    def by_key(self, key: str) -> CalendarPlace | None:
        """The watched calendar of that key."""
        return next((one for one in self.watched if one.key == key), None)


class Calendars:
    """Which calendars there are: found once, and again after they could not be read."""

    def __init__(self, wire: Wire, base_url: str, options: Options) -> None:
        self._wire, self._base_url, self._options = wire, base_url, options
        self._known: Known | None = None
        self._lock = threading.Lock()

    def known(self) -> Known:
        """Raises ``PlatformError``, also where one that the settings name is not there."""
        with self._lock:
            if self._known is None:
                self._known = self._find()
            return self._known

    def forget(self) -> None:
        """Find them anew at the next look."""
        with self._lock:
            self._known = None

    @contextmanager
    def refound(self) -> Iterator[None]:
        """What cannot be read for good within the ``with`` may lie elsewhere by now: the next look
        finds the calendars anew."""
        try:
            yield
        except PlatformError as error:
            if error.permanent or error.status == 404:
                self.forget()
            raise

    def found(self) -> Found:
        """All that the server shows to the account, whatever the settings name. Raises
        ``PlatformError``."""
        return discover(self._wire, self._base_url)

    def _find(self) -> Known:
        found = self.found()
        named = tuple(key_of(name) for name in self._options.calendars)
        by_key: dict[str, CalendarPlace] = {}
        for one in found.calendars:
            if one.key in by_key:
                raise PlatformError(
                    f"two calendars there end with {one.key}; write the address of the one that "
                    "is meant as base_url",
                    True,
                )
            by_key[one.key] = one
        for name in named:
            if name not in by_key:
                there = ", ".join(sorted(by_key))
                raise PlatformError(f"there is no calendar {name}; there are: {there}"[:400], True)
        keys = sorted(named) or sorted(by_key.keys() - {self._options.busy_calendar})
        own = found.own_addresses | self._options.own_addresses
        return Known(tuple(by_key[key] for key in keys), found.calendars, own)
