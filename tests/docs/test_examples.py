"""The code in the documentation works as it stands there."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from zipfile import ZipFile

import httpx
import pytest
from tests.web.sockets import end

from massage_ins_bridge.testing.processes import free_port
from massage_ins_bridge_calcom_simulator.testing import Simulator

pytestmark = pytest.mark.slow  # processes of their own, or a whole service
ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "plugins.md"
#: A file: its name in a line of its own, then its content.
BLOCK = re.compile(r"^`(?P<path>[^`\n]+)`:\n\n```\w+\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)
BIN = Path(sys.executable).parent
#: Seconds until a command is taken to hang. Beside a whole run of the suite on a slow machine the
#: tutorial, half a minute long, has taken more than 90.
PATIENCE = 400
Found = TypeVar("Found")


@pytest.fixture(scope="module")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page's files, laid out as it says, built, and put where Python finds them."""
    return built(PAGE, tmp_path_factory.mktemp("evergreen"))


def built(page: Path, folder: Path) -> Path:
    for block in BLOCK.finditer(page.read_text(encoding="utf-8")):
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
    command = ["bash", "-uc", script]
    with (tmp_path / "said").open("w", encoding="utf-8") as out:
        done = subprocess.Popen(
            command,
            cwd=tmp_path,
            env=on_path() | {"MIB_PORT": serving},
            start_new_session=True,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            done.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            pytest.fail("it did not end, but said:\n" + (tmp_path / "said").read_text())
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(done.pid, signal.SIGKILL)
            done.wait()
    said = (tmp_path / "said").read_text(encoding="utf-8")
    found = {path.name: json.loads(path.read_bytes()) for path in tmp_path.glob("*.json")}
    assert [b["state"] for b in found["held.json"]["bookings"]] == ["on hold"], said
    assert [b["state"] for b in found["allowed.json"]["bookings"]] == ["allowed"], said
    assert [b["status"] for b in found["confirmed.json"]] == ["accepted"], said
    assert "BAD" not in said


@contextlib.contextmanager
def served(folder: Path, command: str, port: int) -> Iterator[None]:
    """The service of a folder, until it is ready."""
    with subprocess.Popen(
        ["bash", "-euc", f"exec {command}"], cwd=folder, env=on_path()
    ) as process:
        try:
            until(lambda: ready(port))
            yield
        finally:
            end(process)


def ready(port: int) -> bool:
    with contextlib.suppress(httpx.HTTPError):
        return httpx.get(f"http://127.0.0.1:{port}/readyz").is_success
    return False


def until(found: Callable[[], Found]) -> Found:
    deadline = time.monotonic() + PATIENCE
    while not (result := found()):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    return result


def on_path() -> dict[str, str]:
    ours = {k: v for k, v in os.environ.items() if not k.startswith("MIB_")}
    return {**ours, "PATH": f"{BIN}:{os.environ['PATH']}"}


def test_connecting_calcom_from_observing_to_enforcing(tmp_path: Path) -> None:
    """The page's settings and commands, one after another, with a simulated Cal.com."""
    page = (ROOT / "docs" / "connectors" / "calcom.md").read_text(encoding="utf-8")
    policy, doctor, serve, preview, _ = re.findall(
        r"^```sh\n(.*?)^```$", page, re.DOTALL | re.MULTILINE
    )
    account, address, _ = re.findall(r"^```toml\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    key, port, file = "cal_secret_of_this_try", free_port(), tmp_path / "massage-ins-bridge.toml"

    def said(script: str) -> str:
        command = ["bash", "-euc", script]
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env=on_path(),
            input=key,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    said(policy)
    secret = (tmp_path / "calcom-webhook-secret").read_text("utf-8").strip()
    hook = f"http://127.0.0.1:{port}/webhooks/front-desk"
    with Simulator("--api-key", key, "--secret", secret, "--webhook-url", hook) as calcom:
        written = f"{address}port = {port}\n{file.read_text('utf-8')}{account}"
        written = written.replace("https://YOUR-ADDRESS", f"http://127.0.0.1:{port}")
        file.write_text(written.replace("https://api.cal.com", calcom.url), "utf-8")
        said(doctor)
        with served(tmp_path, serve, port):
            start = (datetime.now(UTC) + timedelta(days=21)).isoformat()
            uid = calcom.book(start=start, answers={"insurance": "Regence"})
            until(lambda: "on hold" in said("mib booking list --days 30"))
        file.write_text(file.read_text("utf-8").replace('"observe"', '"enforce"'), "utf-8")
        assert "has not been started with these settings" in said(preview)
        with served(tmp_path, serve, port):
            until(lambda: "Let them through" in said(preview))
        assert calcom.changes(uid) == [("new", "pending", "attendee")]


def two_free_ports() -> int:
    """The first of two ports, one after the other, that nobody listens on."""
    while True:
        port = free_port()
        with socket.socket() as made, contextlib.suppress(OSError, OverflowError):
            made.bind(("127.0.0.1", port + 1))
            return port


def test_a_platform_is_integrated_by_the_page_alone(tmp_path: Path) -> None:
    """Its commands with curl, and its two programs, on a sandbox that runs."""
    page = (ROOT / "docs" / "integrate.md").read_text(encoding="utf-8")
    install, *_ = re.findall(r"^```sh\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    send, read, more = re.findall(r"^```bash\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    port, receiving = two_free_ports(), free_port()
    ports = {"8766": str(port), "8767": str(port + 1), "9000": str(receiving)}

    def here(text: str) -> str:
        return re.sub(r"\b(?:8766|8767|9000)\b", lambda found: ports[found[0]], text)

    def said(script: str) -> str:
        done = subprocess.run(
            ["bash", "-euc", here(script)],
            cwd=tmp_path,
            env=on_path(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    command = f"{install.splitlines()[-1]} --port {port}"
    with served(tmp_path, command, port):
        assert json.loads(said(send))["delivery"]
        (decision,) = until(lambda: json.loads(said(read)))  # a moment later, however long
        shown = json.loads(re.findall(r"^```json\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)[0])
        assert set(decision) - {"webhook-id"} == set(shown)
        assert set(decision["data"]) == set(shown["data"])
        for key in ("id", "outcome", "action", "staff_message", "refused_at", "test"):
            assert decision["data"][key] == shown["data"][key]
        (missing,) = decision["data"]["remedies"]
        assert missing["requirement"] == "prescription"
    for block in BLOCK.finditer(page):
        (tmp_path / block["path"]).write_text(here(block["body"]), encoding="utf-8")
    log = tmp_path / "received.txt"
    with (
        log.open("w") as out,
        subprocess.Popen([sys.executable, "receiver.py"], cwd=tmp_path, stdout=out) as receiver,
    ):
        try:
            to = f"http://127.0.0.1:{receiving}/decisions"
            with served(tmp_path, f"{command} --send-to {to}", port):
                said(more)
                until(lambda: len(log.read_text("utf-8").splitlines()) == 2)
        finally:
            end(receiver)
    actions = [line.split()[:2] for line in log.read_text("utf-8").splitlines()]
    assert sorted(actions) == [["b-2001", "confirm"], ["b-2002", "reject"]]


def test_the_rules_of_ones_own_are_taken_and_told(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    blocks = {block["path"]: block["body"] for block in BLOCK.finditer(page)}
    (tmp_path / "own-rules.toml").write_text(blocks["own-rules.toml"], encoding="utf-8")
    (tmp_path / "none.toml").touch()
    command = (BIN / "massage-ins-bridge", "rules", "diff", "none.toml", "own-rules.toml")
    told = run(tmp_path, *command)
    assert told.returncode == 0, told.stderr
    assert "lead_days is 7; it was 4." in told.stdout
    assert "plans is now with UMP Retiree." in told.stdout
