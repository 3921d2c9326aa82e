"""A prescription beside its paper: sent by staff, read, looked at by the rules, confirmed, and the
letter that asks for what it lacks."""

import re
from typing import Any

import pytest
from tests.documents.made import pdf, photo
from tests.web.conftest import Site
from tests.web.staff.desk_pages import came_today, shown

from massage_ins_bridge.web.staff import prescriptions

SCAN = pdf("Massage, once a week", "Second page")
#: What stands on the paper: it names no duration.
PAPER = {
    "prescriber-name": "Aaron Feld",
    "prescriber-credential": "MD",
    "prescriber-npi": "1234567893",
    "prescriber-state": "WA",
    "signed_on": "2026-11-20",
    "received_on": "2026-11-21",
    "signed": "yes",
    "diagnoses": "M54.2",
    "frequency-times": "1",
    "frequency-per": "week",
    "loss_of_function": "cannot turn the head to drive",
    "pain": "yes",
    "purpose": "rehabilitation",
}
WHOLE = {**PAPER, "duration-count": "6", "duration-unit": "week"}


@pytest.fixture(scope="module")
def site(ruled: Site) -> Site:
    return ruled


def client_of(site: Site, ref: str, **booked: Any) -> str:
    """A client of Regence with a visit to come."""
    came_today(site, ref, **{"hours": 24 * 9, "answers": {"payer": "Regence"}, **booked})
    patient = str(site.booking(ref)["patient"])
    coverage = {"payer": "Regence", "position": "primary", "staff_confirmed": True}
    path = f"/v1/patients/{patient}/coverages"
    assert site.api("POST", path, {**coverage, "funding": "fully_insured"}).status_code == 201
    return patient


def send(site: Site, path: str, **fields: str) -> Any:
    return site.http.post(path, data={**shown(site, path).fields, "do": "save", **fields})


def upload(site: Site, patient: str, content: bytes, name: str = "rx.pdf", **more: str) -> Any:
    path = f"/clients/{patient}/papers"
    data = {**shown(site, path).fields, "kind": "prescription", **more}
    return site.http.post(path, data=data, files={"file": (name, content, "application/pdf")})


def on_file(site: Site, patient: str) -> list[dict[str, Any]]:
    found = site.api("GET", f"/v1/patients/{patient}/prescriptions").json()
    return list(found["prescriptions"])


def test_a_paper_is_sent_read_and_confirmed(site: Site) -> None:
    patient = client_of(site, "maya patel")
    page = upload(site, patient, SCAN)
    assert page.status_code == 200
    assert "The paper is kept." in page.text
    pictures = re.findall(r'<img src="([^"]+)" alt="Page (\d)', page.text)
    assert [number for _, number in pictures] == ["1", "2"]
    picture = site.http.get(pictures[1][0])
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/jpeg")
    assert site.http.get(pictures[1][0].replace("/2", "/3")).status_code == 404

    path = str(page.url.copy_with(query=page.url.query.partition(b"&")[0]))
    assert "paper=doc_" in path
    looked = send(site, path, do="look", **PAPER)
    assert "The prescription does not give the duration." in looked.text
    assert 'value="Aaron Feld"' in looked.text
    assert on_file(site, patient) == []

    letter = send(site, path, do="confirm-and-write", **PAPER)
    assert "The prescription is confirmed." in letter.text
    assert "Letter to Aaron Feld, MD" in letter.text
    assert "for how long, for example" in letter.text
    assert letter.text.count('class="entry"') == 1
    (filed,) = on_file(site, patient)
    assert filed["staff_confirmed"] is True
    (document,) = site.api("GET", f"/v1/patients/{patient}/documents").json()
    assert (document["state"], document["fact"]) == ("filed", filed["record"])

    again = site.http.get(f"/clients/{patient}/prescriptions/{filed['record']}")
    assert pictures[0][0] in again.text
    assert "See the letter" in again.text
    whole = send(site, str(again.url.path), do="confirm", **WHOLE)
    assert "is confirmed" in whole.text
    nothing = site.http.get(f"/clients/{patient}/prescriptions/{filed['record']}/letter")
    assert "has nothing to add" in nothing.text


def test_what_was_read_from_a_paper_is_taken_back_with_it(site: Site) -> None:
    patient = client_of(site, "taken back")
    path = str(upload(site, patient, SCAN).url.path) + "?paper="
    (document,) = site.api("GET", f"/v1/patients/{patient}/documents").json()
    read = site.http.get(path + document["id"]).text
    assert 'name="received_on" type="date" value="2026-11-22"' in read  # the day on which it came
    done = send(site, path + document["id"], do="confirm", **PAPER)
    act = re.search(r'action="/undo/(\w+)"', done.text)
    assert act is not None
    site.http.post(f"/undo/{act[1]}", data=shown(site, f"/clients/{patient}").fields)
    (document,) = site.api("GET", f"/v1/patients/{patient}/documents").json()
    assert (document["state"], document["fact"], on_file(site, patient)) == ("new", None, [])


