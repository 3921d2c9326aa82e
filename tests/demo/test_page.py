"""The staff page in a real browser while the demonstration plays."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from tests.browsers import launched
from tests.web.sockets import end

COMMAND = [sys.executable, "-m", "massage_ins_bridge.cli.main", "demo", "--speed", "20"]
pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(330)]


@pytest.fixture
def page_address() -> Iterator[str]:
    with subprocess.Popen(COMMAND, stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        found = re.search(r"http://\S+", demo.stdout.readline())
        assert found is not None
        yield found[0]
        end(demo)


def test_the_page_follows_the_stories(page_address: str, chromium: str) -> None:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as player:
        browser = launched(player, chromium)
        page = browser.new_page()
        troubles: list[str] = []
        page.on("console", lambda m: troubles.append(m.text) if m.type != "log" else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("requestfailed", lambda r: troubles.append(f"{r.url} {r.failure}"))
        page.goto(page_address)
        _look_until(page, page.locator(".book"))
        assert page.inner_text(".clinic") == "Example Massage"
        ada = page.locator(".book", has_text="Ada Lindqvist")
        _look_until(page, ada.get_by_text("On hold until"))
        assert "No prescription is on file" in ada.inner_text()
        assert "2026-" not in ada.inner_text()
        page.fill("#find", "tariq")
        with page.expect_navigation():  # whole: who leaves it earlier aborts its script
            page.press("#find", "Enter")
        _look_until(page, page.get_by_role("heading", name="Tariq Aziz"))
        _look_until(page, page.get_by_text("Let stand by Noor Example").first)
        page.goto(f"{page_address}tasks")
        _look_until(page, page.get_by_text("Ask eviCore").first)
        page.set_viewport_size({"width": 390, "height": 844})
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wide
        assert troubles == []
        browser.close()


def _look_until(page: Any, wanted: Any, seconds: float = 120) -> None:
    """Rows do not change while somebody looks: look again until it is there."""
    end = time.monotonic() + seconds
    while not wanted.count():
        assert time.monotonic() < end, page.inner_text("main")
        page.wait_for_timeout(300)
        page.reload()
