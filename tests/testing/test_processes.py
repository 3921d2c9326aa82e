"""The supervisor of processes: nothing is left of a group, however its end came."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from massage_ins_bridge.testing.processes import Process, ProcessError, alive, ending, kept_port

pytestmark = [
    pytest.mark.slow,  # processes of their own
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks into /proc"),
]
#: Says who it and its child are, and stays.
STAYING = """
import json, os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print("not this line", flush=True)
said = {"pids": [os.getpid(), child.pid], "in": sys.stdin.read(), "argv": sys.argv[1:]}
print(json.dumps(said | {"mib": [k for k in os.environ if k.startswith("MIB_")]}), flush=True)
time.sleep(600)
"""
#: Says how much time of a processor it has used, some of it on purpose, and uses no more.
WORKING = """
import json, time
while time.process_time() < 0.5:
    pass
print(json.dumps({"used": time.process_time()}), flush=True)
time.sleep(600)
"""
PARENT = """
import json, sys, time
from pathlib import Path
from massage_ins_bridge.testing.processes import Process
folder = Path(sys.argv[1])
made = Process.start(folder, "staying", "staying", variables={"PYTHONPATH": str(folder)})
print(json.dumps(made.announced()), flush=True)
time.sleep(600)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "staying.py").write_text(STAYING, "utf-8")
    (tmp_path / "working.py").write_text(WORKING, "utf-8")
    (tmp_path / "failing.py").write_text("raise SystemExit('no\\nroom here')", "utf-8")
    return tmp_path


def start(folder: Path, module: str = "staying", *arguments: str, **more: str) -> Process:
    variables = {"PYTHONPATH": str(folder), "MIB_PORT": "1"}
    return Process.start(folder, module, module, *arguments, variables=variables, **more)


def gone(pids: list[int]) -> bool:
    """Whether none of them is there after a while."""
    deadline = time.monotonic() + 10
    while any(map(alive, pids)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not any(map(alive, pids))


def test_all_of_it_ends_with_a_parent_that_is_killed(folder: Path) -> None:
    command = [sys.executable, "-c", PARENT, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pids: list[int] = json.loads(parent.stdout.readline())["pids"]
        assert all(map(alive, pids))
        parent.kill()
    assert gone(pids)


@pytest.mark.parametrize("end", [Process.kill, Process.stop])
def test_nothing_of_a_group_is_left(folder: Path, end: object) -> None:
    process = start(folder)
    pids = process.announced()["pids"]
    assert callable(end)
    end(process)
    end(process)  # a second time does nothing
    assert gone(pids)


def test_a_module_gets_what_it_is_given_and_no_settings_of_ours(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIB_SECRET_KEY", "ours")
    with ending(process := start(folder, "staying", "--once", stdin="hello")):
        said = process.announced()
    assert (said["in"], said["argv"], said["mib"]) == ("hello", ["--once"], ["MIB_PORT"])


def test_an_end_of_its_own_is_one_line_with_the_last_words(folder: Path) -> None:
    with ending(process := start(folder, "failing")), pytest.raises(ProcessError) as caught:
        process.announced()
    assert str(caught.value) == "the failing ended with code 1: room here"
    assert caught.value.__notes__ == ["no\nroom here"]


def test_a_second_life_is_told_from_the_first(folder: Path) -> None:
    first = start(folder)
    pids = first.announced()["pids"]
    os.kill(pids[0], signal.SIGKILL)
    first.popen.wait()
    with pytest.raises(ProcessError, match="ended with code -9"):
        first.check()
    with ending(second := start(folder), first):
        assert second.announced()["pids"][0] == second.popen.pid
    assert gone(pids)


def test_the_time_of_a_processor_is_the_one_that_the_process_used(folder: Path) -> None:
    with ending(process := start(folder, "working")):
        used = process.announced()["used"]
        # the system counts its own and the program's part each in whole ticks of the clock
        assert process.processor_seconds() == pytest.approx(used, abs=0.05)


def test_a_kept_port_is_nobody_elses_and_a_server_listens_on_it() -> None:
    with kept_port() as port:
        with socket.socket() as refused, pytest.raises(OSError, match="in use"):
            refused.bind(("127.0.0.1", port))
        with socket.create_server(("127.0.0.1", port)):
            socket.create_connection(("127.0.0.1", port)).close()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))
