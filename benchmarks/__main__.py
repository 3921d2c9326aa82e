"""``python -m benchmarks``: run them one after another and print ratios."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import sys

from .rounds import Report, progress

NAMES = (
    "door",
    "decide",
    "standing",
    "latency",
    "idle",
    "burst",
    "gate",
    "backlog",
    "page",
    "impact",
    "caldav",
    "feeds",
    "start",
)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", choices=NAMES, action="append", metavar="NAME")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--rounds", type=int, help="fewer for a first look, more for less noise")
    options = parser.parse_args()
    reports: list[Report] = []
    before = os.getloadavg()[0]
    for name in options.only or NAMES:
        progress(name)
        module = importlib.import_module(f".{name}", __package__)
        reports.append(module.run(options.rounds) if options.rounds else module.run())
        if not options.json:
            print(reports[-1].text(), flush=True)
    machine = {
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "load_before": round(before, 2),
        "load_after": round(os.getloadavg()[0], 2),
    }
    if options.json:
        found = {"machine": machine, "benchmarks": [r.to_dict() for r in reports]}
        json.dump(found, sys.stdout, indent=2)
        print()
    else:
        print("machine: " + ", ".join(f"{k} {v}" for k, v in machine.items()))


if __name__ == "__main__":
    main()
