"""The forms of the client's page: read within bounds, from the page itself, and kept whole."""

import re
from collections.abc import Iterator
from typing import Any
from zlib import crc32

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from tests.documents.made import JPEG, PDF, pdf
from tests.web.client.own_pages import SENT, SETTINGS, booked
from tests.web.conftest import Site, open_site

from massage_ins_bridge.desk import papers
from massage_ins_bridge.store.page_models import DocumentRow
from massage_ins_bridge.web.door import paper_forms

LOCKED = pdf("A secret", password="secret")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A service whose clients have pages."""
    yield from open_site(tmp_path_factory.mktemp("uploads"), **SETTINGS)


@pytest.fixture(scope="module")
def own_path(shared: Site) -> str:
    """The page of one client."""
    return booked(shared, "fuzz")


def test_photos_are_taken_and_named(shared: Site) -> None:
    path = booked(shared, "photos")
    shared.http.get(path)
    files = [("file", ("1.jpg", JPEG, "image/jpeg")), ("file", ("2.pdf", PDF, "x/y"))]
    where, data = f"{path}/prescription?lang=es", SENT
    answer = shared.http.post(where, data=data, files=files, follow_redirects=False)
    assert answer.status_code == 303
    assert re.fullmatch(rf"{path}\?lang=es&done=act_\w+", answer.headers["location"])
    after = shared.http.get(answer.headers["location"]).text
    assert "Gracias. Recibimos su receta. Una persona la revisará a más tardar el" in after
    again = shared.http.post(where, data=data, files=files, follow_redirects=False)
    assert again.headers["location"] == answer.headers["location"]
    data = {"once": "a-token-of-another-form"}
    same = shared.http.post(where, data=data, files=files)
    assert "Ya teníamos esta página" in same.text
    patient = shared.booking("photos")["patient"]
    assert len(shared.api("GET", f"/v1/patients/{patient}/documents").json()) == 2


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([], "No file came with it."),
        ([("file", ("", b"", "application/octet-stream"))], "No file came with it."),
        ([("file", ("a.gif", b"GIF89a", "image/gif"))], "a.gif is no photo or PDF."),
        ([("file", ("a.pdf", LOCKED, "application/pdf"))], "a.pdf is locked with a password."),
        ([("file", ("a.jpg", JPEG[:-2], "image/jpeg"))], "a.jpg did not arrive whole"),
        ([("file", (f"{n}.jpg", JPEG, "i/j")) for n in range(12)], "Send at most 8 pages at once."),
        (
            [("file", ("<b>.txt", b"words", "text/plain"))],
            "&lt;b&gt;.txt is no photo or PDF.",
        ),
    ],
)
def test_a_file_that_cannot_be_taken_is_said_at_the_page(
    shared: Site, files: list[Any], said: str, request: pytest.FixtureRequest
) -> None:
    path = booked(shared, f"wrong-{crc32(request.node.callspec.id.encode())}")
    data = SENT
    if files:
        answer = shared.http.post(f"{path}/card", data=data, files=files)
    else:
        answer = shared.http.post(f"{path}/card", data=data)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'role="alert"' in answer.text
    assert "<title>Problem: " in answer.text


def test_what_is_too_big_is_refused_before_it_is_read(
    shared: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = booked(shared, "big")
    files = {"file": ("a.jpg", JPEG + b"\0" * papers.MOST_BYTES, "image/jpeg")}
    data = SENT
    answer = shared.http.post(f"{path}/card", data=data, files=files)
    assert (answer.status_code, "a.jpg is too big." in answer.text) == (422, True)
    monkeypatch.setattr(paper_forms, "MOST_TOGETHER", 10)
    answer = shared.http.post(f"{path}/card", data=data, files=files)
    assert (answer.status_code, "too much at once" in answer.text) == (413, True)
    answer = shared.http.post(f"{path}/intake", data={**data, "odd": "x" * 70_000})
    assert answer.status_code == 413


def test_a_body_that_was_cut_keeps_nothing(shared: Site) -> None:
    path = booked(shared, "cut")
    head = {"content-type": "multipart/form-data; boundary=b"}
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n' + JPEG
    answer = shared.http.post(f"{path}/card", content=body, headers=head)
    assert answer.status_code == 422
    for odd in ({"content-type": "multipart/form-data"}, {"content-type": "text/plain"}, {}):
        assert shared.http.post(f"{path}/card", content=body, headers=odd).status_code == 422
    with shared.installation.read() as record:
        rows = record.session.scalars(select(DocumentRow))
        assert [r for r in rows if record.documents.name(r) == "a.jpg" and r.kind == "card"] == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"origin": "null"}, 303),  # what a page without a referrer sends
        ({"origin": "http://127.0.0.1", "sec-fetch-site": "same-origin"}, 303),
        ({"origin": "https://evil.example"}, 404),
        ({"origin": "http://["}, 404),
        ({"origin": "null", "sec-fetch-site": "cross-site"}, 404),
        ({"sec-fetch-site": "same-site"}, 404),
    ],
)
def test_a_form_comes_from_the_page_itself(
    shared: Site, headers: dict[str, str], status: int, request: pytest.FixtureRequest
) -> None:
    path = booked(shared, f"origin-{request.node.callspec.id}")
    data = SENT
    where = f"{path}/intake"
    answer = shared.http.post(where, data=data, headers=headers, follow_redirects=False)
    assert answer.status_code == status


def test_what_was_typed_is_still_there(shared: Site) -> None:
    path = booked(shared, "typed", answers={})
    typed = {"payer": "", "plan": 'Innova "2"', "date_of_injury": "2026-02-31"}
    data = {**SENT, **typed}
    answer = shared.http.post(f"{path}/insurer", data=data)
    assert answer.status_code == 422
    assert "Write the name of your insurance." in answer.text


# The service's own threads draw from ``random`` for their waits; Hypothesis sees that the state has
# changed while it drew, and takes it for the strategy's doing.
@pytest.mark.filterwarnings("ignore:Do not use the `random` module inside strategies")
@settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
@given(
    act=st.sampled_from(["insurer", "intake", "consent", "cost", "self-pay", "give-back", "card"]),
    data=st.dictionaries(
        st.sampled_from(["once", "lang", "seen", "visit", "payer", "name", "agree", "plan"]),
        st.text(max_size=300),
        max_size=8,
    ),
)
def test_no_form_breaks_the_page(
    shared: Site, own_path: str, act: str, data: dict[str, str]
) -> None:
    answer = shared.http.post(f"{own_path}/{act}", data=data, follow_redirects=False)
    assert answer.status_code in (303, 413, 422)
    assert shared.http.get(own_path).status_code == 200
