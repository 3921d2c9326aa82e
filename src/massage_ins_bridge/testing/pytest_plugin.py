"""The pytest plugin that comes with the host: a host over one plugin, a fake platform and its
connector, and real calendar servers as fixtures; files of scenarios as tests; and readable failures
of ``testing.connectors``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

import pytest

if TYPE_CHECKING:
    from .calendar_servers import CalendarServer
    from .fake_connector import FakeConnector
    from .kit import Kit
    from .platform import FakePlatform
    from .scenarios import Scenario

pytest.register_assert_rewrite(f"{__package__}.capabilities", f"{__package__}.connectors")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A file ``scenarios/*.jsonl`` is tests."""
    if file_path.suffix == ".jsonl" and file_path.parent.name == "scenarios":
        return cast(pytest.Collector, ScenarioFile.from_parent(parent, path=file_path))
    return None


class ScenarioFile(pytest.File):
    """A file of scenarios, each a test."""

    def collect(self) -> Iterator[pytest.Item]:
        """One test for each line."""
        from .scenarios import ScenarioError, read_scenarios

        try:
            for scenario in read_scenarios(self.path):
                name = scenario.name
                yield cast(pytest.Item, ScenarioItem.from_parent(self, name=name, given=scenario))
        except ScenarioError as error:
            raise self.CollectError(str(error)) from None


class ScenarioItem(pytest.Item):
    """One scenario."""

    def __init__(self, *, given: Scenario, **values: Any) -> None:
        super().__init__(**values)
        self.given = given

    def runtest(self) -> None:
        """Decide, and compare."""
        found = self.given.amiss()
        if found:
            pytest.fail("\n".join(found), pytrace=False)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Its place and its name."""
        return self.path, None, self.name


@pytest.fixture
def one_plugin() -> Callable[[Any], Kit]:
    """A function that gives a host over the shared rules and one plugin: an installed one by its
    name, or a module."""
    from .kit import kit_of

    return kit_of


@pytest.fixture
def fake_platform() -> Iterator[FakePlatform]:
    """An empty booking platform. Its ``name`` is what an account says under
    ``options.platform`` to be connected to it."""
    from .platform import PLATFORMS, FakePlatform

    platform = FakePlatform(name=uuid4().hex)
    PLATFORMS[platform.name] = platform
    yield platform
    platform.resume()
    del PLATFORMS[platform.name]


@pytest.fixture
def fake_connector(fake_platform: FakePlatform) -> FakeConnector:
    """The connector of an account on ``fake_platform``."""
    from .bookings import account
    from .fake_connector import FakeConnector

    options = {"platform": fake_platform.name}
    return FakeConnector(account(options=options), cast(Any, None))


@pytest.fixture(scope="session")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CalendarServer]:
    """A Radicale of its own, which must be installed."""
    from .calendar_servers import calendar_server

    with calendar_server("radicale", tmp_path_factory.mktemp("radicale")) as server:
        yield server


@pytest.fixture(scope="session")
def xandikos(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CalendarServer]:
    """A Xandikos of its own, which must be installed."""
    from .calendar_servers import calendar_server

    with calendar_server("xandikos", tmp_path_factory.mktemp("xandikos")) as server:
        yield server