def test_what_is_taken_out_comes_back_to_its_paper(site: Site) -> None:
    patient = client_of(site, "taken out")
    path = str(upload(site, patient, photo("PNG"), "rx.png").url.path) + "?paper="
    (document,) = site.api("GET", f"/v1/patients/{patient}/documents").json()
    send(site, path + document["id"], do="save", **PAPER)
    (filed,) = on_file(site, patient)
    assert "staff_confirmed" not in filed
    done = send(site, f"/clients/{patient}/prescriptions/{filed['record']}", do="remove")
    act = re.search(r'action="/undo/(\w+)"', done.text)
    assert act is not None
    site.http.post(f"/undo/{act[1]}", data=shown(site, f"/clients/{patient}").fields)
    (document,) = site.api("GET", f"/v1/patients/{patient}/documents").json()
    assert document["fact"] == on_file(site, patient)[0]["record"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (pdf("A secret", password="secret"), "rx.pdf is locked with a password."),
        (b"%PDF-1.7 no paper\n%%EOF", "rx.pdf cannot be opened."),
        (SCAN[:200], "rx.pdf did not arrive whole, or cannot be opened."),
        (b"PK\3\4 a document", "rx.pdf is no photo or PDF."),
        (b"", "rx.pdf is empty."),
    ],
)
def test_a_file_that_is_none_is_refused_in_one_line(
    site: Site, content: bytes, said: str, request: pytest.FixtureRequest
) -> None:
    patient = client_of(site, f"refused {len(content)}")
    answer = upload(site, patient, content)
    assert answer.status_code == 422
    assert said in answer.text
    assert site.api("GET", f"/v1/patients/{patient}/documents").json() == []


def test_the_same_file_is_noticed(site: Site) -> None:
    patient = client_of(site, "sent twice")
    upload(site, patient, SCAN)
    again = upload(site, patient, SCAN, "another-name.pdf")
    assert "You have this paper already." in again.text
    assert len(site.api("GET", f"/v1/patients/{patient}/documents").json()) == 1


def test_what_was_done_before_is_not_told_beside_what_is_wrong(site: Site) -> None:
    patient = client_of(site, "then a wrong one")
    path = f"/clients/{patient}/papers"
    fields = {**shown(site, path).fields, "kind": "card"}
    kept = site.http.post(path, data=fields, files={"file": ("1.pdf", SCAN, "application/pdf")})
    assert "The paper is kept." in kept.text
    fields = {**shown(site, path).fields, "kind": "card"}
    wrong = {"file": ("2.txt", b"words", "text/plain")}
    again = site.http.post(str(kept.url), data=fields, files=wrong)
    assert again.status_code == 422
    assert "The paper is kept." not in again.text


def test_findings_come_while_one_types(site: Site) -> None:
    patient = client_of(site, "typing")
    path = f"/clients/{patient}/prescriptions/new"
    known = shown(site, path).fields

    def find(**typed: str) -> dict[str, Any]:
        answer = site.http.post(f"{path}/findings", data={**known, **typed})
        assert answer.status_code == 200
        return dict(answer.json())

    found = find(**{**PAPER, "prescriber-npi": "1234567890", "pain": ""})
    said = {name: one[0]["status"] for name, one in found["fields"].items()}
    assert said["prescriber-npi"] == "unmet"
    without = find(**{**PAPER, "prescriber-npi": "", "prescriber-credential": ""})["fields"]
    assert without["prescriber-credential"][0]["status"] == "unknown"
    abroad = find(**{**WHOLE, "prescriber-state": "OR"})["fields"]
    assert "licence is of OR" in abroad["prescriber-state"][0]["words"]
    assert said["duration-count"] == "unmet"
    assert said["diagnoses"] == "met"
    assert said["loss_of_function"] == "unknown"
    assert found["asks"][-1] == "whether there is pain"
    assert "for Regence" in found["summary"]
    assert "received_on" in found["fields"]  # a visit is to come
    whole = find(**WHOLE)
    assert (whole["asks"], whole["summary"]) == ([], "Nothing is missing for Regence.")
    assert find()["summary"] == ""
    odd = find(**{**PAPER, "visits": "many", "prescriber-npi": "1234567890"})["fields"]
    assert odd["visits"][0]["status"] == "unknown"
    assert "many" in odd["visits"][0]["words"]
    assert odd["prescriber-npi"][0]["status"] == "unmet"  # the others are judged all the same
    twice = find(**{**PAPER, "visits": "many", "signed_on": "31/02/2026"})["fields"]
    assert {"visits", "signed_on", "diagnoses"} <= twice.keys()
    assert on_file(site, patient) == []


