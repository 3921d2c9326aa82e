"""What a thumb and a reader of Spanish meet on the client's page, in every state."""

from typing import Any

import pytest
from tests.web.client.own_pages import Pages

pytestmark = [pytest.mark.slow, pytest.mark.browser]
#: Pieces of text that somebody reads, closed or open.
PIECES = """
[...document.querySelectorAll('title, body *')].flatMap(e => [...e.childNodes])
    .filter(n => n.nodeType === 3).map(n => n.data.trim()).filter(t => /[a-z]{2}/i.test(t))
"""
#: What is called alike in both languages.
ALIKE = {"Alder Street Massage", "· Alder Street Massage"}


def test_nothing_of_a_page_in_spanish_is_said_in_english(
    pages: Pages, browser: Any, address: str
) -> None:
    context = browser.new_context(viewport={"width": 375, "height": 800})
    page = context.new_page()
    for ref, path in pages.paths.items():
        said = {}
        for language in ("en", "es"):
            page.goto(f"{address}{path}?lang={language}")
            assert page.get_attribute("html", "lang") == language
            said[language] = set(page.evaluate(PIECES))
            assert len(said[language]) > 5, ref
            assert page.locator("main [lang=en]").count() == 0, ref
        assert said["en"] & said["es"] <= ALIKE, ref
    context.close()


#: What is pressed and typed into with how much height it has, but for links within a sentence.
HEIGHTS = """
[...document.querySelectorAll('button, summary, input:not([type=hidden]), .pick, header a, a.btn')]
    .filter(e => e.checkVisibility() && !e.parentElement.matches('.pick'))
    .map(e => [e.outerHTML.slice(0, 90), e.getBoundingClientRect().height])
"""
LINKS = """
[...document.querySelectorAll('main a, footer a')].filter(e => e.checkVisibility())
    .map(e => [e.outerHTML.slice(0, 90), e.getBoundingClientRect().height])
"""


@pytest.mark.parametrize("width", [320, 375])
def test_a_thumb_hits_everything(pages: Pages, browser: Any, address: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, has_touch=True)
    page = context.new_page()
    for ref, path in pages.paths.items():
        page.goto(f"{address}{path}?lang=es")
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        found = page.evaluate(HEIGHTS)
        assert found, ref
        assert [one for one in found if one[1] < 44] == [], ref
        assert [one for one in page.evaluate(LINKS) if one[1] < 24] == [], ref
    context.close()
