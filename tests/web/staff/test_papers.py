"""Links to the client's own page, and the papers that came by them, as the desk sees them."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from tests.documents.made import PDF
from tests.web.conftest import Site, TestClient, open_site
from tests.web.staff.desk_pages import came_today, let_in, shown

from massage_ins_bridge.desk.chart import client_row
from massage_ins_bridge.desk.links import make_link
from massage_ins_bridge.desk.papers import (
    Given,
    Whose,
    document_row,
    file_paper,
    look_through,
)
from massage_ins_bridge.desk.roles import ROLES, Person
from massage_ins_bridge.desk.said import choose_self_pay
from massage_ins_bridge.desk.tasks import TaskKind
from massage_ins_bridge.store.merging import merge


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    for made in open_site(tmp_path_factory.mktemp("papers")):
        let_in(made)
        yield made


def send(site: Site, page: str, path: str, **fields: str) -> Any:
    return site.http.post(path, data={**shown(site, page).fields, "back": page, **fields})


def test_a_link_is_made_shown_once_and_taken_back(site: Site) -> None:
    came_today(site, "ann lee", hours=24 * 9)
    patient = site.booking("ann lee")["patient"]
    page = f"/clients/{patient}/papers"
    assert f'href="{page}"' in site.http.get(f"/clients/{patient}").text
    answer = send(site, page, f"/clients/{patient}/link")
    found = re.search(r"/p/[\w-]+", answer.text)
    assert found is not None
    client = TestClient(site.http.app, "http://127.0.0.1", client=("127.0.0.1", 9))
    assert client.get(found[0]).status_code == 200
    again = site.http.get(page).text
    assert found[0] not in again
    assert "Last day: Tue, Dec 22" in again
    assert "made Sun, Nov 22 by This computer" in again
    link = re.search(rf"/clients/{patient}/links/(\w+)", again)
    assert link is not None
    assert "opens nothing any more" in send(site, page, link[0]).text
    assert client.get(found[0]).status_code != 200


def test_nobody_elses_papers_are_shown(site: Site) -> None:
    came_today(site, "bo stone", hours=24 * 9)
    patient = site.booking("bo stone")["patient"]
    page = f"/clients/{patient}/papers"
    assert "Nothing came in yet." in site.http.get(page).text
    assert site.http.get(f"{page}/doc_none").status_code == 404
    assert site.http.get("/clients/pat_none/papers").status_code == 404
    assert send(site, page, f"{page}/doc_none", do="filed").status_code == 404


def test_papers_and_links_stay_with_whoever_was_two_clients(site: Site) -> None:
    for name in ("eve holm", "eva holm"):
        came_today(site, name, hours=24 * 9)
    keep, gone = (site.booking(name)["patient"] for name in ("eve holm", "eva holm"))
    with site.installation.write() as record:
        given = look_through([Given("rx.pdf", PDF)])
        whose = Whose(gone, None, "client")
        (paper,), _ = file_paper(site.installation, record, whose, "prescription", given)
        about = {"name": "Dana", "patient": gone}
        link, document = make_link(site.installation, record, about).link.id, paper.id
        merge(record, client_row(record, keep), client_row(record, gone))
    page = f"/clients/{keep}/papers"
    assert site.http.get(f"{page}/{document}/pages/1").status_code == 200
    assert "opens nothing any more" in send(site, page, f"/clients/{keep}/links/{link}").text
    (shown_to_programs,) = site.api("GET", f"/v1/patients/{keep}/documents").json()
    assert shown_to_programs["patient"] == keep
    form = f"/clients/{keep}/prescriptions/new"
    typed = {"visits": "6", "do": "confirm", "paper": document}
    assert "is confirmed" in send(site, f"{form}?paper={document}", form, **typed).text
    assert "What it says" in site.http.get(page).text
    other = site.booking("ann lee")["patient"]
    assert site.http.get(f"/clients/{other}/papers/{document}").status_code == 404


def test_a_wrong_photo_is_put_away_and_taken_back(site: Site) -> None:
    came_today(site, "dan roth", hours=24 * 9)
    patient = site.booking("dan roth")["patient"]
    with site.installation.write() as record:
        files = look_through([Given("dog.pdf", PDF)])
        whose = Whose(patient, None, "client")
        (paper,), _ = file_paper(site.installation, record, whose, "prescription", files)
        document, topic = paper.id, paper.paper
    page = f"/clients/{patient}/papers"

    def now() -> tuple[str, str, bool]:
        with site.installation.read() as record:
            row = document_row(record, document)
            return row.kind, row.state, record.tasks.is_open(TaskKind.DOCUMENT, topic)

    assert "Not readable: ask again" in site.http.get(page).text
    for how, becomes in (
        ({"do": "unusable"}, ("prescription", "unusable", False)),
        ({"do": "filed"}, ("prescription", "filed", False)),
        ({"do": "kind", "kind": "card"}, ("card", "new", True)),
    ):
        answer = send(site, page, f"{page}/{document}", **how)
        assert now() == becomes
        undo = re.search(r"/undo/\w+", answer.text)
        assert undo is not None
        send(site, page, undo[0])
        assert now() == ("prescription", "new", True)
    twin = site.api("PATCH", f"/v1/documents/{document}", {"state": "unusable"}).json()
    assert (twin["state"], twin["kind"]) == ("unusable", "prescription")
    assert "Look at it again" in site.http.get(page).text


def test_what_was_said_and_signed_is_shown_to_who_may_see_papers(site: Site) -> None:
    booking = came_today(site, "eli park", hours=24 * 9)
    patient = site.booking("eli park")["patient"]
    consent = {"name": "Rosa Park", "text": "I am the parent, and I agree.", "language": "en"}
    terms = {"name": "Eli Park", "terms": ["You pay $110."], "price": "110", "language": "en"}
    with site.installation.write() as record:
        about = {"name": "Dana", "booking": booking}
        made = make_link(site.installation, record, about)
        link = record.links.get(made.link.id)
        assert link is not None
        record.page_acts.add(link, booking, "consent", "once-1", consent)
        record.page_acts.add(link, booking, "self-pay", "once-2", terms)
        choose_self_pay(record, booking)
    paper, visit, pays = f"/clients/{patient}/papers", f"/bookings/{booking}", "/self-pay"
    for page in (paper, visit):
        text = site.http.get(page).text
        assert "Rosa Park" in text
        assert "I am the parent, and I agree." in text
        assert "You pay $110." in text
    signed = site.http.get(visit + pays).text
    assert "They agreed to the terms on their own page on Sun, Nov 22" in signed
    assert "may not be asked to pay" not in signed
    send(site, paper, "/cover", cover="on")
    try:
        for page in (paper, visit, visit + pays):
            assert "Rosa Park" not in site.http.get(page).text
            assert "$110" not in site.http.get(page).text
    finally:
        send(site, "/today", "/cover", cover="off")
    twin = site.api("GET", f"/v1/patients/{patient}/said").json()
    assert {(one["act"], one["signed"], *one["words"]) for one in twin} == {
        ("consent", "Rosa Park", "I am the parent, and I agree."),
        ("self-pay", "Eli Park", "You pay $110."),
    }


def test_the_owner_saves_the_whole_chart(site: Site) -> None:
    came_today(site, "cara lund", hours=24 * 9)
    patient = site.booking("cara lund")["patient"]
    page = f"/clients/{patient}/papers"
    fields = {**shown(site, page).fields, "back": page}
    saved = site.http.post(f"/clients/{patient}/chart.zip", data=fields)
    assert (saved.status_code, saved.headers["content-type"]) == (200, "application/zip")
    assert "cara" not in saved.headers["content-disposition"].lower()
    assert "chart.json" in zipfile.ZipFile(io.BytesIO(saved.content)).namelist()
    again = site.http.post(f"/clients/{patient}/chart.zip", data=fields)  # the same form
    assert again.status_code == 200
    assert site.http.get(f"/audit?client={patient}").text.count("Saved the whole chart") == 1
    assert site.http.post(f"/clients/{patient}/chart.zip", data={"a": "b"}).status_code == 403
    twin = site.api("POST", f"/v1/patients/{patient}/chart.zip")
    assert twin.headers["content-type"] == "application/zip"
    assert site.http.get(f"/audit?client={patient}").text.count("Saved the whole chart") == 2
    assert site.api("POST", "/v1/patients/pat_0/chart.zip").status_code == 404


def test_only_the_owner_may() -> None:
    assert [role for role in ROLES if Person("default", "x", role).may("export")] == ["owner"]
