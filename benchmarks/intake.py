"""Webhooks stored per second, against a bare handler that does the same and nothing else."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from massage_ins_bridge.testing.installation import ACCOUNT, Installation
from massage_ins_bridge.testing.processes import ending

from .processes import port_of, start
from .rounds import Report, Spread, progress

ROUNDS, REQUESTS, CONNECTIONS = 3, 4000, 32
OURS, THEIRS = "bridge", "bare Starlette"


class LoadError(Exception):
    """A server did not answer each request with 202."""


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
            ports = {name: port_of(server) for name, server in servers.items()}
            for port in ports.values():
                _load(port, secret, 400)
            found: dict[str, list[dict[str, Any]]] = {OURS: [], THEIRS: []}
            for number in range(rounds):
                progress(f"intake: round {number + 1} of {rounds}")
                for server in sorted(ports, reverse=number % 2 == 1):
                    used = servers[server].processor_seconds()
                    result = _load(ports[server], secret, REQUESTS)
                    used = servers[server].processor_seconds() - used
                    found[server].append({**result, "each_us": used / REQUESTS * 1e6})
    return _report(found)


def _load(port: int, secret: str, count: int) -> dict[str, Any]:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "benchmarks.load", "--port", str(port)),
            *("--path", f"/webhooks/{ACCOUNT}", "--count", str(count)),
            *("--connections", str(CONNECTIONS)),
        ],
        cwd=Path(__file__).parents[1],
        input=secret,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if done.returncode:
        raise LoadError(done.stderr.strip().splitlines()[-1])
    result: dict[str, Any] = json.loads(done.stdout)
    if result["statuses"] != {"202": count}:
        raise LoadError(f"answers were {result['statuses']}")
    return result


def _parser() -> str:
    """What uvicorn takes, by what is installed."""
    found = [name for name in ("uvloop", "httptools") if importlib.util.find_spec(name)]
    return " and ".join(found) or "asyncio and h11"


def _report(found: dict[str, list[dict[str, Any]]]) -> Report:
    report = Report(
        "intake",
        f"distinct signed webhooks stored a second over {CONNECTIONS} connections, over a bare "
        "Starlette handler that verifies and group-commits to SQLite (synchronous=FULL)",
        "at least 0.6",
    )
    pairs = list(zip(found[OURS], found[THEIRS], strict=True))
    report.ratios["rate"] = Spread.of([ours["rate"] / bare["rate"] for ours, bare in pairs])
    if all(row["each_us"] for rows in found.values() for row in rows):
        processor = [bare["each_us"] / ours["each_us"] for ours, bare in pairs]
        report.ratios["rate as processor time would have it"] = Spread.of(processor)
    report.notes.append(f"HTTP is read by {_parser()}")
    for name, rows in found.items():
        report.times[f"{name}, rate"] = (Spread.of([r["rate"] for r in rows]), "a second")
        each = Spread.of([r["each_us"] for r in rows])
        report.times[f"{name}, processor time"] = (each, "µs a request")
        report.times[f"{name}, p99"] = (Spread.of([r["p99_ms"] for r in rows]), "ms")
        busy = Spread.of([100 * r["busy"] for r in rows])
        report.times[f"{name}, load client busy"] = (busy, "% of a processor")
    return report
