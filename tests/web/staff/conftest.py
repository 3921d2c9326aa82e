"""A desk of a clinic whose clients have pages, with the rules as they are."""

from collections.abc import Iterator

import pytest
from tests.desk.pages import CLINIC, PAGE
from tests.web.conftest import Site, open_site
from tests.web.staff.desk_pages import let_in

from massage_ins_bridge.testing import installed_host


@pytest.fixture(scope="module")
def ruled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One for all tests of a module; whoever asks is at the desk."""
    folder = tmp_path_factory.mktemp("ruled")
    for made in open_site(folder, clinic=CLINIC, client_page=PAGE, host=installed_host()):
        let_in(made)
        yield made
