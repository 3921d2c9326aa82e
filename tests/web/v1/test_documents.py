"""``/v1``: the papers of clients, as programs send and see them."""

from typing import Any

import pytest
from tests.documents.made import JPEG, PDF, pdf
from tests.web.conftest import Site, problem


def token_of(answer: dict[str, str]) -> str:
    return answer["url"].rpartition("/")[2]


def send(site: Site, patient: str, *files: tuple[str, bytes], **fields: str) -> Any:
    return site.http.post(
        f"/v1/patients/{patient}/documents",
        data={"kind": "prescription", **fields},
        files=[("file", (name, content, "application/octet-stream")) for name, content in files],
        headers={"authorization": f"Bearer {site.key}"},
    )


def test_papers_are_listed_read_and_filed(paged: Site, sofia: dict[str, str]) -> None:
    made = paged.api("POST", "/v1/links", {"name": "Dana", "booking": sofia["id"]}).json()
    path = f"/p/{token_of(made)}"
    files = {"file": ("my rx ñ.jpg", JPEG, "text/html")}
    data = {"once": "a-token-of-one-form"}
    sent = paged.http.post(f"{path}/prescription", data=data, files=files, follow_redirects=False)
    assert sent.status_code == 303
    (document,) = paged.api("GET", f"/v1/patients/{sofia['patient']}/documents").json()
    assert (document["media_type"], document["state"]) == ("image/jpeg", "new")
    content = paged.api("GET", f"/v1/documents/{document['id']}/content")
    assert content.content == JPEG
    assert content.headers["content-type"] == "image/jpeg"
    assert content.headers["content-disposition"] == (
        "attachment; filename*=UTF-8''my%20rx%20%C3%B1.jpg"
    )
    page = paged.api("GET", f"/v1/documents/{document['id']}/pages/1")
    assert (page.headers["content-type"], page.content[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    problem(paged.api("GET", f"/v1/documents/{document['id']}/pages/0"), 404)
    filed = paged.api("PATCH", f"/v1/documents/{document['id']}", {"state": "filed"})
    assert filed.json()["state"] == "filed"
    with paged.installation.read() as record:
        assert not record.tasks.is_open("document", document["paper"])


def test_a_program_sends_a_paper_and_says_what_was_written_down(
    paged: Site, sofia: dict[str, str]
) -> None:
    patient = sofia["patient"]
    made = send(paged, patient, ("1.pdf", PDF), ("2.pdf", pdf("Two")), kind="other")
    assert made.status_code == 201
    first, second = made.json()
    assert (first["paper"], first["pages"], second["number"]) == (second["paper"], 1, 2)
    assert send(paged, patient, ("again.pdf", PDF), kind="other").json() == [first]
    facts = f"/v1/patients/{patient}/prescriptions"
    fact = paged.api("POST", facts, {"signed_on": "2026-11-20"}).json()["record"]
    path = f"/v1/documents/{first['id']}"
    for odd in ("prx_none", "aut_1"):
        said = problem(paged.api("PATCH", path, {"state": "filed", "fact": odd}), 422)
        assert said["errors"][0]["path"] == "fact"
    filed = paged.api("PATCH", path, {"state": "filed", "fact": fact}).json()
    assert (filed["state"], filed["fact"]) == ("filed", fact)
    assert paged.api("PATCH", path, {"state": "filed"}).json()["fact"] == fact
    assert paged.api("PATCH", path, {"state": "new"}).json()["fact"] is None


def test_what_cannot_be_kept_is_refused(
    paged: Site, sofia: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = sofia["patient"]
    locked = pdf("A secret", password="secret")
    for files, fields, path, words in (
        ((("rx.pdf", locked),), {}, "file", "is locked with a password"),
        ((("rx.pdf", PDF),), {"kind": "poem"}, "kind", "must be one of"),
    ):
        said = problem(send(paged, patient, *files, **fields), 422)["errors"][0]
        assert (said["path"], words in said["message"]) == (path, True)
    problem(send(paged, "pat_0", ("rx.pdf", PDF)), 404)
    problem(paged.api("POST", f"/v1/patients/{patient}/documents", {"kind": "other"}), 415)
    monkeypatch.setattr("massage_ins_bridge.web.door.paper_forms.MOST_TOGETHER", 10)
    monkeypatch.setattr("massage_ins_bridge.web.door.uploads.MEGABYTE", 10)
    problem(send(paged, patient, ("rx.pdf", PDF)), 413)


@pytest.mark.parametrize(
    ("method", "path", "data"),
    [
        ("GET", "/v1/patients/pat_0/documents", None),
        ("GET", "/v1/documents/doc_0/content", None),
        ("GET", "/v1/documents/doc_0/pages/1", None),
        ("PATCH", "/v1/documents/doc_0", {"state": "filed"}),
    ],
)
def test_what_there_is_not(paged: Site, method: str, path: str, data: object) -> None:
    problem(paged.api(method, path, data), 404)


def test_without_a_key(paged: Site) -> None:
    assert paged.http.get("/v1/documents/doc_0/content").status_code == 401
    refused = paged.http.post("/v1/patients/pat_0/documents", files={"file": ("a", b"a", "a/b")})
    assert refused.status_code == 401
