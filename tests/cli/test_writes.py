"""``writes``: the log on the command line, and sending something again."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.cli.conftest import Run

from massage_ins_bridge.cli import writes
from massage_ins_bridge.desk.clock import SystemClock
from massage_ins_bridge.desk.first_look import entered_by_hand
from massage_ins_bridge.desk.going_live import go_live
from massage_ins_bridge.desk.installation import build_installation
from massage_ins_bridge.desk.observe import Look, observe
from massage_ins_bridge.desk.write_back import write_back
from massage_ins_bridge.settings import load_settings
from massage_ins_bridge.testing.bookings import booking
from massage_ins_bridge.testing.fake_connector import FakeTelling
from massage_ins_bridge.testing.platform import FakePlatform

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.fixture
def told(on_fake: Callable[[type], FakePlatform], tmp_path: Path) -> str:
    """The id of a notice that a platform was told."""
    platform, file = on_fake(FakeTelling), tmp_path / "massage-ins-bridge.toml"
    made = build_installation(load_settings(file, {}), SystemClock())
    account = made.accounts["desk"]
    with made.write() as record:
        entered_by_hand(record, account)
    go_live(made)
    with made.write() as record:
        start = record.now + timedelta(days=20)
        seen = booking("b1", start=start, version=None)
        found = observe(made, record, account, seen, Look(told_at=record.now), "delivery")
        assert found.booking_id is not None
        notice = record.writes.last_notice(found.booking_id)
        assert notice is not None
    write_back(made, notice.id)
    made.close()
    assert [key for _, key in platform.told] == [notice.id]
    return notice.id


def test_the_log_and_a_replay(run: Run, told: str) -> None:
    done = run("writes", "list", "desk", "--since", "1h")
    assert done.code == 0, done.err
    assert f"{told}  desk  b1  tell-hold  done, native" in done.out
    assert "  taken" in done.out
    assert told in run("writes", "list", "--json").out
    assert run("writes", "list", "--state", "failed").out == "nothing was written\n"
    done = run("writes", "replay", told)
    assert done.out == "1 write is sent again, within a minute where the service runs\n"
    assert f"{told}  desk  b1  tell-hold  queued" in run("writes", "list").out
    done = run("writes", "replay", told)
    assert (done.code, done.err.count("\n")) == (2, 1)
    done = run("writes", "replay", "--account", "desk", "--since", "2d")
    assert done.out.startswith("0 writes are sent again")


@pytest.mark.parametrize(
    "arguments",
    [
        ("list", "--state", "lost"),
        ("list", "--since", "yesterday"),
        ("list", "--since", "2026-12-01T12:00:00"),
        ("replay",),
        ("replay", "wrt_1", "--account", "desk", "--since", "1h"),
        ("replay", "--account", "desk"),
    ],
)
def test_what_cannot_be_meant_is_refused(run: Run, arguments: tuple[str, ...]) -> None:
    assert run("writes", *arguments).code == 2


def test_since_is_a_time_or_how_long_ago() -> None:
    moment = writes._moment
    assert moment("90m", NOW) == NOW - timedelta(minutes=90)
    assert moment("2d", NOW) == NOW - timedelta(days=2)
    assert moment("2026-12-01T04:00:00-08:00", NOW) == NOW
