"""``massage-ins-bridge check FILE`` as a process, against a Python that imports pydantic."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from .facts import third_visit
from .rounds import Report, clocked, compare, in_turn

ROUNDS = 25


def run(rounds: int = ROUNDS) -> Report:
    """Start each in turn, from an empty folder and without any setting."""
    command = str(Path(sys.executable).with_name("massage-ins-bridge"))
    environment = {k: v for k, v in os.environ.items() if not k.startswith("MIB_")}
    with tempfile.TemporaryDirectory() as folder:
        request = Path(folder, "request.json")
        request.write_text(json.dumps(third_visit()), encoding="utf-8")

        def start(*arguments: str) -> None:
            subprocess.run(
                arguments, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL
            )

        contenders = {
            "check": lambda: start(command, "check", str(request)),
            "import pydantic": lambda: start(sys.executable, "-c", "import pydantic"),
            "bare python": lambda: start(sys.executable, "-c", "pass"),
        }
        in_turn(contenders, 2, 1)  # byte code and files into the cache
        found = in_turn(contenders, rounds, 1, "start")
    report = Report(
        "start",
        "massage-ins-bridge check FILE, all plugins, over python -c 'import pydantic'",
        "at most 3",
    )
    compare(report, "check", found, "check", "import pydantic")
    clocked(report, found, "ms", 1e3)
    return report
