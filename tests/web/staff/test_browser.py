"""The desk's pages in a real browser: at every width, by keyboard, without a script's complaint."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.browsers import launched
from tests.web.conftest import Site, open_site
from tests.web.sockets import listening
from tests.web.staff.desk_pages import came_today, let_in

from massage_ins_bridge.desk.chart import add_fact, list_facts
from massage_ins_bridge.desk.task_acts import add

pytestmark = [pytest.mark.slow, pytest.mark.browser]
PAGES = (
    *("/today", "/week", "/tasks", "/tasks?by=client", "/clients", "/clients/new", "/accounts"),
    *(
        "/clients/file",
        "/rules",
        "/rules/core/RX-07/change",
        "/plugins",
        "/reports",
        "/people",
        "/audit",
    ),
    *("/keys", "/bookings/new", "/bookings/{booking}"),
    *("/bookings/{booking}/stand", "/bookings/{booking}/refuse", "/bookings/{booking}/client"),
    *("/clients/{patient}", "/clients/{patient}/coverages/new", "/clients/{patient}/ask/regence"),
    *("/clients/{patient}/prescriptions/new", "/clients/{patient}/merge"),
    *("/clients/{patient}/delete", "/tasks?whose=done"),
    "/clients/{other}/prescriptions/{prescription}/letter",
    "/clients/{other}/authorizations/{denied}/appeal",
)
KINDS = ("prescription", "authorization")
NAMES = ("ann lee", "bartholomew" * 4, "cy young")
#: Short words of links and buttons that stand on more lines than one.
CUT = """[...document.querySelectorAll('a, button')].map(e => e.firstChild).filter(t => {
    if (t?.nodeType !== 3 || !/^\\S{1,12}$/.test(t.data.trim())) return false;
    const range = document.createRange(); range.selectNodeContents(t);
    return new Set([...range.getClientRects()].map(r => r.top)).size > 1; }).map(t => t.data)"""
SIDEWAYS = "document.documentElement.scrollWidth > innerWidth"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("browser")
    for made in open_site(folder, account={"refuse_after_minutes": 15}):
        let_in(made)
        for number, name in enumerate(NAMES):
            came_today(made, name, hours=2 + number)
        with made.installation.write() as record:
            patient = made.booking(NAMES[2])["patient"]
            add_fact(record, patient, "prescription", {"staff_confirmed": True})
            add_fact(record, patient, "authorization", {"payer": "regence", "status": "denied"})
        yield made


@pytest.fixture(scope="module")
def context(site: Site, chromium: str) -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    app: Any = site.http.app
    with listening(app) as port, playwright.sync_playwright() as player:
        browser = launched(player, chromium)
        made = browser.new_context(base_url=f"http://127.0.0.1:{port}")
        page = made.new_page()
        page.goto(app.state.staff_door.address)
        assert page.url.endswith("/today")
        page.close()
        yield made
        browser.close()


def paths(site: Site) -> list[str]:
    found, other = site.booking(NAMES[0]), site.booking(NAMES[2])["patient"]
    with site.installation.read() as record:
        facts = {kind: list_facts(record, other, kind)[0].record for kind in KINDS}
    ids = {"booking": found["id"], "patient": found["patient"], "other": other}
    ids |= {"prescription": facts["prescription"], "denied": facts["authorization"]}
    return [path.format(**ids) for path in PAGES]


def test_no_page_is_wider_than_its_screen(site: Site, context: Any) -> None:
    page = context.new_page()
    troubles: list[str] = []
    page.on("console", lambda m: troubles.append(m.text) if m.type != "log" else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    for width in (320, 375, 768, 1024, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        for path in paths(site):
            answer = page.goto(path)
            assert answer.status == 200, path
            assert not page.evaluate(SIDEWAYS), (width, path)
            assert page.evaluate(CUT) == [], (width, path)
            assert len(answer.body()) < 100_000, path
    assert troubles == []
    page.close()


def test_what_the_rules_ask_is_read_at_every_width(site: Site, context: Any) -> None:
    """What to do, and where a rule was read, have room for words."""
    page = context.new_page()
    for width in (768, 1024, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"/bookings/{site.booking(NAMES[0])['id']}")
        cells = "[...document.querySelectorAll('.asked tbody tr:first-child td')]"
        widths = page.evaluate(f"{cells}.map(e => e.getBoundingClientRect().width)")
        assert min(widths) >= 150, (width, widths)
    page.close()


def test_axe_finds_nothing(site: Site, context: Any) -> None:
    """Closed, and with all that can be opened open."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = context.new_page()
    for path in paths(site):
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        found = axe.run(page).response["violations"]
        said = [(v["id"], [n["html"][:160] for n in v["nodes"][:3]]) for v in found]
        assert said == [], path
    page.close()


def test_every_page_names_itself_once_and_labels_its_fields(site: Site, context: Any) -> None:
    page = context.new_page()
    for path in paths(site):
        page.goto(path)
        assert page.locator("h1").count() == 1, path
        unnamed = page.evaluate(
            "[...document.querySelectorAll('input:not([type=hidden]), select, textarea')]"
            ".filter(e => !e.labels.length && !e.ariaLabel).map(e => e.outerHTML)"
        )
        assert unnamed == [], path
        ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
        assert len(ids) == len(set(ids)), (path, sorted(i for i in ids if ids.count(i) > 1))
    page.close()


