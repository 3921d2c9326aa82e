"""The tests that ``massage-ins-bridge check-plugin`` runs, on the plugin that it names."""

from __future__ import annotations

import pytest

from .command import OPTION
from .suite import PluginSuite


class TestPlugin(PluginSuite):
    """The suite on that plugin."""

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """As the suite does, once it is known which plugin it is."""
        type(self).plugin = metafunc.config.getoption(OPTION)
        super().pytest_generate_tests(metafunc)
