"""The code in the documentation works as it stands there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

pytestmark = pytest.mark.slow  # processes of their own, or a whole service

PAGE = Path(__file__).parents[2] / "docs" / "plugins.md"
BLOCK = re.compile(r'^```\w+ title="(?P<path>[^"]+)"\n(?P<body>.*?)^```$', re.DOTALL | re.MULTILINE)
BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page's files, laid out as it says, built, and put where Python finds them."""
    folder = tmp_path_factory.mktemp("evergreen")
    for block in BLOCK.finditer(PAGE.read_text(encoding="utf-8")):
        path = folder / block["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block["body"], encoding="utf-8")
    run(folder, sys.executable, "-m", "hatchling", "build", "-t", "wheel")
    (wheel,) = folder.glob("dist/*.whl")
    ZipFile(wheel).extractall(folder / "installed")
    return folder


def run(folder: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(folder / "installed")}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_its_tests_pass(plugin: Path) -> None:
    done = run(plugin, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 passed" in done.stdout


def test_its_request_is_answered_as_shown(plugin: Path) -> None:
    done = run(plugin, BIN / "massage-ins-bridge", "check", "--json", "request.json")
    assert done.returncode == 3, done.stderr
    decision = json.loads(done.stdout)
    shown = json.loads((plugin / "requirement.json").read_text(encoding="utf-8"))
    assert shown in decision["requirements"]
    assert decision["ruleset"]["evergreen"] == "2026.11.1"
