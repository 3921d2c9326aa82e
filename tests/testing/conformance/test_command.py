"""What is left out counts as a failure, and what a connector can do is told with how."""

from pathlib import Path

import pytest

from massage_ins_bridge.cli.check_plugin import run

PROJECT = """
[project]
name = "odd"
[project.entry-points.massage_ins_bridge]
odd = "odd_connector"
"""
CODE = """
from importlib import import_module
from massage_ins_bridge.api import hookimpl

@hookimpl
def connectors():
    return [import_module("massage_ins_bridge.testing.fake_connector").FakeConnector]
"""
TESTS = """
from uuid import uuid4
import pytest
from massage_ins_bridge.testing.bookings import account
from massage_ins_bridge.testing.connectors import ConnectorSuite
from massage_ins_bridge.testing.fake_connector import FakeConnector, delivery, signed

class TestOdd(ConnectorSuite):
    connector_class = FakeConnector
    deliveries = (delivery("b1"), delivery("b2"))

    def sign(self, raw, secret):
        return signed(raw, secret)

    @pytest.fixture
    def account(self, fake_platform):
        return account(options={"platform": fake_platform.name})

    @pytest.fixture
    def book(self, fake_platform):
        return lambda status: fake_platform.put(uuid4().hex, status=status).ref

    test_a_platform_that_answers_amiss_is_not_believed = None

    @pytest.mark.skip
    def test_the_class_is_one_that_the_host_takes(self):
        pass
"""


def test_a_connector_is_tried_by_its_own_tests_and_none_is_skipped(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTEST_PLUGINS", "massage_ins_bridge.testing.pytest_plugin")
    (tmp_path / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    (tmp_path / "odd_connector.py").write_text(CODE, encoding="utf-8")
    (tmp_path / "test_odd.py").write_text(TESTS, encoding="utf-8")
    assert run(plugin=str(tmp_path)) == 1
    said = capfd.readouterr().out
    assert " passed, 1 skipped" in said
    assert "failed" not in said
    assert "fake: cancel: native, already, " in said
    assert "fake: fetch: PlatformBooking, Gone" in said
    assert "test_the_class_is_one_that_the_host_takes: was left out" in said
