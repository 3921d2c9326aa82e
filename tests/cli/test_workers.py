"""``serve --workers``: what several processes cannot share is refused, and none is left behind."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.databases import refusal, settings_of

from massage_ins_bridge.cli.workers import refuse_unfit

FIT = {"staff_page": "sign-in"}
SERVER = "postgresql+psycopg://u@127.0.0.1/n"


@pytest.mark.parametrize(
    ("url", "more", "said"),
    [
        (None, FIT, "workers: SQLite serves one process, not 3"),
        ("sqlite:////a/b", FIT, "workers: SQLite serves one process, not 3"),
        (SERVER, {**FIT, "worker_name": "one"}, "worker_name: 3 processes cannot share one name"),
        (SERVER, {"staff_page": "local"}, 'staff_page: "local" lets a browser into one process'),
    ],
)
def test_not_shared(tmp_path: Path, url: str | None, more: dict[str, Any], said: str) -> None:
    assert refusal(lambda: refuse_unfit(settings_of(tmp_path, url, **more), 3)).startswith(said)
    refuse_unfit(settings_of(tmp_path, SERVER, **FIT), 3)


PARENT = """
import multiprocessing, time
from massage_ins_bridge.cli.workers import end_with_parent
def serve():
    end_with_parent()
    print("up", flush=True)
    time.sleep(600)
multiprocessing.get_context("fork").Process(target=serve).start()
"""


def test_no_process_outlives_the_first_one() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == b"up\n"
        first.kill()
        assert first.stdout.read() == b""  # nobody writes any more
