"""A front desk's week, lived through in a browser on a tablet: what the booking platform's journal
says at its end is the judge. Clients book on the simulated Cal.com; all else is pressed and typed.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas
from tests.browsers import launched
from tests.web.staff.tablet import PAPER, PATIENCE, Week

from massage_ins_bridge import testing
from massage_ins_bridge.demo.processes import EVENT_TYPES, PAUSE
from massage_ins_bridge.testing.installation import Installation

pytestmark = [pytest.mark.slow, pytest.mark.browser]
_IN = [{"status": "in", "from": "2015-01-01"}]
CLINIC = {
    "name": "Alder Street Massage",
    "timezone": "America/Los_Angeles",
    "network": dict.fromkeys(
        ("regence", "lni", "premera", "kaiser", "pip", "va", "crime-victims"), _IN
    )
    | {"aetna": [{"status": "out", "from": "2015-01-01"}]},
    "fees": {"regence": "110.00", "pip": "95.00"},
}
#: Who booked, for which day of December at which hour, and what they wrote of their insurance.
BOOKED = (
    ("Ada Lindqvist", 17, 10, "Regence BlueShield"),
    ("Ben Okafor", 9, 11, "VA"),
    ("Carla Reyes", 9, 13, "Uniform Medical Plan"),
    ("Dev Anand", 18, 10, "L&I"),
    ("Eva Lund", 18, 13, "Car accident"),
    ("Finn Ward", 21, 10, "Premera Blue Cross"),
    ("Hana Mori", 22, 10, "Kaiser Permanente"),
    ("Hannah Mori", 23, 10, "Kaiser Permanente"),
    ("Ivo Kask", 23, 13, "Aetna"),
    ("Jana Vos", 28, 10, "Crime Victims Compensation"),
)
ASKED = ("new", "pending", "attendee")
YES, NO = ("pending", "accepted", "api"), ("pending", "rejected", "api")


@pytest.fixture
def week(tmp_path: Path, chromium: str) -> Iterator[Week]:
    playwright = pytest.importorskip("playwright.sync_api")
    forms = {"form_fields": {"insurance": "payer", "plan": "plan"}}
    shown = {"phone": "(253) 555-0142", "prices": {"medical-massage": "110.00"}}
    with Installation(
        tmp_path,
        EVENT_TYPES,
        account={**forms, **PAUSE},
        demo_clock=True,
        clinic=CLINIC,
        client_page=shown,
        plugin_time_limit=testing.PATIENCE,
    ) as platform:
        bridge = platform.serve().wait_ready()
        platform.send_webhooks_to(bridge)
        with playwright.sync_playwright() as player:
            browser = launched(player, chromium)
            tablet = {"width": 768, "height": 1024}
            page = browser.new_context(base_url=bridge, viewport=tablet).new_page()
            page.set_default_timeout(PATIENCE * 1000)
            made = Week(page, platform, bridge)
            made.clock(7, 9)
            yield made
            browser.close()


def test_clients_of_every_kind_of_payer_are_brought_through_a_week(
    week: Week, tmp_path: Path
) -> None:
    for booked in BOOKED:
        week.booked(*booked)
    monday(week, tmp_path)
    tuesday(week, tmp_path)
    after_a_crime(week, "Jana Vos")
    wednesday_and_thursday(week)
    assert {name: week.ways(name) for name in week.uids} == {
        **{name: [ASKED, YES] for name in week.uids},
        "Ben Okafor": [ASKED, NO],
    }
    week.page.goto("/reports?from=2026-12-07&to=2026-12-31")
    said = week.page.inner_text("main")
    assert "8 visits that would have been unpaid were put in order" in said
    assert "1 could not be cured" in said
    assert "1 stood by a person\u2019s word" in said


def monday(week: Week, folder: Path) -> None:
    """Two of the calls of the morning cannot wait: the desk refuses at 9:15."""
    week.page.goto("/today")
    week.sees("Carla Reyes")
    week.sees("Ben Okafor")
    week.press("Stop the refusal", week.row("Carla Reyes"))
    week.told("The refusal of Carla Reyes is stopped.")
    week.insured("Ada Lindqvist", "Regence BlueShield")
    read_from_its_paper(week, "Ada Lindqvist", folder)
    week.today("Ada Lindqvist", "Intake is in")
    week.until(lambda: YES in week.ways("Ada Lindqvist"), "Ada's visit is confirmed")
    week.clock(7, 9, 20)
    week.until(lambda: NO in week.ways("Ben Okafor"), "Ben's visit is refused")
    assert week.ways("Carla Reyes") == [ASKED]
    week.today("Carla Reyes", "Let it stand…")
    week.type({"Why": "The plan said yes by phone, reference 4471"})
    week.press("Let it stand")
    week.until(lambda: YES in week.ways("Carla Reyes"), "Carla's visit stands")


def read_from_its_paper(week: Week, name: str, folder: Path) -> None:
    """The paper is taken in as a file, and read beside the form."""
    week.papers(name)
    file = folder / "fax.pdf"
    canvas = Canvas(str(file))
    canvas.drawString(72, 720, "Massage therapy, once a week for 6 weeks")
    canvas.save()
    week.main.get_by_label("All of its pages").set_input_files(file)
    week.press("Add it")
    assert week.main.locator("figure img").count() == 1
    week.type(PAPER)
    week.press("Confirm")
    week.told("confirmed")


def tuesday(week: Week, folder: Path) -> None:
    """Claims, a mistake and its correction, one client under two names, and a call."""
    week.clock(8, 10)
    injury = {"Claim_number": "AB12345", "Status": "allowed"}
    week.claims("Dev Anand", "L&I", **injury, State_fund_or_employer="State fund")
    week.prescribed("Dev Anand")
    week.today("Dev Anand", "Intake is in")
    accident = {"Claim_number": "EXM-77-1", "Status": "open", "Medical_limit": "10000"}
    left = {"Left_of_it": "8200", "As_told_on": "2026-12-08"}
    week.claims("Eva Lund", "PIP", **accident, **left)
    week.prescribed("Eva Lund")
    week.today("Eva Lund", "Intake is in")
    week.page.goto("/today")
    week.row("Eva Lund").locator("summary.dots").click()
    week.press("Bill another payer…", week.row("Eva Lund"))
    week.type({"Who is billed for this visit": "PIP"})
    week.press("Save")
    week.page.locator("#done", has_text="Eva Lund").wait_for()
    week.insured("Finn Ward", "Premera Blue Cross")
    week.prescribed("Finn Ward", Signed_on="2025-12-01")
    week.today("Finn Ward", "Intake is in")
    week.sees("The prescription ends on January 12, 2026, before the visit.")
    week.chart("Finn Ward")
    week.press("Open", week.main.locator("section", has_text="Prescriptions").last)
    week.type({"Signed on": "2026-12-01"})
    week.press("Save and confirm")
    week.insured("Ivo Kask", "Aetna")
    week.prescribed("Ivo Kask")
    week.page.goto("/today")
    week.press("Show 20 more")
    week.press("Intake is in", week.row("Ivo Kask"))
    week.page.goto("/tasks")
    week.press("Compare", week.main.locator("li", has_text="may be"))
    week.press("One person: join them")
    week.told("The two are one client now.")

    for name in ("Dev Anand", "Eva Lund", "Finn Ward", "Ivo Kask"):
        week.until(lambda name=name: YES in week.ways(name), name)  # type: ignore[misc]


def after_a_crime(week: Week, name: str) -> None:
    """The program pays last: until it is known that nobody pays before it, the visit is held. The
    client owes nothing, so they are not asked to pay."""
    told = {"Claim_number": "VA12345", "Status": "allowed", "Accepted_diagnoses": "M54.50"}
    week.claims(name, "Crime Victims Compensation", **told)
    week.prescribed(name)
    week.page.goto("/today")
    week.press("Show 20 more")
    week.press("Intake is in", week.row(name))
    week.page.goto("/today")
    week.press("Show 20 more")
    week.sees("It is not known whether the client has other insurance")
    row = week.row(name)
    row.locator("summary.dots").click()
    assert "Client pays" not in row.inner_text()
    assert week.ways(name) == [ASKED]
    week.chart(name)
    week.press("Change", week.main.locator("section", has_text="Insurance and claims").last)
    week.type({"Other insurance of the client": "none"})
    week.press("Save")
    week.told("The claim is saved")
    week.until(lambda: YES in week.ways(name), name)


def denied(week: Week, name: str, payer: str) -> None:
    """The payer was asked for more visits, and said no: an appeal cites the law that binds it."""
    week.chart(name)
    week.press(f"Ask {payer}")
    week.press("Record that it was asked")
    week.told(f"Asked {payer}.")
    week.main.get_by_label("Denied", exact=True).check()
    week.type({"Number": "EV-1", "Why it was denied": "no need is seen"})
    week.press("Record the answer")
    week.told("denied")
    week.press("See the drafts")
    drafts = week.page.inner_text("main")
    assert "You gave as the reason: \u201cno need is seen\u201d" in drafts
    assert "RCW 48.43.016(2)" in drafts
    assert "Complaint to the Office of the Insurance Commissioner" in drafts


def wednesday_and_thursday(week: Week) -> None:
    """A denial, a plan that asks for more, a call, a client's own page, and the first visits."""
    denied(week, "Ada Lindqvist", "Regence")
    week.insured("Mori", "Kaiser Permanente")
    from_their_phone(week)
    for kind in ("Referral", "Prior authorization"):
        week.press("Record an answer")
        given = {"Asked on": "2026-12-07", "Answered on": "2026-12-08", "Visits approved": "6"}
        until = {"From": "2026-12-08", "Until": "2027-03-01"}
        answer = {"Payer": "Kaiser", "Kind": kind, "Status": "approved"}
        week.type({**answer, "Number": "K-1", **given, **until})
        week.press("Save")
    week.page.goto("/today")
    week.press("Intake is in", week.row("Mori").first)
    by_phone(week)
    week.clock(9, 12, 55)
    week.today("Carla Reyes", "Arrived")
    week.clock(9, 14, 5)
    week.page.goto("/today")
    week.press("No-show", week.row("Carla Reyes"))
    week.press("Undo", week.page.locator("#done"))
    week.today("Carla Reyes", "Completed")
    week.told("Carla Reyes")
    week.clock(10, 16, 10)
    week.today("Gita Rao", "Completed")
    for name in ("Hana Mori", "Hannah Mori"):
        week.until(lambda name=name: YES in week.ways(name), name)  # type: ignore[misc]


