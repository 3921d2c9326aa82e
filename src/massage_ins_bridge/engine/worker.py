"""All that runs beside the web application: the inbox, and the engine."""

from __future__ import annotations

import time

import structlog

from ..desk.installation import Installation
from ..store.inbox import Inbox
from .engine import REFUSED_SECONDS, Engine

log = structlog.get_logger(__name__)


class Worker:
    """Starts in the order in which the parts need each other, stops in the other."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.inbox = Inbox(installation.store)
        self.engine = Engine(installation)

    @property
    def trouble(self) -> str:
        """Why deliveries are not taken or work is not done; empty where both are. It asks the
        engine's database, and takes as long as that does."""
        if not self.inbox.alive:
            return "inbox: deliveries are not taken any more; start the service anew"
        refused = self.inbox.refused_at
        if refused is not None and time.monotonic() - refused < REFUSED_SECONDS:
            return "inbox: a delivery could not be stored: is the disk full?"
        return self.engine.trouble

    def start(self) -> None:
        """Raises ``StartError`` and whatever the engine's database raises; nothing runs then."""
        try:
            self.engine.start()
        except BaseException:
            self._end()
            raise
        log.info("started", accounts=len(self.installation.accounts))

    def stop(self) -> None:
        """Everything answered is on disk; work cut short goes on at the next start."""
        self._end()
        log.info("stopped")

    def _end(self) -> None:
        self.inbox.close()
        self.engine.stop()
        self.installation.close()
