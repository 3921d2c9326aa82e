"""All that runs beside the web application: inbox, durable runs, schedules."""

from __future__ import annotations

import structlog

from ..store.inbox import Inbox
from .clock import DemoClock
from .runner import Runner
from .service import Service
from .sweeps import Sweeper

log = structlog.get_logger(__name__)


class Worker:
    """Starts in the order in which the parts need each other, stops in the other."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.inbox = Inbox(service.store)
        self.runner = Runner(service)
        self.sweeper = Sweeper(service, self.runner)
        self._started = False

    @property
    def ready(self) -> bool:
        """Whether all of it is at work."""
        parts = (self.inbox.alive, self.runner.alive, self.sweeper.alive)
        return self._started and all(parts)

    def start(self) -> None:
        try:
            self.runner.start()
        except BaseException:
            self.runner.stop()
            raise
        self.sweeper.start()
        if isinstance(self.service.clock, DemoClock):
            self.service.clock.on_change = self.sweeper.poke
        self._started = True
        log.info("started", accounts=len(self.service.accounts))

    def stop(self) -> None:
        """Everything answered is on disk; work cut short goes on at the next start."""
        self._started = False
        self.inbox.close()
        self.sweeper.stop()
        self.runner.stop()
        self.service.close()
        log.info("stopped")
