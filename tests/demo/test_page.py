"""The staff page in a real browser while the demonstration plays."""

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

COMMAND = [sys.executable, "-m", "massage_ins_bridge.cli.main", "demo", "--speed", "20"]
pytestmark = [pytest.mark.slow, pytest.mark.browser]


@pytest.fixture
def page_address() -> Iterator[str]:
    with subprocess.Popen(COMMAND, stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        found = re.search(r"http://\S+", demo.stdout.readline())
        assert found is not None
        yield found[0]
        demo.terminate()
        demo.communicate(timeout=30)


def test_the_page_follows_the_stories(page_address: str, chromium: str) -> None:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        troubles: list[str] = []
        page.on("console", lambda m: troubles.append(m.text) if m.type != "log" else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("requestfailed", lambda r: troubles.append(f"{r.url} {r.failure}"))
        page.goto(page_address)
        assert page.inner_text("h1") == "Example Massage"
        page.wait_for_selector("#rows tr", timeout=30_000)
        ada = page.locator("#rows tr", has_text="Ada Lindqvist")
        ada.get_by_text("on hold").wait_for(timeout=30_000)
        assert "No prescription is on file" in ada.inner_text()
        assert "2026-" not in ada.inner_text()
        page.locator("#rows tr", has_text="Ben Okafor").get_by_text("blocked").wait_for()
        ada.get_by_text("blocked").wait_for(timeout=60_000)
        assert page.locator("#trouble").is_hidden()
        tariq = page.locator("#rows tr", has_text="Tariq Aziz")
        tariq.get_by_text("Noor Example let it stand: the doctor told us").wait_for(timeout=60_000)
        said = tariq.inner_text().partition("The rules alone say: ")[2]
        assert "Regence asks for pain and loss of function" in said
        tasks = page.locator("#tasks tr")
        tasks.first.wait_for()
        assert "Ask eviCore" in page.inner_text("#tasks")
        page.set_viewport_size({"width": 390, "height": 844})
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wide
        assert troubles == []
        browser.close()