def test_what_cannot_be_stored_keeps_what_was_typed(site: Site) -> None:
    patient = client_of(site, "wrong day")
    path = f"/clients/{patient}/prescriptions/new"
    answer = send(site, path, do="confirm", **{**PAPER, "visits": "many"})
    assert answer.status_code == 422
    assert "is no whole number" in answer.text
    assert 'value="Aaron Feld"' in answer.text
    assert send(site, path, do="confirm").status_code == 422  # it says nothing
    odd = {"diagnoses": "M54.50, M\u202e1", "prescriber-name": "Al\u202ean"}
    text = send(site, path, do="confirm", **{**PAPER, **odd}).text
    for name in odd:  # the box leads to the field, which says it too
        assert f'href="#f-{name}"' in text
        assert f'id="f-{name}"' in text
        assert f'id="e-{name}">holds a character that cannot be shown' in text
    assert site.http.get(f"{path}?paper=doc_none").status_code == 404
    assert site.http.get(f"/clients/{patient}/papers/doc_none/pages/1").status_code == 404


def test_somebody_was_quicker(site: Site) -> None:
    patient = client_of(site, "two readers")
    send(site, f"/clients/{patient}/prescriptions/new", **PAPER)
    path = f"/clients/{patient}/prescriptions/{on_file(site, patient)[0]['record']}"
    mine = {**shown(site, path).fields, **WHOLE, "visits": "8", "do": "confirm"}
    send(site, path, **{**PAPER, "visits": "5"})
    answer = site.http.post(path, data=mine)
    assert answer.status_code == 409
    assert "changed this while you typed" in answer.text
    assert "They saved: 5." in answer.text


def test_a_letter_is_a_pdf_too(site: Site) -> None:
    patient = client_of(site, "fax it")
    send(site, f"/clients/{patient}/prescriptions/new", **PAPER)
    record = on_file(site, patient)[0]["record"]
    answer = site.http.get(f"/clients/{patient}/prescriptions/{record}/letter.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


def test_a_letter_that_cannot_say_how_the_page_comes_back_says_so(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = client_of(site, "no fax")
    send(site, f"/clients/{patient}/prescriptions/new", **PAPER)
    path = f"/clients/{patient}/prescriptions/{on_file(site, patient)[0]['record']}/letter"
    said = "The letter cannot say how the page comes back"
    assert said not in site.http.get(path).text
    monkeypatch.setattr(prescriptions, "letterhead", lambda *_: {"contact": "", "address": ""})
    assert said in site.http.get(path).text


def test_covered_names_hide_papers(site: Site) -> None:
    patient = client_of(site, "covered up")
    upload(site, patient, SCAN)
    (document,) = site.api("GET", f"/v1/patients/{patient}/documents").json()
    fields = shown(site, f"/clients/{patient}").fields
    site.http.post("/cover", data={**fields, "cover": "on"})
    try:
        for path in (
            f"papers/{document['id']}/pages/1",
            f"papers/{document['id']}",
            f"prescriptions/new?paper={document['id']}",
        ):
            assert site.http.get(f"/clients/{patient}/{path}").status_code == 409
    finally:
        site.http.post("/cover", data={**fields, "cover": "off"})


def test_what_is_wrong_with_the_one_on_file_leads_to_it(site: Site) -> None:
    patient = client_of(site, "nora vance", answers={})
    site.api("PATCH", f"/v1/patients/{patient}", {"intake_received": True})
    booking = site.booking("nora vance")["id"]
    page = f"/clients/{patient}/prescriptions"
    lead = f"{page}/of/{booking}"
    site.until(lambda: f'href="{page}/new"' in row_of(site, booking))  # none is on file
    assert site.http.get(lead, follow_redirects=False).headers["location"] == f"{page}/new"
    send(site, f"{page}/new", **PAPER, do="confirm")
    (rx,) = on_file(site, patient)
    site.until(lambda: f'href="{lead}"' in row_of(site, booking))
    answer = site.http.get(lead, follow_redirects=False)
    assert answer.headers["location"] == f"{page}/{rx['record']}"
    assert site.http.get(f"{page}/of/bkg_0").status_code == 404


def row_of(site: Site, booking: str) -> str:
    """The booking's row, as its own page shows it."""
    return str(site.http.get(f"/bookings/{booking}").text).split("What the rules ask")[0]


def test_a_letter_that_asks_nothing_is_no_file(site: Site) -> None:
    patient = client_of(site, "otis hale")
    path = f"/clients/{patient}/prescriptions"
    send(site, f"{path}/new", **WHOLE, do="confirm")
    (rx,) = on_file(site, patient)
    assert site.http.get(f"{path}/{rx['record']}/letter.pdf").status_code == 404
