"""What the desk's Today costs the service while somebody has it open: whether anything changed is
asked every 20 seconds, and the page is made anew when somebody wants to see it."""

from __future__ import annotations

import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from massage_ins_bridge.desk.clock import SystemClock
from massage_ins_bridge.desk.installation import build_installation
from massage_ins_bridge.desk.users import add_user
from massage_ins_bridge.settings import load_settings
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
#: At rest is who takes less than this share of a core, so many times one after the other.
RESTS, AT_REST = 0.1, 5


def run(rounds: int = ROUNDS) -> Report:
    """Fill an installation, serve it and look at its page."""
    with tempfile.TemporaryDirectory(prefix="mib-bench-") as name:
        installation = Installation(Path(name), staff_page="sign-in")
        installation.write_settings()
        fill(installation.config, BOOKINGS)
        session = _session(installation.config)
        service = installation.serve()
        try:
            page = _Page(service.wait_ready(knowing=False), session, service.process)
            page.look()
            _until_at_rest(service.process)
            unchanged = [page.cost(page.ask, UNCHANGED) for _ in range(rounds)]
            changed = [_after_change(installation, page, n, rounds) for n in range(rounds)]
        finally:
            installation.stop()
    report = Report(
        "page",
        f"processor time of the service for a look at Today, {BOOKINGS:,} bookings stored",
        "under 20 ms where something has changed, next to nothing where nothing has",
    )
    report.times["after a change"] = (Spread.of([1e3 * s for s in changed]), "ms")
    report.times["unchanged"] = (Spread.of([1e3 * s for s in unchanged]), "ms")
    report.times["size"] = (Spread.of([page.size / 1e3]), "kB")
    return report


class _Page:
    """Today, as a browser asks for it that has it open."""

    def __init__(self, url: str, session: str, process: Process) -> None:
        self.url = url
        self._process = process
        self._session = session
        self.size = 0

    def look(self) -> None:
        """Show the day."""
        self.size = len(self._get("/today"))

    def ask(self) -> None:
        """Whether anything changed."""
        self._get("/mark")

    def _get(self, path: str) -> bytes:
        port = urlsplit(self.url).port
        cookie = {"cookie": f"mib_session_{port}={self._session}"}
        request = urllib.request.Request(  # noqa: S310 - our own service
            f"{self.url}{path}", headers=cookie
        )
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - see above
            body: bytes = answer.read()
        assert b"Sign in" not in body
        return body

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


def _until_at_rest(process: Process) -> None:
    """What was filled in is gone through once by the service when it starts, which takes a slow
    machine most of a minute; each look would be charged with its part of that."""
    quiet = 0
    while quiet < AT_REST:
        progress("page: until the service is at rest")
        before = used(process)
        time.sleep(SETTLING)
        quiet = quiet + 1 if used(process) - before < RESTS * SETTLING else 0


def _session(config: Path) -> str:
    """The session of somebody who is signed in."""
    made = build_installation(load_settings(config, environ={}), SystemClock())
    try:
        with made.write() as record:
            sent = {"name": "Dana", "email": "dana@example.com", "role": "front-desk"}
            return record.users.begin_session(add_user(record, sent).id)[1]
    finally:
        made.close()
