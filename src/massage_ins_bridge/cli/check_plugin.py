"""``check-plugin``: the conformance suite against one plugin, as pytest runs it."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from ..settings import StartError

SUITE = Path(__file__).parents[1] / "testing" / "conformance"
PLUGIN = "massage_ins_bridge.testing.conformance.command"


def run(*, plugin: str, verbose: bool = False) -> int:
    """Run it: 0 where all is well, 1 where something is amiss, 2 where there is no such plugin.
    Raises ``StartError`` where pytest is missing."""
    if find_spec("pytest") is None:
        raise StartError("check-plugin runs its checks with pytest; install it: pip install pytest")
    options = ["-c", SUITE / "pytest.ini", f"--rootdir={Path.cwd()}", "-p", PLUGIN]
    options += [
        "--mib-plugin",
        plugin,
        "--no-header",
        "--tb=short",
        "-rN",
        "-v" if verbose else "-q",
    ]
    command = [sys.executable, "-m", "pytest", *map(str, options), str(SUITE / "asked_plugin.py")]
    done = subprocess.run(command, check=False)  # noqa: S603 - this Python, and our own options
    return done.returncode if done.returncode in (0, 1) else 2
