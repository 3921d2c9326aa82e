"""Many bookings on the platform at once, until each is confirmed there."""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from massage_ins_bridge.testing.installation import BridgeProcess, Installation

from .deliveries import NO_LAG, RELAXATION, posted
from .load import LoadError, post
from .rounds import Report, Spread, progress, wait_for

ROUNDS, BOOKINGS, CONNECTIONS = 3, 200, 8
#: So long at most; a burst takes some seconds.
SECONDS = 120.0
#: A service that has just started looks at the platform first.
SETTLING = 3.0


def run(rounds: int = ROUNDS) -> Report:
    """A fresh installation for each round."""
    rates, used = [], []
    for number in range(rounds):
        progress(f"burst: round {number + 1} of {rounds}")
        with (
            tempfile.TemporaryDirectory(prefix="mib-bench-") as name,
            Installation(Path(name), options=NO_LAG) as installation,
        ):
            service = installation.serve()
            installation.send_webhooks_to(service.wait_ready())
            time.sleep(SETTLING)
            before = service.process.processor_seconds()
            rates.append(BOOKINGS / burst(installation, service))
            used.append((service.process.processor_seconds() - before) / BOOKINGS * 1e3)
    report = Report(
        "burst",
        f"{BOOKINGS} bookings of as many clients on the simulated platform at once: how many are "
        "confirmed there in a second, from the first booking to the last confirmation",
        "at least 28 a second",
    )
    report.times["confirmed"] = (Spread.of(rates), "a second")
    report.times["processor time of the service"] = (Spread.of(used), "ms a booking")
    return report


def burst(installation: Installation, service: BridgeProcess, first: int = 0) -> float:
    """One burst, its clients numbered from ``first`` on; its seconds by the platform's clock."""
    port = urlsplit(installation.platform_url).port or 0
    before = len(_changes(installation))
    wanted = [_booking(n) for n in range(first, first + BOOKINGS)]
    answered = asyncio.run(post(port, wanted, CONNECTIONS))
    if any(status >= 300 for status in answered.statuses):
        raise LoadError(f"answers were {dict(answered.statuses)}")

    def confirmed() -> list[dict[str, Any]] | None:
        service.process.check()
        changes = _changes(installation)[before:]
        return (
            changes
            if len({c["uid"] for c in changes if c["to"] == "accepted"}) == BOOKINGS
            else None
        )

    changes = wait_for(confirmed, SECONDS)
    times = [datetime.fromisoformat(change["at"]) for change in changes]
    return (max(times) - min(times)).total_seconds()


def _changes(installation: Installation) -> list[dict[str, Any]]:
    changes: list[dict[str, Any]] = installation.control("journal?kind=change")
    return changes


def _booking(number: int) -> bytes:
    start = datetime.now(UTC).replace(microsecond=0) + timedelta(days=30, hours=number)
    booking = {
        "event_type": RELAXATION,
        "start": start.isoformat(),
        "name": f"Client {number:05}",
        "email": f"client{number:05}@patients.example",
    }
    return posted("/_standin/bookings", json.dumps(booking).encode())
