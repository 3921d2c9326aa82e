"""Small installed distributions with plugins in them, and a process that decides with them."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from massage_ins_bridge.testing.requests import requirement

RUNNER = Path(__file__).with_name("run_host.py")
VERSION = "1.2.3"
HEAD = """
from massage_ins_bridge.api import Action, Answer, Payer, Requirement, Source, Waiver, hookimpl
import sys, time

def note(key, plugin, **more):
    values = dict(status="met", effect="none", rule="X-1", plugin=plugin, message="Well.",
                  remedy="", patient_message="", source=Source("a test"))
    return Requirement(key=key, **(values | more))
"""


def install(folder: Path, name: str, code: str) -> None:
    """A distribution as a package tool leaves it: a package and its metadata."""
    package = "mib_trial_" + name.replace("-", "_")
    (folder / package).mkdir()
    (folder / package / "__init__.py").write_text(HEAD + code, encoding="utf-8")
    info = folder / f"{package}-{VERSION}.dist-info"
    info.mkdir()
    metadata = f"Metadata-Version: 2.1\nName: {package.replace('_', '-')}\nVersion: {VERSION}\n"
    (info / "METADATA").write_text(metadata, encoding="utf-8")
    points = f"[massage_ins_bridge]\n{name} = {package}\n"
    (info / "entry_points.txt").write_text(points, encoding="utf-8")


@dataclass(frozen=True)
class Run:
    """What the process said before it ended: its decisions, how each plugin is, and how long all
    that took, from the loading of the plugins on."""

    decisions: list[dict[str, Any]]
    waits: list[float]
    plugins: dict[str, list[dict[str, Any]]]
    seconds: float


def failures(decision: Mapping[str, Any]) -> dict[str, str]:
    failed = [item for item in decision["requirements"] if item["key"] == "plugin.failed"]
    return {item["plugin"]: item["message"] for item in failed}


def decide(folder: Path, *requests: Mapping[str, Any], time_limit: float = 5) -> Run:
    """Decide the requests, one after the other, in a process that has the folder's plugins too."""
    asked = {"requests": requests, "time_limit": time_limit}
    command, environ = [sys.executable, str(RUNNER)], {**os.environ, "PYTHONPATH": str(folder)}
    given: Any = {"input": json.dumps(asked), "capture_output": True, "text": True}
    done = subprocess.run(command, env=environ, timeout=60, check=False, **given)
    assert done.returncode == 0, done.stderr
    return Run(**json.loads(done.stdout))


def assert_held_for(decision: Mapping[str, Any], plugin: str, *words: str) -> None:
    """Held exactly, the plugin named with each word of the reason, other answers still shown."""
    assert decision["outcome"] == "hold"
    message = failures(decision)[plugin]
    assert not [word for word in (repr(plugin), *words) if word not in message]
    assert "Test Patient" not in message
    for key in ("coverage", "prescription", "prior-authorization"):
        assert requirement(dict(decision), key) is not None, key
