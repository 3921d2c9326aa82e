"""What ``massage-ins-bridge check-plugin`` adds to pytest: which plugin it is, the tests that try
its connectors, and what became of each capability. Whatever is left out counts as a failure."""

from __future__ import annotations

from typing import Any

import pytest

from .examine import SUITE
from .subject import NoSubjectError, files_with, find_subject

OPTION = "--mib-plugin"
LEFT_OUT: pytest.StashKey[list[str]] = pytest.StashKey()
REACHED: pytest.StashKey[list[tuple[str, str]]] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Which plugin."""
    parser.addoption(OPTION, default="", help="the plugin that is examined")


def pytest_configure(config: pytest.Config) -> None:
    """Find it, and the tests of its connectors."""
    try:
        subject = find_subject(config.getoption(OPTION))
    except NoSubjectError as error:
        raise pytest.UsageError(str(error)) from None
    config.args += [str(path) for path in files_with(subject.project, f"({SUITE})")]
    config.stash[LEFT_OUT], config.stash[REACHED] = [], []
    config.pluginmanager.register(_Report(config), "massage-ins-bridge-report")


class _Report:
    """Notes what was left out, and how each capability was reached."""

    def __init__(self, config: pytest.Config) -> None:
        self.left_out, self.reached = config.stash[LEFT_OUT], config.stash[REACHED]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped:
            self.left_out.append(report.nodeid)
        if report.when == "call" and report.passed:
            self.reached += [(key, str(value)) for key, value in report.user_properties]

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        self.left_out += [item.nodeid for item in items]

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.left_out and session.exitstatus == 0:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        write = terminalreporter.write_line
        for capability, how in sorted(self.reached):
            write(f"{capability}: {how}")
        for name in self.left_out:
            write(f"{name}: was left out, so that it is not known whether it holds")
