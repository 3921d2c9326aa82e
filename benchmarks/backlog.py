"""Many deliveries at once, until each is decided."""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

from massage_ins_bridge.testing.installation import ACCOUNT, Installation

from .deliveries import MEDICAL
from .load import Load, post_from_outside
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
            Installation(Path(name)) as installation,
        ):
            process = installation.serve().process
            installation.services[0].wait_ready()
            before, began = process.processor_seconds(), time.monotonic()
            stored.append(_post(installation).rate)
            _wait(installation)
            rates.append(DELIVERIES / (time.monotonic() - began))
            used.append((process.processor_seconds() - before) / DELIVERIES * 1e3)
    report = Report(
        "backlog",
        f"{DELIVERIES:,} deliveries of as many bookings and clients (insurance, pending, on hold) "
        f"posted at once over {CONNECTIONS} connections: how many are decided in a second, from "
        "the first post to the last decision",
        "at least 60 a second",
    )
    report.times["decided"] = (Spread.of(rates), "a second")
    report.times["stored meanwhile"] = (Spread.of(stored), "a second")
    report.times["processor time of the service"] = (Spread.of(used), "ms a delivery")
    return report


def _post(installation: Installation) -> Load:
    port = urlsplit(installation.services[0].url or "").port or 0
    path = f"/webhooks/{ACCOUNT}"
    return post_from_outside(port, path, installation.secret, DELIVERIES, CONNECTIONS, MEDICAL)


def _wait(installation: Installation) -> None:
    def decided() -> bool:
        installation.check()
        return not undone(installation.folder)

    wait_for(decided, SECONDS, every=0.25)


def undone(folder: Path) -> int:
    """How many deliveries of the installation in this folder are not dealt with."""
    address = f"{(folder / 'data' / 'bridge.sqlite3').as_uri()}?mode=ro"
    with contextlib.closing(sqlite3.connect(address, uri=True, timeout=30)) as made:
        found = made.execute("SELECT count(*) FROM deliveries WHERE done_at IS NULL").fetchone()
    return int(found[0])
