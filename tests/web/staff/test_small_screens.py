"""The desk as a thumb and an eye meet it: what is pressed is large enough, the paper stays beside
its form, and the words of pictures can be read."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.browsers import launched
from tests.documents.made import pdf
from tests.web.conftest import Site
from tests.web.sockets import listening, until
from tests.web.staff.test_prescriptions import client_of, upload

from massage_ins_bridge.desk.chart import add_fact

pytestmark = [pytest.mark.slow, pytest.mark.browser]
PAGES = (
    *("/today", "/week", "/tasks", "/clients", "/clients/new", "/accounts", "/rules", "/people"),
    *("/plugins", "/reports", "/audit", "/keys", "/me", "/settings/texts", "/bookings/new"),
    *("/clients/{patient}", "/clients/{patient}/papers", "/clients/{patient}/ask/regence"),
    *("/clients/{patient}/edit", "/clients/{patient}/coverages/new", "/bookings/{booking}"),
    *("{paper}", "/settings/texts/hold/es", "/rules/core/RX-07/change"),
)
ASKED = {"kind": "prior-authorization", "status": "requested", "requested_on": "2026-11-10"}
#: What is pressed and typed into, with how much height it has; links within a sentence aside.
HEIGHTS = """
[...document.querySelectorAll('button, summary, select, textarea, .pick, .btn, .chips a, .nav a,' +
    'input:not([type=hidden])')]
    .filter(e => e.checkVisibility() && !e.matches('.hide, .pick input'))
    .map(e => [e.outerHTML.slice(0, 90), e.getBoundingClientRect().height])
"""
#: Of each picture: how small its words are, which stand on each other, which are out of its card.
WORDS = """
[...document.querySelectorAll('svg.plot')].map(svg => {
    const card = svg.closest('.card').getBoundingClientRect();
    const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    const said = [...svg.querySelectorAll('text')].filter(e => e.checkVisibility())
        .map(e => [e.textContent, e.getBoundingClientRect(), getComputedStyle(e).fontSize]);
    const meets = (a, b) => a !== b && a.left < b.right && b.left < a.right
        && a.top < b.bottom - 1 && b.top < a.bottom - 1;
    return {
        small: said.filter(([, , size]) => parseFloat(size) * scale < 11).map(([text]) => text),
        on: said.filter(([, a]) => said.some(([, b]) => meets(a, b))).map(([text]) => text),
        out: said.filter(([, a]) => a.left < card.left || a.right > card.right).map(([t]) => t),
        words: said.length,
    };
}).filter(one => one.words)
"""


@pytest.fixture(scope="module")
def paths(ruled: Site) -> tuple[str, ...]:
    """A client with a paper of three pages, and payers who were asked."""
    patient = client_of(ruled, "ann lee")
    client_of(ruled, "cy young", hours=26)
    upload(ruled, patient, pdf("First", "Second", "Third", side=800))
    with ruled.installation.write() as record:
        for payer in ("crime-victims", "regence", "kaiser"):
            add_fact(record, patient, "authorization", {"payer": payer, **ASKED})
    (paper,) = ruled.api("GET", f"/v1/patients/{patient}/documents").json()
    beside = f"/clients/{patient}/prescriptions/new?paper={paper['id']}"
    ids = {"patient": patient, "booking": ruled.booking("ann lee")["id"], "paper": beside}
    return tuple(path.format(**ids) for path in PAGES)


@pytest.fixture(scope="module")
def browser(ruled: Site, paths: tuple[str, ...], chromium: str) -> Iterator[Any]:
    """Opens a tablet or a telephone of that width, at the desk."""
    playwright = pytest.importorskip("playwright.sync_api")
    app: Any = ruled.http.app
    with listening(app) as port, playwright.sync_playwright() as player:
        made = launched(player, chromium)

        def page(width: int, height: int = 800) -> Any:
            view = {"width": width, "height": height}
            base = f"http://127.0.0.1:{port}"
            context = made.new_context(base_url=base, viewport=view, has_touch=True)
            opened = context.new_page()
            opened.goto(app.state.staff_door.address)
            return opened

        yield page
        made.close()


@pytest.mark.parametrize("width", [320, 768, 1024])
def test_a_thumb_hits_everything(browser: Any, paths: tuple[str, ...], width: int) -> None:
    page = browser(width)
    for path in paths:
        assert page.goto(path).status == 200, path
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        found = page.evaluate(HEIGHTS)
        assert len(found) > 5, path
        assert [one for one in found if one[1] < 43.9] == [], path
    page.context.close()


def test_the_paper_stays_beside_its_form_and_scrolls_by_itself(
    browser: Any, paths: tuple[str, ...]
) -> None:
    page = browser(768, 700)
    (path,) = (one for one in paths if "?paper=" in one)
    page.goto(path)
    page.wait_for_load_state("networkidle")
    paper, form = page.locator("figure.doc"), page.locator("form[data-findings]")
    assert paper.bounding_box()["x"] + paper.bounding_box()["width"] <= form.bounding_box()["x"]
    before = paper.bounding_box()["y"]
    page.evaluate("y => scrollTo(0, y)", before + 150)  # its head would be gone
    assert page.evaluate("scrollY") > before + 100
    seen = paper.bounding_box()
    assert seen["y"] >= 0
    assert seen["y"] + seen["height"] <= 700
    left = page.evaluate("scrollY")
    last = paper.locator("img").last
    assert last.bounding_box()["y"] + last.bounding_box()["height"] > seen["y"] + seen["height"]
    page.mouse.move(seen["x"] + 20, seen["y"] + 20)
    page.mouse.wheel(0, 400)
    until(lambda: paper.evaluate("e => e.scrollTop") > 50)
    assert page.evaluate("scrollY") == left
    page.context.close()


@pytest.mark.parametrize("width", [320, 375, 480, 767, 1024])
def test_the_words_of_pictures_are_read(browser: Any, width: int) -> None:
    page = browser(width)
    for days in ("", "?from=2026-01-01&to=2026-12-31", "?from=2026-11-20&to=2026-12-20"):
        page.goto(f"/reports{days}")
        found = page.evaluate(WORDS)
        assert found, days
        assert [{**one, "words": 0} for one in found] == [
            {"small": [], "on": [], "out": [], "words": 0}
        ] * len(found), days
    page.context.close()
