"""In Chromium: whoever does nothing is warned before they are signed out."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.browsers import launched
from tests.web.sockets import listening
from tests.web.staff.everybody import PASSWORD, site_of_people

pytestmark = [pytest.mark.slow, pytest.mark.browser]


def test_who_does_nothing_is_told_before_they_are_signed_out_and_can_stay(
    tmp_path: Path, chromium: str
) -> None:
    playwright = pytest.importorskip("playwright.sync_api")
    for site in site_of_people(tmp_path):
        clock: Any = site.installation.clock
        with listening(site.http.app) as port, playwright.sync_playwright() as player:
            browser = launched(player, chromium)
            page = browser.new_page(base_url=f"http://127.0.0.1:{port}")
            page.clock.install()
            page.goto("/sign-in?then=/clients/new")
            page.fill("[name=email]", "front@example.com")
            page.fill("[name=password]", PASSWORD)
            page.get_by_role("button", name="Sign in", exact=True).click()
            page.wait_for_url("**/clients/new")
            page.fill("#f-name", "Nia Okoro")
            ending = page.locator("#ending")
            clock.set(clock.now() + timedelta(minutes=28, seconds=10))
            page.clock.fast_forward("28:10")
            ending.get_by_text("You are signed out in 2 minutes").wait_for()
            ending.get_by_role("button", name="Stay signed in").click()
            ending.get_by_text("signed out").wait_for(state="detached")
            clock.set(clock.now() + timedelta(minutes=28))
            page.clock.fast_forward("28:00")
            ending.get_by_text("You are signed out in 2 minutes").wait_for()
            assert page.input_value("#f-name") == "Nia Okoro"
            browser.close()
