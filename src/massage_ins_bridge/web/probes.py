"""Looking whether the database answers, on threads of its own: while all others wait for a
database that is frozen, this still comes back and says so."""

from __future__ import annotations

from collections.abc import Callable

import anyio
import structlog
from anyio import CapacityLimiter, to_thread
from sqlalchemy.exc import SQLAlchemyError

from ..workflows.faults import describe

log = structlog.get_logger(__name__)
SECONDS = 2.0


class Prober:
    """Runs probes that may hang; each answer comes within ``SECONDS``."""

    def __init__(self) -> None:
        self._threads = CapacityLimiter(2)

    async def good(self, probe: Callable[[], None]) -> bool:
        """Whether the probe came back in time and raised no ``SQLAlchemyError``."""
        try:
            with anyio.fail_after(SECONDS):
                await to_thread.run_sync(probe, abandon_on_cancel=True, limiter=self._threads)
        except (TimeoutError, SQLAlchemyError) as error:
            log.warning("the database does not do", error=describe(error))
            return False
        return True
