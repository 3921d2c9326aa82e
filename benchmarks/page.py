"""What the staff page costs the service while somebody has it open."""

from __future__ import annotations

import tempfile
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit

from massage_ins_bridge.desk.clock import SystemClock
from massage_ins_bridge.desk.installation import build_installation
from massage_ins_bridge.settings import load_settings
from massage_ins_bridge.store.keys import add_key
from massage_ins_bridge.testing.installation import ACCOUNT, Installation
from massage_ins_bridge.testing.processes import Process

from .backlog import undone
from .deliveries import MEDICAL
from .filled import fill
from .load import post_from_outside
from .processes import used
from .rounds import Report, Spread, progress, wait_for

ROUNDS, BOOKINGS, UNCHANGED = 12, 5000, 50
#: After a change, until what it woke has gone to sleep again.
SETTLING = 1.0


def run(rounds: int = ROUNDS) -> Report:
    """Fill an installation, serve it and look at its page."""
    with tempfile.TemporaryDirectory(prefix="mib-bench-") as name:
        installation = Installation(Path(name), staff_page="key")
        installation.write_settings()
        fill(installation.config, BOOKINGS)
        key = _key(installation.config)
        service = installation.serve()
        try:
            page = _Page(service.wait_ready(knowing=False), key, service.process)
            page.look()
            unchanged = [page.cost(page.look, UNCHANGED) for _ in range(rounds)]
            changed = [_after_change(installation, page, n, rounds) for n in range(rounds)]
        finally:
            installation.stop()
    report = Report(
        "page",
        f"processor time of the service for a refresh of the staff page, {BOOKINGS:,} bookings "
        "stored",
        "under 20 ms where something has changed, next to nothing where nothing has",
    )
    report.times["after a change"] = (Spread.of([1e3 * s for s in changed]), "ms")
    report.times["unchanged"] = (Spread.of([1e3 * s for s in unchanged]), "ms")
    report.times["size"] = (Spread.of([page.size / 1e3]), "kB")
    return report


class _Page:
    """The page's data, asked for as a browser does that has it open."""

    def __init__(self, url: str, key: str, process: Process) -> None:
        self.url = url
        self._process = process
        self._headers = {"authorization": f"Bearer {key}"}
        self.size = 0

    def look(self) -> bool:
        """Whether there was anything new."""
        request = urllib.request.Request(  # noqa: S310 - our own service
            f"{self.url}/staff/bookings.json", headers=self._headers
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - see above
                self.size = len(answer.read())
                self._headers["if-none-match"] = answer.headers["etag"]
                return True
        except HTTPError as error:
            if error.code == 304:
                return False
            raise

    def cost(self, act: Callable[[], object], times: int = 1) -> float:
        """Seconds of the service's processor time for each."""
        before = used(self._process)
        for _ in range(times):
            act()
        return (used(self._process) - before) / times


def _after_change(installation: Installation, page: _Page, number: int, rounds: int) -> float:
    """A new booking comes in and is decided; then somebody looks."""
    progress(f"page: change {number + 1} of {rounds}")
    port = urlsplit(page.url).port or 0
    post_from_outside(port, f"/webhooks/{ACCOUNT}", installation.secret, 1, 1, MEDICAL)
    wait_for(lambda: not undone(installation.folder), 30)
    time.sleep(SETTLING)
    return page.cost(page.look)


def _key(config: Path) -> str:
    """A key for the page."""
    made = build_installation(load_settings(config, environ={}), SystemClock())
    try:
        return add_key(made.store, made.clinic, "benchmark", datetime.now(UTC))
    finally:
        made.close()