def test_the_keyboard_reaches_everything(site: Site, context: Any) -> None:
    page = context.new_page()
    page.goto("/today")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"
    page.keyboard.type("ann")
    page.keyboard.press("Enter")
    page.wait_for_url("**/clients/pat_*")
    assert page.inner_text("h1") == "Ann Lee"
    page.locator("h1").click()
    page.keyboard.press("k")
    page.wait_for_url("**/tasks")
    page.keyboard.press("t")
    page.wait_for_url("**/today")
    menu = page.locator("details.menu summary.dots").first
    menu.focus()
    page.keyboard.press("Enter")
    assert page.locator(".book details.menu[open]").count() == 1
    page.keyboard.press("Escape")
    assert page.locator(".book details.menu[open]").count() == 0
    page.close()


def test_a_press_is_told_and_undone_without_a_call(site: Site, context: Any) -> None:
    page = context.new_page()
    page.goto("/today")
    row = page.locator(".book", has_text="Cy Young")
    row.get_by_role("button", name="Stop the refusal").click()
    page.wait_for_selector("#done:focus")
    assert "The refusal of Cy Young is stopped." in page.inner_text("#done")
    page.locator("#done").get_by_role("button", name="Undo").click()
    page.get_by_text("Undone: The refusal of Cy Young is stopped.").wait_for()
    page.close()


def test_who_types_before_the_script_is_there_goes_on_typing(site: Site, context: Any) -> None:
    page, late = context.new_page(), list[Any]()
    page.goto("/today")

    def hold(route: Any) -> None:
        late.append(route)

    page.route("**/static/desk.js", hold)
    row = page.locator(".book", has_text="Cy Young")
    row.get_by_role("button", name="Stop the refusal").click(no_wait_after=True)
    page.wait_for_selector("#done")
    page.locator("#find").fill("ann")
    late.pop().continue_()
    page.wait_for_load_state()
    assert page.evaluate("document.activeElement.id") == "find"
    page.unroute("**/static/desk.js")
    page.locator("#done").get_by_role("button", name="Undo").click()
    page.get_by_text("Undone: The refusal of Cy Young is stopped.").wait_for()
    page.close()


def test_a_chart_prints_on_two_pages_and_a_worksheet_on_one(site: Site, context: Any) -> None:
    pdfium = pytest.importorskip("pypdfium2")
    patient = site.booking(NAMES[0])["patient"]
    chart_of_a_long_course(site, patient)
    page = context.new_page()
    for path, most in ((f"/clients/{patient}", 2), (f"/clients/{patient}/ask/regence", 1)):
        page.goto(path)
        printed = pdfium.PdfDocument(page.pdf(prefer_css_page_size=True))
        pages = len(printed)
        words = printed[0].get_textpage().get_text_range()
        printed.close()
        assert pages == most, path
        assert "health information, keep private" in words
        assert "Save note" not in words
    page.close()


def test_a_chart_of_years_prints_on_two_pages_too(site: Site, context: Any) -> None:
    pdfium = pytest.importorskip("pypdfium2")
    patient = site.booking(NAMES[2])["patient"]
    for _ in range(2):
        chart_of_a_long_course(site, patient)
    answer = {"payer": "regence", "kind": "prior-authorization", "status": "approved"}
    for number in range(6):
        paper = {"number": f"EVX{number}", "visits": 4, "from": f"2026-0{number + 1}-01"}
        with site.installation.write() as record:
            add_fact(record, patient, "authorization", {**answer, **paper})
            add_fact(record, patient, "visit", {"on": f"2025-0{number + 1}-03", "episode": "Knee"})
            add(record, {"what": f"See to number {number} of what is to do.", "patient": patient})
    for number in range(6):
        text = {"text": f"Note {number}. " + "Warm hands, a quiet room. " * 40, "by": "Dana"}
        assert site.api("POST", f"/v1/patients/{patient}/notes", text).status_code == 201
    page = context.new_page()
    page.goto(f"/clients/{patient}")
    printed = pdfium.PdfDocument(page.pdf(prefer_css_page_size=True))
    words = "".join(one.get_textpage().get_text_range() for one in printed)
    pages = len(printed)
    printed.close()
    page.close()
    assert pages == 2
    assert ("EVX5" in words, "Note 5." in words, "All are on the screen." in words) == (True,) * 3
    assert (words.count("EVX0"), "Note 0." in words) == (1, False)  # it is among what is left


def chart_of_a_long_course(site: Site, patient: str) -> None:
    """Two prescriptions, an extension, a claim, and twelve visits."""
    paper = {"signed": True, "visits": 12, "diagnoses": ["M54.50"], "staff_confirmed": True}
    facts: list[tuple[str, dict[str, Any]]] = [
        ("coverage", {"payer": "regence", "plan": "Bronze", "visit_limit": 24}),
        ("prescription", {**paper, "signed_on": "2026-08-01"}),
        ("prescription", {**paper, "signed_on": "2026-11-01"}),
    ]
    answer = {"payer": "regence", "kind": "prior-authorization", "status": "approved"}
    facts += [("authorization", {**answer, "number": f"EV{n}", "visits": 4}) for n in range(2)]
    facts += [("visit", {"on": f"2026-{m:02}-{d:02}"}) for m in (8, 9, 10) for d in (3, 10, 17, 24)]
    with site.installation.write() as record:
        for kind, data in facts:
            add_fact(record, patient, kind, data)
