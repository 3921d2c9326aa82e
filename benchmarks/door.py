"""What a webhook costs at the door, against a bare handler that does the same and nothing else."""

from __future__ import annotations

import tempfile
from pathlib import Path

from massage_ins_bridge.testing.installation import ACCOUNT, Installation
from massage_ins_bridge.testing.processes import Process, ending

from .load import Load, post_from_outside
from .processes import port_of, start
from .rounds import Report, Spread, progress

ROUNDS, REQUESTS, CONNECTIONS = 6, 4000, 32
OURS, THEIRS = "bridge", "bare Starlette"
Found = dict[str, list[tuple[Load, float]]]


def run(rounds: int = ROUNDS) -> Report:
    """Both servers up, one loaded at a time, in turn."""
    with tempfile.TemporaryDirectory(prefix="mib-bench-") as name:
        folder = Path(name)
        installation = Installation(folder)
        secret = installation.secret
        bridge = start(folder, "bridge", "paused", str(installation.write_settings()))
        bare = start(folder, "bare", "bare", str(folder), stdin=secret)
        with ending(bridge, bare):
            servers = {OURS: bridge, THEIRS: bare}
            for server in servers.values():
                _load(server, secret, 400)
            found: Found = {OURS: [], THEIRS: []}
            for number in range(rounds):
                progress(f"door: round {number + 1} of {rounds}")
                for one in sorted(servers, reverse=number % 2 == 1):
                    used = servers[one].processor_seconds()
                    load = _load(servers[one], secret, REQUESTS)
                    used = servers[one].processor_seconds() - used
                    found[one].append((load, used / REQUESTS * 1e6))
    return _report(found)


def _load(server: Process, secret: str, count: int) -> Load:
    path = f"/webhooks/{ACCOUNT}"
    return post_from_outside(port_of(server), path, secret, count, CONNECTIONS)


def _report(found: Found) -> Report:
    report = Report(
        "door",
        f"distinct signed webhooks stored and answered over {CONNECTIONS} kept-alive connections, "
        "deciding switched off, beside a bare Starlette handler that verifies and group-commits "
        "to SQLite (synchronous=FULL); both on uvloop and httptools",
        "at most 100 µs of processor time above the bare handler, better 75",
    )
    pairs = list(zip(found[OURS], found[THEIRS], strict=True))
    above = Spread.of([ours - bare for (_, ours), (_, bare) in pairs])
    report.times["above the bare handler, processor time"] = (above, "µs a delivery")
    for name, rows in found.items():
        each = Spread.of([used for _, used in rows])
        report.times[f"{name}, processor time"] = (each, "µs a delivery")
        rate = Spread.of([load.rate for load, _ in rows])
        report.times[f"{name}, rate"] = (rate, "a second")
        report.times[f"{name}, p99"] = (Spread.of([load.p99_ms for load, _ in rows]), "ms")
    processor = [ours / bare for (_, ours), (_, bare) in pairs if bare]
    report.ratios["processor time"] = Spread.of(processor or [0.0])
    rates = Spread.of([ours.rate / bare.rate for (ours, _), (bare, _) in pairs])
    report.ratios["rate"] = rates
    return report
