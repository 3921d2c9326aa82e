"""A form that is sent after its browser was signed out is kept, shown again, and sent by nobody but
the same person."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from tests.documents.made import PDF, pdf
from tests.web.conftest import Site, open_site
from tests.web.staff.desk_pages import Page, came_today, shown

from massage_ins_bridge.desk import daily
from massage_ins_bridge.desk.clock import DemoClock
from massage_ins_bridge.desk.kept_form import forget_kept_forms
from massage_ins_bridge.desk.users import add_user, set_password
from massage_ins_bridge.store.user_models import SessionRow

PASSWORD = "four words in a row"
DANA, MIRA = "dana@example.com", "mira@example.com"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    for made in open_site(tmp_path_factory.mktemp("kept"), staff_page="sign-in"):
        with made.installation.write() as record:
            for email in (DANA, MIRA):
                sent = {"name": email[:4].title(), "email": email, "role": "owner"}
                set_password(record, add_user(record, sent), PASSWORD)
        yield made


def enter(site: Site, email: str = DANA) -> Any:
    return site.http.post("/sign-in", data={"email": email, "password": PASSWORD})


def pass_minutes(site: Site, minutes: int) -> None:
    clock = site.installation.clock
    assert isinstance(clock, DemoClock)
    clock.set(clock.now() + timedelta(minutes=minutes))


def too_late(site: Site, path: str, **typed: str) -> Any:
    """A form that was opened in time, and sent after half an hour."""
    enter(site)
    fields = {**shown(site, "/clients/new").fields, **typed}
    pass_minutes(site, 31)
    return site.http.post(path, data=fields, follow_redirects=False)


def test_what_was_typed_is_shown_again_to_be_saved(site: Site) -> None:
    answer = too_late(
        site, "/clients/new", name="Ann <Lee>", birth_date="1984-02-28", language="es"
    )
    assert answer.headers["location"] == "/sign-in?kept=yes"
    assert "What you were sending is kept" in site.http.get("/sign-in?kept=yes").text
    page = enter(site)
    assert page.url.path == "/kept"
    assert "Ann &lt;Lee&gt;" in page.text
    for label, said in (("Born", "Tue, Feb 28, 1984"), ("Language", "Spanish")):
        assert f'<th scope="row">{label}</th><td>{said}</td>' in page.text
    assert "Ann &lt;" not in site.http.get("/clients").text  # nothing is done by itself
    fields = Page(page.text).fields
    done = [site.http.post("/clients/new", data=fields) for _ in range(2)]
    assert {answer.status_code for answer in done} == {200}
    assert site.http.get("/clients").text.count("Ann &lt;Lee&gt;") == 1


def test_nobody_else_is_shown_it_and_it_is_left(site: Site) -> None:
    too_late(site, "/clients/new", name="Bo Stone")
    assert enter(site, MIRA).url.path == "/today"
    too_late(site, "/clients/new", name="Bo Stone")
    assert enter(site).url.path == "/kept"
    site.http.post("/kept", data=shown(site, "/clients/new").fields)
    assert site.http.get("/kept").status_code == 404
    too_late(site, "/clients/new", name="Bo Stone")
    pass_minutes(site, 61)
    assert enter(site).url.path == "/today"


def test_forms_of_others_and_forms_with_secrets_are_not_kept(site: Site) -> None:
    for path, typed in (("/me", {"old": PASSWORD}), ("/clients/new", {"csrf": "0" * 32})):
        assert too_late(site, path, **typed).headers["location"] == "/sign-in"
        assert enter(site).url.path == "/today"


CHARTS = b"name,email\nEve Oak,eve@example.com\n"


def too_late_with(site: Site, path: str, name: str, content: bytes) -> Any:
    """The same with a file."""
    enter(site)
    fields = shown(site, path).fields
    pass_minutes(site, 31)
    files = {"file": (name, content, "application/octet-stream")}
    return site.http.post(path, data=fields, files=files, follow_redirects=False)


def test_a_paper_is_shown_again_to_be_sent(site: Site) -> None:
    enter(site)
    made = site.http.post(
        "/clients/new", data={**shown(site, "/clients/new").fields, "name": "Flo Elm"}
    )
    path = made.url.path + "/papers"
    answer = too_late_with(site, path, "orders of May.pdf", PDF)
    assert answer.headers["location"] == "/sign-in?kept=yes"
    page = enter(site)
    assert '<th scope="row">Files</th><td>orders of May.pdf</td>' in page.text
    assert "orders of May.pdf" not in site.http.get(path).text
    fields = {**Page(page.text).fields, "kind": "other"}
    for _ in range(2):
        site.http.post(path, data=fields, files={"file": ("", b"")})
    known = site.api(
        "GET", path.replace("/clients/", "/v1/patients/").replace("papers", "documents")
    )
    assert [one["name"] for one in known.json()] == ["orders of May.pdf"]
    other = path.replace("pat_", "pat_0")  # the files are of that page alone
    answer = site.http.post(other, data={**fields, "once": ""}, files={"file": ("", b"")})
    assert answer.status_code in (404, 422)


def test_charts_from_a_file_are_shown_again_to_be_sent(site: Site) -> None:
    answer = too_late_with(site, "/clients/file", "ours.csv", CHARTS)
    assert answer.headers["location"] == "/sign-in?kept=yes"
    fields = Page(enter(site).text).fields
    page = site.http.post("/clients/file", data=fields, files={"file": ("", b"")})
    assert "Eve Oak" in page.text


def test_files_of_strangers_are_not_even_read(site: Site) -> None:
    site.http.cookies.clear()
    big = {"file": ("a.pdf", pdf("x") + b"\0" * 40_000_000, "application/pdf")}
    answer = site.http.post("/clients/file", files=big, follow_redirects=False)
    assert answer.headers["location"] == "/sign-in"


def test_what_is_kept_is_forgotten_after_its_hour(site: Site) -> None:
    def kept() -> int:
        with site.installation.read() as record:
            rows = record.session.scalars(select(SessionRow))
            return sum(row.kept_sealed is not None for row in rows)

    pass_minutes(site, 61)
    too_late(site, "/clients/new", name="Bo Stone")
    assert kept() == 1
    pass_minutes(site, 59)
    with site.installation.write() as record:
        forget_kept_forms(record)
    assert kept() == 1
    pass_minutes(site, 24 * 60)
    daily.look_at_the_day(site.installation)
    assert kept() == 0


def test_an_act_is_pressed_again(site: Site) -> None:
    booking = came_today(site, "cy young", hours=8, service_ref="2")
    too_late(site, f"/bookings/{booking}/do", do="arrived")
    page = enter(site)
    assert '<th scope="row">What was pressed</th><td>Arrived</td>' in page.text
    assert '<th scope="row">Client</th><td>Cy Young</td>' in page.text
    assert '<th scope="row">Booking</th><td>' in page.text
    assert "Here since" not in shown(site).rows[booking]
    site.http.post(f"/bookings/{booking}/do", data=Page(page.text).fields)
    assert "Here since" in shown(site).rows[booking]


def test_what_another_window_sends_after_signing_out_is_kept_too(site: Site) -> None:
    enter(site)
    fields = {**shown(site, "/clients/new").fields, "name": "Gus Fir"}
    site.http.post("/sign-out", data=shown(site).fields)
    assert site.http.get("/today").url.path == "/sign-in"
    answer = site.http.post("/clients/new", data=fields, follow_redirects=False)
    assert answer.headers["location"] == "/sign-in?kept=yes"
    assert "Gus Fir" in enter(site).text


def test_a_page_that_is_left_open_keeps_nobody_signed_in(site: Site) -> None:
    enter(site)
    asked = []
    for _ in range(3):  # by itself, every some seconds
        asked.append(site.http.get("/mark", follow_redirects=False).status_code)
        pass_minutes(site, 15)
    assert asked == [200, 200, 303]