def by_phone(week: Week) -> None:
    """Somebody calls, and pays without insurance."""
    week.page.goto("/week")
    week.press("Add a booking")
    caller = {"New client\u2019s name": "Gita Rao", "Phone": "253-555-0199"}
    when = {"Day": "2026-12-10", "Start": "15:00", "Billed to": "Pays without insurance"}
    week.type({**caller, **when})
    week.press("What would become of it?")
    assert "It would be confirmed." in week.page.inner_text("main")
    week.press("Book")
    week.told("Gita Rao is booked.")


def from_their_phone(week: Week) -> None:
    """A client gets a link, and sends a photo of the prescription; the desk reads it."""
    week.papers("Mori")
    week.press("Make a link")
    link = week.main.locator(".note .mono").inner_text()
    phone = week.page.context.browser.new_context(viewport={"width": 375, "height": 700}).new_page()
    phone.goto(f"{week.bridge}{urlsplit(link).path}")  # the settings name no address
    photo = BytesIO()
    Image.new("RGB", (600, 400), "white").save(photo, "JPEG")
    sent = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": photo.getvalue()}
    phone.get_by_label("Photo or PDF of the whole page").first.set_input_files(sent)
    phone.get_by_role("button", name="Send the prescription").click()
    phone.get_by_text("Thank you.").first.wait_for()
    phone.context.close()
    week.papers("Mori")
    week.main.get_by_role("link", name="Read it").click()
    week.type(PAPER)
    week.press("Confirm")
    week.told("confirmed")
