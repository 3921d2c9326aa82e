"""The demonstration as a whole: real processes on loopback, ended without a trace."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import IO

import pytest
from rich.console import Console

from massage_ins_bridge.demo.run import run
from massage_ins_bridge.demo.stories import STORIES
from massage_ins_bridge.demo.story import End, asked, confirmed
from massage_ins_bridge.testing.processes import alive

COMMAND = [sys.executable, "-m", "massage_ins_bridge.cli.main", "demo"]
PAGE = re.compile(r"(http://127\.0\.0\.1:\d+)/")
#: Settings of whoever starts it, which stay out.
USERS_OWN = {"MIB_PORT": "nonsense", "MIB_CONFIG": "/nowhere"}
Start = Callable[..., "Demo"]
pytestmark = pytest.mark.slow
needs_proc = pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="children are looked up in /proc"
)


class Demo:
    """A demonstration under way, its lines kept as they come."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.folder = folder
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [*COMMAND, *arguments],
            env={**os.environ, **USERS_OWN, "TMPDIR": str(folder)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.process.stdout is not None
        self._reader = threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True)
        self._reader.start()

    def _read(self, stream: IO[str]) -> None:
        self.lines.extend(stream)

    def line(self, pattern: str | re.Pattern[str], seconds: float = 60) -> re.Match[str]:
        """Wait for a line."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for line in list(self.lines):
                if found := re.search(pattern, line):
                    return found
            assert self.process.poll() is None, "".join(self.lines)
            time.sleep(0.02)
        raise AssertionError("".join(self.lines))

    def end(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.wait()

    def wait(self, seconds: float = 60) -> int:
        code = self.process.wait(seconds)
        self._reader.join(5)
        if self.process.stdout is not None:
            self.process.stdout.close()
        return code

    def children(self) -> list[int]:
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(word) for word in path.read_text("ascii").split()]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts demonstrations that are ended with the test."""
    begun: list[Demo] = []

    def begin(*arguments: str) -> Demo:
        begun.append(Demo(tmp_path, *arguments))
        return begun[-1]

    yield begin
    for demo in begun:
        if demo.process.poll() is None:
            demo.end()


@pytest.mark.timeout(330)
def test_once_plays_every_story_to_its_right_end(start: Start, tmp_path: Path) -> None:
    demo = start("--once")
    code = demo.wait(300)
    assert code == 0, "".join(demo.lines)
    said = "".join(demo.lines)
    assert f"All {len(STORIES)} stories ended as they should" in said
    for story in STORIES:
        assert f"ok   {story.client.name}: {story.title}\n" in said
    assert list(tmp_path.iterdir()) == []


def test_a_story_that_does_not_end_as_it_should_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("massage_ins_bridge.demo.driver.PATIENCE", 12.0)
    good = next(s for s in STORIES if s.title == "exempt plan, confirmed by staff")
    bad = next(s for s in STORIES if s.title == "no prescription, two days ahead")
    bad = replace(bad, ends={"visit": End((asked(0), confirmed(0)))})
    out = StringIO()
    code = run(once=True, stories=(good, bad), console=Console(file=out))
    said = out.getvalue()
    assert code == 1, said
    assert f"ok   {good.client.name}: {good.title}" in said
    assert f"FAIL {bad.client.name}: {bad.title}" in said
    assert (
        "visit: expected asked for on Tue Dec 1, confirmed by the bridge on Tue Dec 1; "
        "seen asked for on Tue Dec 1, declined by the bridge on Tue Dec 1"
    ) in said
    assert f"1 of 2 stories did not end as they should: {bad.title}" in said


@needs_proc
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])  # SIGINT: the tests below
def test_a_signal_ends_everything(start: Start, tmp_path: Path, name: str) -> None:
    demo = start()
    demo.line(PAGE)
    demo.line("Ada Lindqvist")
    children = demo.children()
    assert len(children) == 2
    assert len(list(tmp_path.iterdir())) == 1
    assert demo.end(getattr(signal, name)) == 0, "".join(demo.lines)
    assert demo.lines[-1] == "Stopped.\n"
    assert not any(alive(pid) for pid in children)
    assert list(tmp_path.iterdir()) == []


@needs_proc
@pytest.mark.parametrize("children", [1, 2])
def test_a_signal_at_its_start_leaves_nothing(start: Start, tmp_path: Path, children: int) -> None:
    demo = start("--once")
    found: list[int] = []
    while len(found) < children:
        assert demo.process.poll() is None
        found = demo.children()
    demo.process.send_signal(signal.SIGINT)
    demo.process.send_signal(signal.SIGINT)  # an impatient second Ctrl-C
    assert demo.wait() == 130, "".join(demo.lines)
    assert demo.lines == ["Stopped.\n"]
    assert not any(alive(pid) for pid in found)
    assert list(tmp_path.iterdir()) == []


@needs_proc
def test_a_process_that_dies_ends_the_demo_with_one_line(start: Start, tmp_path: Path) -> None:
    demo = start()
    demo.line("Ada Lindqvist")
    children = demo.children()
    os.kill(children[0], signal.SIGKILL)
    assert demo.wait() == 2
    assert re.match(r"massage-ins-bridge: .*(ended with code -9|no answer)", demo.lines[-1])
    assert not any(alive(pid) for pid in children)
    assert list(tmp_path.iterdir()) == []


def test_keep_keeps_the_folder_and_says_where(start: Start, tmp_path: Path) -> None:
    demo = start("--keep")
    folder = Path(demo.line(r"^Kept for you: (.+)$")[1])
    demo.line(PAGE)
    assert demo.end() == 0
    assert folder.parent == tmp_path
    assert (folder / "massage-ins-bridge.toml").exists()
    assert (folder / "bridge.log").exists()


def test_a_port_in_use_is_one_line(start: Start, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        demo = start("--port", str(port))
        assert demo.wait() == 2
    (line,) = demo.lines
    assert f"127.0.0.1:{port} cannot be used" in line
    assert "Traceback" not in line
    assert list(tmp_path.iterdir()) == []
