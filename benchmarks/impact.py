"""How long ``rules impact`` takes over many standing bookings."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from massage_ins_bridge.testing.installation import Installation

from .filled import fill
from .rounds import Report, Spread, progress

ROUNDS, BOOKINGS = 3, 10_000
EDITED = """
[[rules]]
plugin = "core"
id = "RX-07"
source = "a clinic's choice"
values = { lead_days = 9 }
"""


def run(rounds: int = ROUNDS) -> Report:
    """Fill an installation and look what an edited file would change, as the command does."""
    with tempfile.TemporaryDirectory(prefix="mib-bench-") as name:
        installation = Installation(Path(name))
        installation.write_settings()
        fill(installation.config, BOOKINGS, past=0)
        edited = Path(name) / "edited.toml"
        edited.write_text(EDITED)
        program = str(Path(sys.executable).with_name("massage-ins-bridge"))
        command = (program, "rules", "impact", str(edited))
        times = []
        for number in range(rounds):
            progress(f"impact: round {number + 1} of {rounds}")
            began = time.monotonic()
            subprocess.run(
                (*command, "--config", str(installation.config)), check=True, capture_output=True
            )
            times.append(time.monotonic() - began)
    report = Report(
        "impact", f"rules impact over {BOOKINGS:,} standing bookings, whole", "under 30 s"
    )
    report.times["whole"] = (Spread.of(times), "s")
    return report
