"""The client's page in a real browser: by telephone, with and without script, for everybody."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.documents.made import JPEG
from tests.web.client.own_pages import Pages

from massage_ins_bridge.testing.bookings import START

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 375])
def test_everybody_can_read_and_use_every_page(
    pages: Pages, browser: Any, address: str, width: int, scheme: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    view = {"width": width, "height": 800}
    context = browser.new_context(viewport=view, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    for ref, path in pages.paths.items():
        for language in ("en", "es"):
            page.goto(f"{address}{path}?lang={language}")
            for _ in ("closed", "open"):
                found = axe.run(page).response["violations"]
                assert [(v["id"], v["nodes"][0]["html"]) for v in found] == [], (ref, language)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, ref
                page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    context.close()


#: Headings of cards that are broken inside of a word.
BROKEN = """
[...document.querySelectorAll('summary h3')].filter(heading => {
    const node = heading.firstChild, range = document.createRange();
    return [...node.data.matchAll(/\\S+/g)].some(word => {
        range.setStart(node, word.index);
        range.setEnd(node, word.index + word[0].length);
        return new Set([...range.getClientRects()].map(r => Math.round(r.top))).size > 1;
    });
}).map(heading => heading.innerText)
"""


@pytest.mark.parametrize("width", [320, 375])
def test_no_word_is_broken(pages: Pages, browser: Any, address: str, width: int) -> None:
    start = START + timedelta(days=8)
    pages.insured(pages.book(f"w{width}", f"Jun {width} Park", "regence", start=start))
    patient = pages.site.booking(f"w{width}")["patient"]
    pages.site.api("PATCH", f"/v1/patients/{patient}", {"birth_date": "2012-01-01"})
    pages.decided(f"w{width}", "A parent or guardian has to agree")
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(f"{address}{pages.paths[f'w{width}']}?lang=es")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    page.check("#consent [name=agree]")
    page.fill("#consent-name", "Rosa Park")
    page.click("#consent button >> text=Doy permiso")
    assert page.inner_text("#consent .tag") == "Recibido"
    assert page.evaluate(BROKEN) == []
    context.close()


def test_no_page_asks_anything_of_another_place_or_breaks_its_own_rules(
    pages: Pages, browser: Any, address: str
) -> None:
    context = browser.new_context(viewport={"width": 375, "height": 800})
    page = context.new_page()
    asked, wrong = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if "Security" in said.text else None)
    for path in pages.paths.values():
        page.goto(address + path)
    assert [url for url in asked if not url.startswith(address)] == []
    assert wrong == []
    context.close()


@pytest.mark.parametrize("script", [True, False])
def test_a_client_cures_their_visit_by_telephone(
    pages: Pages, browser: Any, address: str, tmp_path: Path, script: bool
) -> None:
    ref = f"cure{script}"
    pages.insured(pages.book(ref, f"Sofia {ref} Reyes", "regence", start=START + timedelta(days=9)))
    pages.decided(ref, "What we still need")
    photo = tmp_path / "my rx.jpg"
    photo.write_bytes(JPEG + ref.encode() + b"\xff\xd9")
    view = {"width": 375, "height": 800}
    context = browser.new_context(viewport=view, java_script_enabled=script, has_touch=True)
    page = context.new_page()
    page.goto(address + pages.paths[ref])
    page.set_input_files("#file-prescription", photo)
    if script:
        assert "my rx.jpg (0.0 MB)" in page.inner_text("#file-prescription-h")
    page.click("text=Send the prescription")
    assert page.inner_text("[role=status]").startswith("Thank you. We have your prescription.")
    assert page.inner_text("#prescription .tag") == "Received"
    page.wait_for_load_state()
    page.go_back()  # what is true now, and not what was
    assert page.inner_text("#prescription .tag") == "Received"
    page.click("text=I filled in the form")  # the first that is missing stands open
    assert page.inner_text("h1") == "We have all we need from you"
    page.click("text=Español")
    assert page.inner_text("h1") == "Ya tenemos todo lo que usted debía enviar"
    page.click("#give-back summary")
    page.click("text=Cancelar mi cita")
    pages.site.until_state(ref, "cancelled", "cancelled")
    page.wait_for_load_state()  # one that still loads cannot always be loaded anew
    page.reload()
    assert page.inner_text("h1") == "Sofia, su cita está cancelada"
    context.close()


def test_what_was_typed_is_still_there_where_something_is_wrong(
    pages: Pages, browser: Any, address: str
) -> None:
    context = browser.new_context(viewport={"width": 375, "height": 800})
    page = context.new_page()
    page.goto(address + pages.paths["asked"])
    page.evaluate("document.querySelector('#in-payer').required = false")
    if not page.is_visible("#in-plan"):
        page.click("#insurance summary")
    page.fill("#in-plan", 'Innova "2"')
    page.click("text=Send my insurance")
    assert page.inner_text("[role=alert]") == "Write the name of your insurance."
    page.wait_for_selector("#problem:focus")
    assert page.input_value("#in-plan") == 'Innova "2"'
    assert page.title().startswith("Problem: ")
    page.fill("#in-payer", "Regence")
    page.click("text=Send my insurance")
    assert page.inner_text("[role=status]") == "Thank you. We wrote down your insurance."
    context.close()


def test_a_file_that_is_too_big_is_said_before_it_is_sent(
    pages: Pages, browser: Any, address: str, tmp_path: Path
) -> None:
    photo = tmp_path / "big.jpg"
    photo.write_bytes(JPEG + b"\0" * 11_000_000)
    context = browser.new_context(viewport={"width": 375, "height": 800})
    page = context.new_page()
    page.goto(address + pages.paths["hold"])
    page.set_input_files("#file-prescription", photo)
    assert page.inner_text("#file-prescription-h") == "big.jpg is too big (10.5 MB)."
    page.click("text=Send the prescription")
    assert "done=" not in page.url
    context.close()


def test_terms_are_read_signed_and_confirmed(pages: Pages, browser: Any, address: str) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 800})
    page = context.new_page()
    page.goto(address + pages.paths["free"])
    page.click("#self-pay summary")
    assert "You pay $110 at the visit, by card or cash." in page.inner_text("#self-pay")
    page.check("#self-pay [name=agree]")
    page.fill("#pay-name", "Ana Lopez")
    page.click("text=Confirm my visit this way")
    assert "We wrote down your choice." in page.inner_text("[role=status]")
    pages.decided("free", "Ana, your visit is confirmed")
    assert "Come without insurance" not in pages.site.http.get(pages.paths["free"]).text
    context.close()
