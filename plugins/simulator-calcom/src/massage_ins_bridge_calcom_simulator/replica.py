"""What reads see: a copy of the database that lags behind
(apps/api/v2/src/platform/bookings/2024-08-13/repositories/bookings.repository.ts reads with
``PrismaReadService`` throughout).

It is counted in reads and not in seconds, so that it is the same each time.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass

from .bookings import Booking


@dataclass(slots=True)
class _Former:
    state: Booking | None
    reads: int


class Replica:
    """The first ``lag`` reads after a change see a booking as it was before; after several
    changes, as it was before the first."""

    def __init__(self, lag: int) -> None:
        self.lag = lag
        self._former: dict[str, _Former] = {}

    def before_change(self, uid: str, booking: Booking | None) -> None:
        """To be called before a booking changes; ``None``: it is not there yet."""
        if self.lag and uid not in self._former:
            self._former[uid] = _Former(copy.deepcopy(booking), self.lag)

    def read(self, uid: str, booking: Booking | None) -> Booking | None:
        """The booking as this read sees it."""
        former = self._former.get(uid)
        if former is None:
            return booking
        former.reads -= 1
        if former.reads <= 0:
            del self._former[uid]
        return former.state

    def is_new(self, uid: str) -> bool:
        """Whether the copy does not hold the booking yet."""
        former = self._former.get(uid)
        return former is not None and former.state is None

    def catch_up(self) -> None:
        """From now on every read sees what is."""
        self._former.clear()
