"""``doctor`` goes by what is undone, and by whether the engine's record can be read."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.desk.bridge import Bridge, make_bridge
from tests.hooks.doubles import host_with

from massage_ins_bridge.cli.contents import contents
from massage_ins_bridge.cli.finding import Finding
from massage_ins_bridge.desk.known_plugins import note_start
from massage_ins_bridge.testing.fake_connector import delivery

NOW = datetime.now(UTC)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def bridge(request: pytest.FixtureRequest, tmp_path: Path) -> Bridge:
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else None
    return make_bridge(tmp_path, url)


def found(bridge: Bridge) -> dict[str, Finding]:
    settings, lock = bridge.installation.settings, bridge.installation.lock
    if lock is not None:
        lock.give_back()  # it is looked at while nobody serves it
    findings = list(contents(bridge.installation.store, settings, NOW))
    bridge.close()
    return {finding.subject: finding for finding in findings}


def test_nothing_is_overdue(bridge: Bridge) -> None:
    told = found(bridge)
    assert (told["work"].level, told["work"].message) == ("good", "0 to be done, nothing overdue")
    assert "durable runs" not in told


def test_what_is_otherwise_with_plugins_since_the_start(tmp_path: Path) -> None:
    bridge = make_bridge(tmp_path, None)
    with bridge.installation.write() as record:
        note_start(record, host_with(only=[]))
    told = found(bridge)["plugins"]
    assert told.level == "note"
    assert "since the service was started: " in told.message
    assert "was installed" in told.message


def test_a_delivery_that_nobody_dealt_with(bridge: Bridge) -> None:
    when = NOW - timedelta(minutes=30)
    asyncio.run(bridge.inbox.store("default", "desk", "k", delivery("b1"), when))
    told = found(bridge)["work"]
    assert told.level == "bad"
    assert told.message.startswith("a delivery was not dealt with for 30 minutes (1 wait); start")


def test_a_record_of_runs_that_is_no_database(tmp_path: Path) -> None:
    bridge = make_bridge(tmp_path, None)
    runs = bridge.installation.runs_file
    assert runs is not None
    runs.write_bytes(b"no database at all" * 100)
    told = found(bridge)["durable runs"]
    assert told.level == "bad"
    assert "move" in told.message
