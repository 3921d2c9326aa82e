"""Many deliveries at once, until each is decided."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from massage_ins_bridge.testing.installation import ACCOUNT, Installation

from .deliveries import MEDICAL, NO_LAG, booking
from .load import Load, LoadError, new_stem, post, post_from_outside, uid
from .rounds import Report, Spread, progress, wait_for

DELIVERIES, CONNECTIONS = 5000, 32
SECONDS = 600.0


def run(rounds: int = 1) -> Report:
    """A fresh installation for each round."""
    rates, used, stored = [], [], []
    for number in range(rounds):
        progress(f"backlog: round {number + 1} of {rounds}")
        with (
            tempfile.TemporaryDirectory(prefix="mib-bench-") as name,
            Installation(Path(name), options=NO_LAG) as installation,
        ):
            process = installation.serve().process
            installation.services[0].wait_ready()
            stem = new_stem()
            _book(installation, stem)
            before, began = process.processor_seconds(), time.monotonic()
            stored.append(_post(installation, stem).rate)
            _wait(installation)
            rates.append(DELIVERIES / (time.monotonic() - began))
            used.append((process.processor_seconds() - before) / DELIVERIES * 1e3)
            _check(installation.folder)
    report = Report(
        "backlog",
        f"{DELIVERIES:,} deliveries of as many bookings and clients (insurance, pending, on hold; "
        f"the platform has them all) posted at once over {CONNECTIONS} connections: how many are "
        "decided in a second, from the first post to the last decision",
        "at least 60 a second",
    )
    report.times["decided"] = (Spread.of(rates), "a second")
    report.times["stored meanwhile"] = (Spread.of(stored), "a second")
    report.times["processor time of the service"] = (Spread.of(used), "ms a delivery")
    return report


def _book(installation: Installation, stem: str) -> None:
    """The platform has the bookings, and tells nobody: its webhooks go nowhere. Each delivery is
    read there first, and one that it does not know takes a minute by design."""
    port, now = urlsplit(installation.platform_url).port or 0, datetime.now(UTC)
    made = [booking(uid(stem, n), n, now, MEDICAL) for n in range(DELIVERIES)]
    answered = asyncio.run(post(port, made, CONNECTIONS))
    if any(status >= 300 for status in answered.statuses):
        raise LoadError(f"the platform's answers were {dict(answered.statuses)}")


def _post(installation: Installation, stem: str) -> Load:
    port = urlsplit(installation.services[0].url or "").port or 0
    path, secret = f"/webhooks/{ACCOUNT}", installation.secret
    return post_from_outside(port, path, secret, DELIVERIES, CONNECTIONS, MEDICAL, stem)


def _wait(installation: Installation) -> None:
    def decided() -> bool:
        installation.check()
        return not undone(installation.folder)

    wait_for(decided, SECONDS, every=0.25)


def undone(folder: Path) -> int:
    """How many deliveries of the installation in this folder are not dealt with."""
    return _count(folder, "done_at IS NULL")


def _check(folder: Path) -> None:
    """Raises ``LoadError`` where not every delivery led to a decision: others are cheaper."""
    if (decided := _count(folder, "result = 'decided'")) != DELIVERIES:
        raise LoadError(f"only {decided} of {DELIVERIES} deliveries led to a decision")


def _count(folder: Path, where: str) -> int:
    address = f"{(folder / 'data' / 'bridge.sqlite3').as_uri()}?mode=ro"
    query = f"SELECT count(*) FROM deliveries WHERE {where}"  # noqa: S608 - our own words
    with contextlib.closing(sqlite3.connect(address, uri=True, timeout=30)) as made:
        return int(made.execute(query).fetchone()[0])
