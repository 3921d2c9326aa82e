"""The staff page in a real browser."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tests.web.conftest import Site, open_site
from tests.web.sockets import listening

from massage_ins_bridge.desk import overview
from massage_ins_bridge.desk.tasks import TaskKind, ask
from massage_ins_bridge.store.keys import add_key, revoke_key

pytestmark = [pytest.mark.slow, pytest.mark.browser]
NAMES = ("Ann Lee", "Bartholomew" * 9, "W" * 400)
#: More than fits is scrolled in its frame, and then a column is out of sight.
HIDDEN = """
[document.documentElement, ...document.querySelectorAll('.frame')]
    .filter(e => e.scrollWidth > e.clientWidth).length
"""
#: What stands in the table's or card's words is broken between them: none is wider than its cell.
BROKEN = """
[...document.querySelectorAll('#rows td, #rows th')].filter(cell => {
    const range = document.createRange(), walker = document.createTreeWalker(cell, 4);
    for (let node; (node = walker.nextNode());)
        for (const word of node.data.matchAll(/\\S+/g)) {
            if (word[0].length > 20) continue;
            range.setStart(node, word.index);
            range.setEnd(node, word.index + word[0].length);
            if (new Set([...range.getClientRects()].map(r => Math.round(r.top))).size > 1)
                return true;
        }
    return false;
}).map(cell => cell.innerText)
"""
HEIGHTS = "[...document.querySelectorAll('#rows .name')].map(c => c.clientHeight)"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    for made in open_site(tmp_path_factory.mktemp("page"), staff_page="key"):
        for number, name in enumerate(NAMES):
            start = made.installation.clock.now() + timedelta(days=10 + number)
            made.send(f"b{number}", name=name, email=f"b{number}@example.com", start=start)
            made.until_state(f"b{number}", "on hold")
        yield made


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as player:
        made = player.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture
def address(site: Site) -> Iterator[str]:
    with listening(site.http.app) as port:
        yield f"http://127.0.0.1:{port}/"


def opened(browser: Any, address: str, key: str, width: int = 1280) -> Any:
    page = browser.new_page(viewport={"width": width, "height": 800})
    enter(page, address, key)
    return page


def enter(page: Any, address: str, key: str) -> None:
    page.goto(address)
    page.fill("#key", key)
    page.click("#key-form button")
    page.wait_for_selector("#rows tr")


def test_a_last_day_that_has_passed_is_not_asked_for(
    site: Site, browser: Any, address: str
) -> None:
    def with_days(route: Any) -> None:
        data = route.fetch().json()
        today = date.fromisoformat(data["today"])
        data["bookings"] = data["bookings"][:3]
        for booking, days in zip(data["bookings"], (-1, 0, 1), strict=True):
            due = (today + timedelta(days=days)).isoformat()
            booking["reasons"] = [{"message": "m", "remedy": "r", "due": due, "rule": None}]
        route.fulfill(json=data)

    page = browser.new_page()
    page.route("**/staff/bookings.json*", with_days)
    enter(page, address, site.key)
    lines = page.locator("#rows tr").all_inner_texts()
    assert ["That day has passed." in line for line in lines] == [True, False, False]
    assert all("By " in line for line in lines)
    page.close()


def test_every_column_is_in_sight(site: Site, browser: Any, address: str) -> None:
    """One client's odd name takes nothing from the others."""
    for width in (1280, 1024, 965, 768, 375):
        page = opened(browser, address, site.key, width)
        assert page.evaluate(HIDDEN) == 0, width
        assert page.evaluate(BROKEN) == [], width
        assert max(page.evaluate(HEIGHTS)) < 200
        assert page.locator("#rows .name span").last.get_attribute("title") in NAMES
        assert page.locator("#past").is_hidden()
        assert page.locator("#pages-coming").is_hidden()
        page.close()


def test_what_does_not_fit_is_on_the_next_page(
    site: Site, browser: Any, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overview, "COMING", 2)
    site.send("b9", name="Zoe Last", email="z@example.com")
    site.until_state("b9", "on hold")
    page = opened(browser, address, site.key)
    pages = page.locator("#pages-coming")
    assert pages.locator("span").inner_text() == "1\u20132 of 4"
    assert page.locator("#rows tr").count() == 2
    pages.get_by_role("button", name="Next").click()
    page.wait_for_selector("#rows :text('Zoe Last')")
    assert pages.locator("span").inner_text() == "3\u20134 of 4"
    assert pages.get_by_role("button", name="Next").is_disabled()
    page.close()


def test_another_year_is_named(site: Site, browser: Any, address: str) -> None:
    """A claim that is due in a year is not taken for one that is late."""
    this = site.installation.clock.now().year
    with site.installation.write() as record:
        for year in (this, this + 1):
            due, doubt = date(year, 12, 1), f"Asked {year}."
            ask(record, TaskKind.WHO_IS_IT, str(year), due=due, doubt=doubt)
    page = opened(browser, address, site.key)
    shown = {
        year: page.locator(f"tr:has-text('Asked {year}.') td").first.inner_text()
        for year in (this, this + 1)
    }
    assert "Dec" in shown[this]
    assert str(this) not in shown[this]
    assert str(this + 1) in shown[this + 1]
    page.close()


def test_a_key_that_is_revoked_takes_the_names_along(
    site: Site, browser: Any, address: str
) -> None:
    store = site.installation.store
    page = opened(browser, address, add_key(store, "default", "gone", datetime.now(UTC)))
    assert "Ann Lee" in page.inner_text("body")
    revoke_key(store, "default", "gone", datetime.now(UTC))
    page.wait_for_selector("#key-form:not([hidden])")
    assert "Ann Lee" not in page.inner_text("body")
    assert "was revoked. Enter another." in page.inner_text("#trouble")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(2500)
    assert asked == []
    page.fill("#key", site.key)
    page.click("#key-form button")
    page.wait_for_selector("#rows tr")
    assert page.locator("#trouble").is_hidden()
    page.close()
