"""The code in the documentation works as it stands there."""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest

from massage_ins_bridge.testing.processes import free_port

pytestmark = pytest.mark.slow  # processes of their own, or a whole service
ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "plugins.md"
#: A file: its name in a line of its own, then its content.
BLOCK = re.compile(r"^`(?P<path>[^`\n]+)`:\n\n```\w+\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)
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


def test_the_readmes_request_is_held(tmp_path: Path) -> None:
    (block,) = BLOCK.finditer((ROOT / "README.md").read_text(encoding="utf-8"))
    (tmp_path / block["path"]).write_text(block["body"], encoding="utf-8")
    done = run(tmp_path, BIN / "massage-ins-bridge", "check", block["path"])
    assert (done.returncode, done.stderr) == (3, "")
    assert done.stdout.startswith("HOLD")
    assert "No prescription is on file" in done.stdout


def test_the_first_booking(tmp_path: Path) -> None:
    """All commands of the tutorial one after another, on ports of their own."""
    page = (ROOT / "docs" / "first-booking.md").read_text(encoding="utf-8")
    script = "".join(re.findall(r"^```sh\n(.*?)^```$", page, re.DOTALL | re.MULTILINE))
    serving, simulated = str(free_port()), str(free_port())
    script = script.replace("8766", serving).replace("8990", simulated)
    ours = {k: v for k, v in os.environ.items() if not k.startswith("MIB_")}
    more = {"PATH": f"{BIN}:{os.environ['PATH']}", "MIB_PORT": serving}
    done = subprocess.Popen(
        ["bash", "-uc", script],
        cwd=tmp_path,
        env=ours | more,
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        said, _ = done.communicate(timeout=90)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(done.pid, signal.SIGKILL)
    found = {path.name: json.loads(path.read_bytes()) for path in tmp_path.glob("*.json")}
    assert [b["state"] for b in found["held.json"]["bookings"]] == ["on hold"], said
    assert [b["state"] for b in found["allowed.json"]["bookings"]] == ["allowed"], said
    assert [b["status"] for b in found["confirmed.json"]] == ["accepted"], said
    assert "BAD" not in said


def test_a_copied_plugin_has_its_own_name_throughout(tmp_path: Path) -> None:
    """The commands of CONTRIBUTING.md, in a folder with the plugin that they copy."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (script,) = re.findall(r"^```sh\n(cp -r .*?)^```$", text, re.DOTALL | re.MULTILINE)
    source = script.split()[2]
    shutil.copytree(ROOT / source, tmp_path / source)
    done = run(tmp_path, "sh", "-euc", script)
    assert (done.returncode, done.stderr) == (0, "")
    made = tmp_path / "plugins" / "payer-acme"
    project = tomllib.loads((made / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["name"] == "massage-ins-bridge-payer-acme"
    points = project["project"]["entry-points"]["massage_ins_bridge"]
    assert points == {"acme": "massage_ins_bridge_acme"}
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == [
        "src/massage_ins_bridge_acme"
    ]
    assert (made / "src" / "massage_ins_bridge_acme" / "rules.toml").exists()
    assert (made / "tests" / "test_acme.py").exists()
    assert "payer-acme" in (made / "README.md").read_text(encoding="utf-8").splitlines()[0]
