"""The service is killed at any moment: what was answered with 202 is decided exactly once, and no
booking's state on the platform is changed twice.

The platform is the Cal.com stand-in, a process of its own that keeps a journal of all changes.
``TEST_KILLS`` sets how often the service is killed.
"""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

pytest.importorskip("massage_ins_bridge_calcom")
KILLS = int(os.environ.get("TEST_KILLS", "5"))
PER_ROUND = 6
SERVE = "import typer; from massage_ins_bridge.cli.serve import serve; typer.run(serve)"
SETTINGS = """
data_dir = "{data}"
[clinic]
timezone = "America/Los_Angeles"
[[accounts]]
name = "desk"
connector = "calcom"
enforcement = "enforce"
base_url = "{platform}"
api_key = "cal_test"
webhook_secret = "hook"
rate_limit = 60000
[accounts.services]
"30412" = {{service = "relaxation-massage", self_pay = true}}
"""


@dataclass
class Scene:
    """The stand-in, and the service that is killed and started over."""

    folder: Path
    platform: str
    port: int
    service: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self.folder / "serve.log").open("ab") as log:
            self.service = subprocess.Popen(
                [sys.executable, "-c", SERVE, "--config", str(self.folder / "bridge.toml"),
                 "--port", str(self.port)],
                stdout=log, stderr=log, cwd=self.folder,
            )  # fmt: skip

    def kill(self) -> None:
        assert self.service is not None
        self.service.send_signal(signal.SIGKILL)
        self.service.wait()

    def book(self, number: int) -> str:
        booking = {
            "event_type": 30412,
            "start": f"2027-01-{1 + number % 28:02}T{8 + number // 28:02}:00:00Z",
            "name": f"Client {number}",
            "email": f"c{number % 4}@example.com",
        }
        made = httpx.post(f"{self.platform}/_standin/bookings", json=booking, trust_env=False)
        made.raise_for_status()
        return str(made.json()["uid"])

    def get(self, path: str) -> Any:
        return httpx.get(f"{self.platform}/_standin/{path}", trust_env=False, timeout=20).json()

    def count(self, query: str) -> Any:
        with sqlite3.connect(self.folder / "data" / "bridge.sqlite3", timeout=20) as connection:
            return connection.execute(query).fetchone()[0]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    port = free_port()
    standin = subprocess.Popen(
        [sys.executable, "-m", "massage_ins_bridge_calcom_simulator", "--api-key", "cal_test",
         "--secret", "hook", "--webhook-url", f"http://127.0.0.1:{port}/webhooks/desk"],
        stdout=subprocess.PIPE,
    )  # fmt: skip
    assert standin.stdout is not None
    platform = json.loads(standin.stdout.readline())["url"]
    made = Scene(tmp_path, platform, port)
    text = SETTINGS.format(data=tmp_path / "data", platform=platform)
    (tmp_path / "bridge.toml").write_text(text, encoding="utf-8")
    try:
        yield made
    finally:
        for process in (made.service, standin):
            if process is not None and process.poll() is None:
                process.kill()
                process.wait()
        standin.stdout.close()


def wait_for(scene: Scene, uids: list[str]) -> None:
    """Until the platform has accepted every booking and every delivery was dealt with."""
    end = time.monotonic() + 90 + 8 * KILLS
    while time.monotonic() < end:
        accepted = {b["uid"] for b in scene.get("bookings") if b["status"] == "accepted"}
        if set(uids) <= accepted and not scene.count(
            "SELECT (SELECT count(*) FROM deliveries) - (SELECT count(*) FROM intakes)"
        ):
            return
        time.sleep(0.3)
    raise AssertionError((scene.folder / "serve.log").read_text(encoding="utf-8")[-4000:])


@pytest.mark.slow
@pytest.mark.timeout(150 + KILLS * 30)
def test_killed_at_any_moment(scene: Scene) -> None:
    chance = random.Random(os.environ.get("TEST_SEED", "1"))
    uids: list[str] = []
    for round_number in range(KILLS):
        scene.start()
        time.sleep(chance.uniform(0.5, 2.5))
        uids += [scene.book(round_number * PER_ROUND + n) for n in range(PER_ROUND)]
        time.sleep(chance.uniform(0.0, 1.2))
        scene.kill()
    scene.start()
    wait_for(scene, uids)
    journal = scene.get("journal")
    entries = journal["entries"] if isinstance(journal, dict) else journal
    changes = Counter(e["uid"] for e in entries if e["kind"] == "change" and e["from"] != "new")
    assert changes == dict.fromkeys(uids, 1)
    answered = [e for e in entries if e["kind"] == "webhook" and e["result"] == 202]
    assert scene.count("SELECT count(*) FROM deliveries") >= len(uids)
    assert len(answered) >= len(uids)
    assert scene.count("SELECT count(*) FROM bookings") == len(uids)
    assert scene.count("SELECT count(*) FROM decisions WHERE number > 1") == 0
    assert scene.count("SELECT count(*) FROM effects WHERE kind = 'confirm'") == len(uids)
