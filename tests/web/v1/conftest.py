"""Programs of a clinic whose clients have pages."""

from collections.abc import Iterator

import pytest
from tests.desk.pages import CLINIC, PAGE
from tests.web.conftest import Site, open_site


@pytest.fixture(scope="module")
def paged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One service for all tests of a module."""
    more = {"clinic": CLINIC, "client_page": PAGE, "public_url": "https://mib.example"}
    yield from open_site(tmp_path_factory.mktemp("paged"), **more)


@pytest.fixture(scope="module")
def sofia(paged: Site) -> dict[str, str]:
    """The booking of Sofia Reyes there."""
    paged.send("b1", name="Sofia Reyes", email="sofia@clients.example")
    found: dict[str, str] = paged.until(lambda: paged.booking("b1"))
    return found
