"""What a service costs that has nothing to do."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from massage_ins_bridge.testing.installation import Installation

from .rounds import Report, Spread, progress

#: Once around the schedules.
SECONDS = 60.0
#: After the start, and once what a booking woke has gone to sleep again.
SETTLING = 5.0


def run(rounds: int = 1) -> Report:
    """Serve, connected to the simulated platform, and watch."""
    with (
        tempfile.TemporaryDirectory(prefix="mib-bench-") as name,
        Installation(Path(name)) as installation,
    ):
        service = installation.serve()
        installation.send_webhooks_to(service.wait_ready())
        time.sleep(SETTLING)
        used = []
        for number in range(rounds):
            progress(f"idle: round {number + 1} of {rounds}")
            before = service.process.processor_seconds()
            time.sleep(SECONDS)
            used.append((service.process.processor_seconds() - before) / SECONDS)
    report = Report(
        "idle",
        f"processor time of a served installation in idleness, over {SECONDS:g} s",
        "under 3 % of a core",
    )
    report.times["processor time"] = (Spread.of([100 * share for share in used]), "% of a core")
    return report
