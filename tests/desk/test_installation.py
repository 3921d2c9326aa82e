"""One installation: put together at the start, or let go as a whole."""

from pathlib import Path

import pytest
from tests.databases import refusal
from tests.desk.bridge import Bridge, make_bridge
from tests.two_rules import two_rules_host

from massage_ins_bridge.desk.clock import SystemClock
from massage_ins_bridge.desk.installation import build_installation
from massage_ins_bridge.testing.fake_connector import FakeConnector


def test_what_cannot_be_built_holds_nothing_back(tmp_path: Path) -> None:
    bridge = make_bridge(tmp_path, None)
    settings = bridge.installation.settings

    def build() -> None:
        fakes = {"fake": FakeConnector}
        build_installation(settings, SystemClock(), two_rules_host(), fakes).close()

    for _ in range(2):
        assert "another process serves" in refusal(build)
    bridge.close()
    build()


def test_what_failed_leaves_nothing_behind_and_starts_nothing(bridge: Bridge) -> None:
    row = bridge.take("b1")
    bridge.started.clear()

    def fail() -> None:
        with bridge.installation.write() as record:
            record.tasks.open("kind", "topic", "Do it.")
            record.wake(row.patient_id, "a test")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (bridge.tasks(), bridge.started) == ([], [])
