"""A service whose clients have pages, and a browser that looks at them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.browsers import launched
from tests.desk.pages import CLINIC, PAGE
from tests.web.client.own_pages import SETTINGS, STATES, Pages
from tests.web.conftest import Site, open_site
from tests.web.sockets import listening

from massage_ins_bridge.testing import installed_host
from massage_ins_bridge.testing.bookings import START


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    yield from open_site(tmp_path_factory.mktemp("shared"), **SETTINGS)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    folder = tmp_path_factory.mktemp("pages")
    account = {"practitioners": {"h1": "tomas"}, "refuse_after_minutes": 15}
    more = {"clinic": CLINIC, "client_page": PAGE, "public_url": "https://mib.example"}
    for site in open_site(folder, account=account, host=installed_host(), **more):
        made = Pages(site)
        made.insured(made.book("hold", "Sofia Reyes", "regence"))
        made.book("asked", "Sofia Reyes", None, start=START + timedelta(days=3))
        made.insured(made.book("free", "Ana Lopez", "premera"), funding="self_insured")
        minor = made.book("minor", "Jun Park", "regence")
        made.insured(minor)
        site.api("PATCH", f"/v1/patients/{minor['patient']}", {"birth_date": "2012-01-01"})
        made.insured(
            made.book(
                "stands", "Carmen Diaz", "regence", status="accepted", asks_confirmation=False
            )
        )
        made.insured(
            made.book("refused", "Ruth Amador", "regence", start=START - timedelta(days=14))
        )
        made.book("confirmed", "Omar Haddad", None, service_ref="2")
        for ref, heading in STATES.items():
            made.decided(ref, heading)
        made.decided("minor", "A parent or guardian has to agree")
        made.decided("free", "Come without insurance")
        yield made


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as player:
        made = launched(player, chromium)
        yield made
        made.close()


@pytest.fixture(scope="module")
def address(pages: Pages) -> Iterator[str]:
    with listening(pages.site.http.app) as port:
        yield f"http://127.0.0.1:{port}"
