"""The services under test, of which one after another is killed."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from massage_ins_bridge.testing import PATIENCE
from massage_ins_bridge.testing.installation import EVENT_TYPES, EventType, Installation
from massage_ins_bridge.testing.processes import free_port, stop

INSTANT = EventType(30414, "walk-in-massage", "instant", "medical-massage")


@dataclass(slots=True)
class Fleet:
    """``size`` services on one database, each without a name that we gave it. One that is alone is
    started again at its old address, which nobody takes meanwhile. Where there are others, a killed
    one never comes back: a new one, at an address of its own, takes its place."""

    installation: Installation
    size: int
    database_url: str = ""
    lives: int = 0
    _known: list[str] = field(default_factory=list)

    def start(self) -> None:
        """All at once, on a database that is still empty."""
        for _ in range(self.size):
            self._serve(free_port() if self.size == 1 else 0)
        self.wait_ready()

    def kill_one(self, chance: random.Random) -> None:
        """SIGKILL for any of them, and the next life in its stead, which is not waited for."""
        address = self.address(chance)
        self.installation.kill(chance.choice(self.installation.services))
        self._serve(int(address.rpartition(":")[2]) if self.size == 1 else 0)

    def address(self, chance: random.Random) -> str:
        """Where one of them listens; if none does at this moment, where one did."""
        listening = [service.url for service in self.installation.services]
        self._known = [url for url in listening if url] or self._known
        return chance.choice(self._known)

    def wait_ready(self) -> None:
        """Until every one of them takes up work."""
        for service in self.installation.services:
            service.wait_ready()

    def stop(self) -> None:
        """End all of them in order."""
        stop(*(service.process for service in self.installation.services))

    def platform(self, path: str, body: Any = None) -> Any:
        """The platform's controls."""
        return self.installation.control(path, body)

    def _serve(self, port: int = 0) -> None:
        self.lives += 1
        self.installation.serve(f"bridge-{self.lives}", port)


@contextmanager
def fleet(folder: Path, size: int, database_url: str = "") -> Iterator[Fleet]:
    """A platform and its fleet, ended whatever happens. It sends again what nobody took: what is
    lost while all are dead is found by the regular look, for which nobody waits here."""
    options = ("--journal", str(folder / "journal.jsonl"), "--unlike", "sent-once")
    settings: dict[str, Any] = {"plugin_time_limit": PATIENCE}  # none is slow here on purpose
    settings |= {"database_url": database_url} if database_url else {}
    kinds = (*EVENT_TYPES, INSTANT)
    with Installation(folder, kinds, options=options, **settings) as installation:
        made = Fleet(installation, size, database_url)
        made.start()
        yield made
