"""The conformance suite as tests of pytest: one for each thing that is asked of the plugin.

    class TestEvergreen(PluginSuite):
        plugin = "evergreen"

``plugin`` is what ``massage-ins-bridge check-plugin`` takes: an installed plugin's name, the folder
of a project, or a module's file. Needs pytest, which the rest of the host does not.
"""

from __future__ import annotations

from functools import lru_cache

import pytest

from .examine import examine, kinds_of
from .found import ASKED, Findings
from .subject import find_subject


@lru_cache(maxsize=8)
def findings_of(given: str) -> Findings:
    """What was found, once for each plugin. Raises ``NoSubjectError``."""
    return examine(find_subject(given), given)


class PluginSuite:
    """What every plugin must be able to do. Name it in a subclass."""

    plugin: str

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """One test for each thing that is asked of a plugin of its kind."""
        if "asked" in metafunc.fixturenames:
            metafunc.parametrize("asked", kinds_of(findings_of(self.plugin)))

    def test_the_plugin(self, asked: str) -> None:
        findings = findings_of(self.plugin)
        found = list(findings.of(asked))
        if found:
            said = f"The plugin {ASKED[asked].what}: it does not ({len(found)})"
            rest = ["All else is judged once that is mended."] if findings.why_not else []
            pytest.fail("\n".join([said, *found, *rest]), pytrace=False)
