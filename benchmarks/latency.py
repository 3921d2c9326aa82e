"""From a webhook to its write on the platform, everything idle."""

from __future__ import annotations

import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from massage_ins_bridge.testing.installation import Installation

from .deliveries import NO_LAG, RELAXATION
from .rounds import Report, Spread, progress

BOOKINGS, WARM_UP = 40, 5
#: Idle between two bookings, so that none profits from what the last one woke.
PAUSE = 0.87


def run(bookings: int = BOOKINGS) -> Report:
    """One booking after another through the simulated platform."""
    with (
        tempfile.TemporaryDirectory(prefix="mib-bench-") as name,
        Installation(Path(name), options=NO_LAG) as installation,
    ):
        installation.send_webhooks_to(installation.serve().wait_ready())
        took = [_one(installation, n) for n in range(bookings + WARM_UP)][WARM_UP:]
    report = Report(
        "latency",
        "from a booking on the simulated platform to its confirmation there (webhook, inbox, "
        "durable run, decision, durable write), nothing else going on",
        "median below 60 ms",
    )
    report.times["booked to confirmed"] = (Spread.of(took), "ms")
    return report


def _one(installation: Installation, number: int) -> float:
    if number % 10 == 0:
        progress(f"latency: booking {number + 1}")
    time.sleep(PAUSE + (number % 7) * 0.031)
    start = datetime.now(UTC) + timedelta(days=30, hours=number)
    booking = {
        "event_type": RELAXATION,
        "start": start.isoformat(),
        "name": f"Client {number:05}",
        "email": f"client{number:05}@patients.example",
    }
    uid = installation.control("bookings", booking)["uid"]
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        changes = installation.control(f"journal?kind=change&uid={uid}")
        if changes[-1]["to"] == "accepted":
            return (_at(changes[-1]) - _at(changes[0])).total_seconds() * 1e3
        time.sleep(0.05)
    raise TimeoutError(f"booking {uid} is not confirmed after 30 s")


def _at(entry: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(entry["at"])
