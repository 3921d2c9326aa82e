"""The pytest plugin that comes with the host: a fake platform and its connector as fixtures, and
readable failures of ``testing.connectors``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

import pytest

if TYPE_CHECKING:
    from .fake_connector import FakeConnector
    from .platform import FakePlatform

pytest.register_assert_rewrite(f"{__package__}.capabilities", f"{__package__}.connectors")


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
