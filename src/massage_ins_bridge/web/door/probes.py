"""Looking whether the database answers, on threads of its own: while all others wait for a
database that is frozen, this still comes back and says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import anyio
import structlog
from anyio import CapacityLimiter, to_thread
from sqlalchemy.exc import SQLAlchemyError

from ...domain.describe import describe

log = structlog.get_logger(__name__)
T = TypeVar("T")
SECONDS = 2.0


class Prober:
    """Runs probes that may hang; each answer comes within ``SECONDS``."""

    def __init__(self) -> None:
        self._threads = CapacityLimiter(2)

    async def good(self, probe: Callable[[], None]) -> bool:
        """Whether the probe came back in time and raised no ``SQLAlchemyError``."""

        def act() -> bool:
            probe()
            return True

        return await self.asked(act, otherwise=False)

    async def asked(self, probe: Callable[[], T], otherwise: T) -> T:
        """What the probe returns; ``otherwise`` where it does not come back in time or raises
        ``SQLAlchemyError``."""
        try:
            with anyio.fail_after(SECONDS):
                return await to_thread.run_sync(
                    probe, abandon_on_cancel=True, limiter=self._threads
                )
        except (TimeoutError, SQLAlchemyError) as error:
            log.warning("the database does not do", error=describe(error))
            return otherwise
