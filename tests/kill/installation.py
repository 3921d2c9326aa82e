"""One installation under test: the simulated platform, the service, and what it left behind."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.config import Setup
from benchmarks.processes import (
    Process,
    answers,
    call,
    ending,
    free_port,
    start_service,
    start_standin,
    url_of,
)

INSTANT = 30414


@dataclass(slots=True)
class Installation:
    """The service keeps its address over all its lives; the platform lives once."""

    setup: Setup
    config: Path
    standin: Process
    service: Process
    lives: int = 1

    def kill(self) -> None:
        """SIGKILL: nothing of the service gets to say goodbye."""
        self.service.kill()

    def start_again(self) -> None:
        """The next life, on the same data and the same port. Does not wait."""
        self.service = start_service(self.setup.folder, self.config)
        self.lives += 1

    def wait_ready(self) -> None:
        """Until the service takes up work."""
        self.service.wait_until(lambda: answers(f"{self.setup.url}/readyz"))

    def platform(self, path: str, body: Any = None) -> Any:
        """The platform's controls."""
        return call(f"{self.setup.platform}/_standin/{path}", body)


@contextmanager
def installed(folder: Path, database_url: str = "") -> Iterator[Installation]:
    """Both processes, ended whatever happens."""
    port = free_port()
    api_key, secret = f"cal_{secrets.token_hex(12)}", secrets.token_hex(24)
    hook = Setup(folder, port, "", api_key, secret).webhook
    standin = start_standin(
        *(folder, api_key, secret, hook),
        *("--event-type", f"{INSTANT}:walk-in-massage:60:instant"),
        *("--journal", str(folder / "journal.jsonl")),
    )
    with ending(standin):
        setup = Setup(folder, port, url_of(standin), api_key, secret, database_url)
        config = setup.write()
        with config.open("a", encoding="utf-8") as file:
            file.write(f'"{INSTANT}" = {{service = "medical-massage", self_pay = false}}\n')
        found = Installation(setup, config, standin, start_service(folder, config))
        try:
            found.wait_ready()
            yield found
        finally:
            found.service.stop()
