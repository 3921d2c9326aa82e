"""A service whose clients have pages."""

from collections.abc import Iterator

import pytest
from tests.web.client.own_pages import SETTINGS
from tests.web.conftest import Site, open_site


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    yield from open_site(tmp_path_factory.mktemp("shared"), **SETTINGS)
