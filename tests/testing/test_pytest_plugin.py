"""The pytest plugin is found by itself, and the host does without pytest."""

import subprocess
import sys

import pytest

from massage_ins_bridge.testing.fake_connector import FakeConnector
from massage_ins_bridge.testing.platform import PLATFORMS, FakePlatform


def test_the_plugin_is_there_with_its_fixtures(
    pytestconfig: pytest.Config, fake_platform: FakePlatform, fake_connector: FakeConnector
) -> None:
    assert pytestconfig.pluginmanager.has_plugin("massage_ins_bridge")
    assert PLATFORMS[fake_platform.name] is fake_platform is fake_connector.platform


@pytest.mark.parametrize("module", ["bookings", "fake_connector", "platform", "requests", "amiss"])
def test_what_is_not_a_suite_needs_no_pytest(module: str) -> None:
    code = f"import sys; sys.modules['pytest'] = None; import massage_ins_bridge.testing.{module}"
    subprocess.run([sys.executable, "-c", code], check=True)
