"""The staff page in a real browser: one client's odd name takes nothing from the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from tests.web.conftest import Site
from tests.web.sockets import listening

pytestmark = [pytest.mark.slow, pytest.mark.browser]
NAMES = ("Ann Lee", "Bartholomew" * 12, "W" * 400)
#: More than fits is scrolled in its frame, and then a column is out of sight.
HIDDEN = """
[document.documentElement, ...document.querySelectorAll('.frame')]
    .filter(e => e.scrollWidth > e.clientWidth).length
"""


@pytest.fixture
def address(site: Site) -> Iterator[Callable[[], str]]:
    for number, name in enumerate(NAMES):
        site.send(f"b{number}", more={"name": name, "email": f"b{number}@example.com"})
        site.until_state(f"b{number}", "on hold")
    with listening(site.http.app) as port:
        yield lambda: f"http://127.0.0.1:{port}{site.http.app.state.staff_door.address}"


def test_every_column_is_in_sight(address: Callable[[], str], chromium: str) -> None:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for width in (1280, 1024, 375):
            page = browser.new_page(viewport={"width": width, "height": 800})
            page.goto(address())
            assert "key" not in page.url
            page.wait_for_selector("#rows tr")
            assert page.evaluate(HIDDEN) == 0, width
            heights = page.evaluate(
                "[...document.querySelectorAll('#rows .name')].map(c => c.clientHeight)"
            )
            assert max(heights) < 200
            assert page.locator("#rows .name span").last.get_attribute("title") in NAMES
            assert page.locator("#past").is_hidden()
            assert page.locator("#more-coming").is_hidden()
        browser.close()
