"""What cannot be carried out says why, keeps in sight what was typed, and leads back."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.web.conftest import Site, open_site
from tests.web.staff.desk_pages import Page, client_of, let_in, shown

PAYER = {"payer": "Premera", "plan": "Innova & more"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    for made in open_site(tmp_path_factory.mktemp("not-saved")):
        let_in(made)
        yield made


def coverages(site: Site, patient: str) -> list[dict[str, Any]]:
    found = site.api("GET", f"/v1/patients/{patient}/coverages").json()["coverages"]
    return [dict(one) for one in found]


def opened(site: Site, patient: str) -> tuple[str, dict[str, str]]:
    """The form of a coverage that is on file, as somebody has it open."""
    made = site.api("POST", f"/v1/patients/{patient}/coverages", {"payer": "cigna"}).json()
    path = f"/clients/{patient}/coverages/{made['record']}"
    fields = shown(site, path).fields
    fields.pop("do", None)
    return path, {**fields, **PAYER}


def test_a_fact_that_was_taken_out_meanwhile_is_saved_as_a_new_one(site: Site) -> None:
    patient = client_of(site, "taken out")
    path, fields = opened(site, patient)
    site.api("DELETE", f"/v1/patients/{patient}/coverages/{path.rpartition('/')[2]}")
    answer = site.http.post(path, data=fields)
    assert answer.status_code == 404
    assert "Somebody took this out of the chart" in answer.text
    assert '<th scope="row">Plan</th><td>Innova &amp; more</td>' in answer.text
    assert 'href="/tasks">Tasks</a>' in answer.text
    assert f'action="/clients/{patient}/coverages/new"' in answer.text
    again = Page(answer.text).fields
    assert site.http.post(f"/clients/{patient}/coverages/new", data=again).status_code == 200
    assert [one.get("plan") for one in coverages(site, patient)].count("Innova & more") == 1


def test_a_client_who_was_joined_meanwhile_leads_to_the_one_who_stays(site: Site) -> None:
    gone, stays = client_of(site, "goes away"), client_of(site, "one of two")
    path, fields = opened(site, gone)
    edit = f"/clients/{gone}/edit"
    changed = {**shown(site, edit).fields, "name": "Another Name"}
    site.api("POST", f"/v1/patients/{stays}/merge", {"patient": gone, "name": "Dana"})
    answer = site.http.post(path, data=fields)
    assert "joined into one while this was open" in answer.text
    assert gone not in answer.text.split("<h1>")[1].split("<form")[0]
    there = path.replace(gone, stays)
    assert f'action="{there}"' in answer.text
    saved = site.http.post(there, data=Page(answer.text).fields)
    assert saved.url.path == f"/clients/{stays}"
    assert "Innova & more" in [one.get("plan") for one in coverages(site, stays)]
    whole = site.http.post(edit, data=changed)  # it would overwrite what is on file of the other
    assert "Another Name" in whole.text
    assert "<form" not in whole.text


def test_the_way_back_is_the_page_before_on_this_site_alone(site: Site) -> None:
    here = {"referer": "http://127.0.0.1/tasks?by=client"}
    path = "/clients/pat_none"
    assert 'href="/tasks?by=client">Back' in site.http.get(path, headers=here).text
    for other in ("http://evil.example/x", "http://127.0.0.1//evil.example", "http://[", ""):
        page = site.http.get(path, headers={"referer": other}).text
        assert "Back to the page before" not in page
        assert "Go to Today" in page


def test_nothing_typed_is_shown_while_names_are_covered(site: Site) -> None:
    patient = client_of(site, "under cover")
    path, fields = opened(site, patient)
    site.api("DELETE", f"/v1/patients/{patient}/coverages/{path.rpartition('/')[2]}")
    site.http.cookies.set("mib_cover", "on")
    assert "Innova" not in site.http.post(path, data=fields).text
    site.http.cookies.delete("mib_cover")


def test_more_than_a_form_takes_is_said_in_plain_words(site: Site) -> None:
    patient = client_of(site, "long name")
    edit = f"/clients/{patient}/edit"
    answer = site.http.post(edit, data={**shown(site, edit).fields, "name": "x" * 300_000})
    assert (answer.status_code, "That is more than this form takes." in answer.text) == (413, True)
    assert (
        "still there" not in answer.text
    )  # browsers do not keep what is typed in pages of no-store
    assert "bytes" not in answer.text


def test_what_was_typed_is_shown_where_something_goes_wrong_on_our_side(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No browser keeps it: the desk's pages are not stored."""
    patient = client_of(site, "our fault")
    fields = {**shown(site, f"/clients/{patient}").fields, "note": "Prefers mornings."}

    def broken(*_: Any) -> None:
        raise RuntimeError("none of the page's business")

    with monkeypatch.context() as patched:
        patched.setattr("massage_ins_bridge.web.staff.clients.add_note", broken)
        answer = site.http.post(f"/clients/{patient}/note", data=fields)
    assert answer.status_code == 500
    assert "Something went wrong on our side." in answer.text
    assert "Prefers mornings." in answer.text
    with monkeypatch.context() as patched:
        patched.setattr("massage_ins_bridge.web.staff.clients.add_note", broken)
        patched.setattr("massage_ins_bridge.web.staff.not_saved.in_words", broken)
        answer = site.http.post(f"/clients/{patient}/note", data=fields)
    assert (answer.status_code, "went wrong on our side" in answer.text) == (500, True)
