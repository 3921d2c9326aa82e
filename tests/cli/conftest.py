"""Running the command line as a user does: as a process, in a folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from massage_ins_bridge.testing.requests import request as valid_request

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """``run("check", "-", input=...)`` in an empty folder, without settings from outside."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith("MIB_")}

    def call(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "massage_ins_bridge.cli.main", *arguments]
        return subprocess.run(
            command,
            cwd=tmp_path,
            env=environ | options.pop("env", {}),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            **options,
        )

    return call


@pytest.fixture
def text() -> Callable[..., str]:
    """A valid request as JSON text, with changes by dotted path."""

    def make(**changes: Any) -> str:
        return json.dumps(valid_request("regence", **changes))

    return make
