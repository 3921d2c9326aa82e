"""Who signs in, as the owner changes it on a page."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from tests.web.conftest import Site, TestClient
from tests.web.staff.desk_pages import DANA, OWNER, PASSWORD, enter, shown, with_two_people


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    yield from with_two_people(tmp_path_factory.mktemp("people"))


@pytest.fixture(autouse=True)
def owner(site: Site) -> None:
    enter(site.http, OWNER)


def send(site: Site, path: str, **fields: str) -> Any:
    """As by a form that does not say how it stood."""
    return site.http.post(path, data={**shown(site, "/people").fields, "was": "", **fields})


def let_in(site: Site, **who: str) -> tuple[str, Any]:
    page = send(site, "/people", **who)
    with site.installation.read() as record:
        row = record.users.by_email(who["email"])
        assert row is not None
        return row.id, page


def stands(site: Site, user: str) -> tuple[str, str, str]:
    """Name, email and role of somebody."""
    with site.installation.read() as record:
        row = record.users.get(user)
        assert row is not None
        person = record.users.person(row)
        return person.name, person.email, row.role


def form_of(site: Site, user: str, page: str = "") -> dict[str, str]:
    """The form by which somebody is changed, as a browser would send it untouched."""
    text = page or site.http.get("/people").text
    form = re.search(
        rf'action="/people/{user}" method="post" aria-label="Change.*?</form>', text, re.DOTALL
    )
    assert form is not None
    inputs = re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', form[0])
    chosen = re.findall(
        r'name="(\w+)">(?:(?!</select>).)*?<option value="([^"]*)" selected', form[0]
    )
    return {name: html.unescape(value) for name, value in (*inputs, *chosen)} | {"do": "change"}


def test_people_are_let_in_by_a_link_and_shut_out(site: Site) -> None:
    user, page = let_in(site, name="Ann Biller", email="ann@example.com", role="read-only")
    link = re.search(r"http://\S+/invite/[\w-]+", page.text)
    assert link is not None
    other = TestClient(site.http.app, "http://127.0.0.1", client=("127.0.0.1", 6))
    other.post(link[0].removeprefix("http://127.0.0.1"), data={"password": PASSWORD})
    assert "Ann Biller, read only" in other.get("/today").text
    bad = send(site, "/people", name="", email="x", role="owner")
    assert bad.status_code == 422
    page = send(site, f"/people/{user}", do="remove", back="/people")
    assert "Ann Biller is shut out." in page.text
    assert other.get("/today", follow_redirects=False).status_code == 303
    enter(site.http, DANA)
    assert site.http.get("/people").status_code == 403


def test_the_owner_changes_what_somebody_may(site: Site) -> None:
    sent = {"name": "Bo Stone", "email": "bo@example.com", "role": "read-only"}
    user, _ = let_in(site, **sent)
    path = f"/people/{user}"
    front = {**sent, "role": "front-desk", "do": "change", "back": "/people"}
    done = send(site, path, **front)
    assert "Bo Stone is front desk, and was read only." in done.text
    bad = send(site, path, **{**front, "email": "bo"})
    assert (bad.status_code, "is no e-mail address" in bad.text) == (422, True)
    undo = re.search(r"/undo/act_\w+", done.text)
    assert undo is not None
    send(site, undo[0], back="/people")
    assert stands(site, user)[2] == "read-only"
    with site.installation.read() as record:
        first = next(row.id for row in record.users.all() if row.role == "owner")
    for pressed in ("remove", "change"):
        less = {**OWNER, "role": "front-desk", "do": pressed}
        alone = send(site, f"/people/{first}", **less)
        assert (alone.status_code, "the only owner" in alone.text) == (409, True)
    assert send(site, path, do="none").status_code == 404
    said = site.http.get("/audit").text
    for words in ("Bo Stone is let in as read only.", "Mira Olsen: Signed in."):
        assert words in said


def test_a_form_of_before_gives_nobody_back_what_was_taken_from_them(site: Site) -> None:
    sent = {"name": "Cy Young", "email": "cy@example.com", "role": "owner"}
    user, _ = let_in(site, **sent)
    path, mine = f"/people/{user}", form_of(site, user)
    assert json.loads(mine["was"]) == {**sent, "practitioner": ""}
    site.http.post(path, data={**form_of(site, user), "role": "read-only"})
    done = site.http.post(path, data={**mine, "name": "Cy Young-Park"})
    assert done.status_code == 200
    assert stands(site, user) == ("Cy Young-Park", "cy@example.com", "read-only")


def test_of_what_both_changed_the_owner_chooses(site: Site) -> None:
    user, _ = let_in(site, name="Di Reyes", email="di@example.com", role="front-desk")
    path, mine = f"/people/{user}", form_of(site, user)
    site.http.post(path, data={**form_of(site, user), "role": "read-only", "name": "Di Roy"})
    both = site.http.post(path, data={**mine, "role": "therapist"})
    assert both.status_code == 409
    assert "<li>May: read only</li>" in both.text
    assert stands(site, user) == ("Di Roy", "di@example.com", "read-only")
    again = form_of(site, user, both.text)
    assert (again["name"], again["role"]) == ("Di Roy", "therapist")
    assert site.http.post(path, data=again).status_code == 200
    assert stands(site, user) == ("Di Roy", "di@example.com", "therapist")


def test_what_was_typed_of_somebody_stands_where_it_cannot_be_saved(site: Site) -> None:
    """In their own form, and not in the one for somebody new."""
    user, _ = let_in(site, name="Ed Hill", email="ed@example.com", role="front-desk")
    typed = {"name": "Ed Hill-Roe", "email": "ed.example", "role": "therapist"}
    bad = site.http.post(f"/people/{user}", data={**form_of(site, user), **typed})
    assert bad.status_code == 422
    again = form_of(site, user, bad.text)
    assert {name: again[name] for name in typed} == typed
    assert f'href="#f-{user}-email"' in bad.text
    assert f'id="f-{user}-email"' in bad.text
    assert bad.text.count("Ed Hill-Roe") == 1
    right = site.http.post(f"/people/{user}", data={**again, "email": "ed.roe@example.com"})
    assert right.status_code == 200
    assert stands(site, user) == ("Ed Hill-Roe", "ed.roe@example.com", "therapist")


def test_a_form_that_is_sent_twice_lets_in_once_and_shows_a_link_that_works(site: Site) -> None:
    """A browser shows the answer to the second press alone."""
    fay = {"name": "Fay Mori", "email": "fay@example.com", "role": "front-desk"}
    form = {**shown(site, "/people").fields, **fay}
    pages = [site.http.post("/people", data=form) for _ in range(2)]
    assert [page.status_code for page in pages] == [200, 200]
    link = re.search(r"http://\S+(/invite/[\w-]+)", pages[1].text)
    assert link is not None
    assert "Welcome, Fay Mori" in site.http.get(link[1]).text
    other = {**form, "once": "another", "name": "Fay Again"}
    assert site.http.post("/people", data=other).status_code == 409
