"""``sync``: what a platform shows is taken in, by the service that runs or else at once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.cli.conftest import Run

from massage_ins_bridge.store.lock import DataFileLock
from massage_ins_bridge.testing.fake_connector import FakeConnector
from massage_ins_bridge.testing.platform import FakePlatform


@pytest.fixture
def platform(on_fake: Callable[[type], FakePlatform]) -> FakePlatform:
    made = on_fake(FakeConnector)
    made.put("b1", start=datetime.now(UTC) + timedelta(days=20))
    return made


def test_where_no_service_runs_it_is_done_at_once(run: Run, platform: FakePlatform) -> None:
    done = run("sync")
    assert (done.code, done.out) == (0, "desk: done\n")
    done = run("sync", "desk", "--full")
    assert (done.code, done.out) == (0, "desk: all bookings were taken in (1)\n")
    assert "not all taken in" not in run("doctor", "--offline").out


def test_a_service_that_runs_does_it(run: Run, platform: FakePlatform, tmp_path: Path) -> None:
    assert "not all taken in (0 so far)" not in run("doctor", "--offline").out
    run("db", "upgrade")
    assert "not all taken in (0 so far)" in run("doctor", "--offline").out
    lock = DataFileLock(next(tmp_path.glob("data/*.sqlite3")))
    lock.take()
    done = run("sync")
    assert (done.code, done.out) == (0, "desk: the service asks its platform within a minute\n")
    lock.give_back()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("other",), "There is no such account.\n"),
        (("desk", "--entered-by-hand"), "This platform lists its bookings;"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    run: Run, platform: FakePlatform, arguments: tuple[str, ...], said: str
) -> None:
    done = run("sync", *arguments)
    assert (done.code, done.err[: len(said)]) == (2, said)
    assert "\n" not in done.err[:-1]


def test_a_platform_that_does_not_answer_is_told(run: Run, platform: FakePlatform) -> None:
    platform.faults = [OSError("x")]
    done = run("sync", "--full")
    assert done.code == 1
    assert "only observes until then; the platform says" in done.out
    platform.faults = [OSError("x")]
    done = run("sync")
    assert (done.code, done.out) == (1, "")
    last = done.err.splitlines()[-1]
    assert last.startswith("desk: not done: connector fake: changes() raised OSError")
    assert last.endswith("What changed there is taken in once it answers as it should: sync again")
    assert run("sync").out == "desk: done\n"
