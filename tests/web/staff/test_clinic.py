"""The clinic's own pages, and that every link of the frame leads somewhere."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.web.conftest import Site, TestClient
from tests.web.staff.desk_pages import (
    DANA,
    OWNER,
    PASSWORD,
    came_today,
    enter,
    shown,
    with_two_people,
)

from massage_ins_bridge.desk.clock import DemoClock
from massage_ins_bridge.desk.users import add_user, set_password


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    yield from with_two_people(tmp_path_factory.mktemp("clinic"))


@pytest.fixture(autouse=True)
def owner(site: Site) -> None:
    enter(site.http, OWNER)


def send(site: Site, path: str, page: str, **fields: str) -> Any:
    return site.http.post(path, data={**shown(site, page).fields, **fields})


def test_every_link_of_the_frame_leads_somewhere(site: Site) -> None:
    came_today(site, "ann lee", hours=24 * 9)
    links = set(re.findall(r'href="(/[a-z][^"#]*)', site.http.get("/today").text))
    assert {"/week", "/tasks", "/clients", "/accounts", "/rules", "/people", "/audit"} <= links
    for link in links:
        answer = site.http.get(link.replace("&amp;", "&"))
        assert answer.status_code == 200, link


def test_accounts_say_how_they_are(site: Site) -> None:
    text = site.http.get("/accounts").text
    for words in ("At work", "/webhooks/desk", "medical-massage (1)", "Ask it now"):
        assert words in text
    page = send(site, "/accounts/desk/look", "/accounts", do="now", back="/accounts")
    assert "desk is asked now." in page.text


def test_a_delivery_whose_secret_does_not_fit_is_said_until_one_fits(site: Site) -> None:
    """Staff sees it, and not only whoever reads the log."""
    for _ in range(2):
        wrong = site.http.post("/webhooks/desk", content=b"{}", headers={"x-fake-signature": "no"})
        assert wrong.status_code == 401
    said = "2 deliveries came whose secret does not fit"
    assert said in site.http.get("/accounts").text
    clock = site.installation.clock
    assert isinstance(clock, DemoClock)
    clock.set(clock.now() + timedelta(minutes=1))
    came_today(site, "bo wu", hours=24 * 9)
    assert said not in site.http.get("/accounts").text


def test_a_therapist_adds_no_client_whom_they_could_not_open(site: Site) -> None:
    tomas = {"name": "Tomas", "email": "tomas@example.com", "role": "therapist"}
    with site.installation.write() as record:
        made = add_user(record, {**tomas, "practitioner": "tomas"})
        set_password(record, made, PASSWORD)
    assert "Add a client" in site.http.get("/clients").text
    enter(site.http, tomas)
    assert "Add a client" not in site.http.get("/clients").text
    answer = send(site, "/clients/new", "/clients", name="Cy Dean")
    assert (answer.status_code, "add clients." in answer.text) == (403, True)
    enter(site.http, OWNER)
    assert "Cy Dean" not in site.http.get("/clients").text


def test_going_live_shows_what_waits_and_only_the_owner_lets_it_through(site: Site) -> None:
    assert "Nothing waits." in site.http.get("/accounts/desk/live").text
    assert site.http.get("/accounts/none/live").status_code == 404
    fields = shown(site, "/accounts").fields
    assert (
        "0 bookings are let through"
        in site.http.post("/accounts/desk/live", data={**fields, "do": "all"}).text
    )
    enter(site.http, DANA)
    refused = send(site, "/accounts/desk/live", "/accounts", do="all")
    assert (refused.status_code, "Only the owner can do this." in refused.text) == (403, True)


def test_rules_name_their_sources(site: Site) -> None:
    text = site.http.get("/rules").text
    assert "Rules and sources" in text
    assert re.search(r"read on \w{3}, \w{3} \d+", text)
    assert "S0" not in re.sub(r"<[^>]*>", " ", text)  # a form's own key may hold it by chance


def test_the_owner_sees_what_all_did_and_others_their_own(site: Site) -> None:
    booking = came_today(site, "bo stone", hours=2, service_ref="2")
    patient = site.booking("bo stone")["patient"]
    send(site, f"/bookings/{booking}/do", "/today", do="arrived")
    dana = TestClient(site.http.app, "http://127.0.0.1", client=("127.0.0.1", 7))
    enter(dana, DANA)
    dana.get(f"/bookings/{booking}")
    everything = site.http.get(f"/audit?client={patient}").text
    assert "Bo Stone is here." in everything
    assert "Dana Ruiz: Saw the chart." in everything
    today, other = everything_on(site, "2026-11-22"), everything_on(site, "2019-01-01")
    assert ("is here" in today, "is here" in other) == (True, False)
    assert "is here" in everything_on(site, "no-day")
    own = dana.get(f"/audit?client={patient}").text
    assert "Saw the chart." in own
    assert ("About Bo Stone." in own, "All that you did" in own) == (True, True)
    assert "is here" not in own


def test_the_audit_is_searched_by_client_and_by_words(site: Site) -> None:
    """What is typed stands in no address."""
    booking = came_today(site, "cara diaz", hours=3, service_ref="2")
    send(site, f"/bookings/{booking}/do", "/today", do="arrived")
    for typed, found in (
        ({"name": "diaz"}, True),
        ({"name": "stone"}, False),
        ({"name": "nobody"}, False),
        ({"words": "here cara"}, True),
        ({"words": "here nobody"}, False),
        ({"words": "HERE", "day": "2026-11-22", "name": "cara"}, True),
        ({"words": "here", "day": "2019-01-01"}, False),
    ):
        answer = send(site, "/audit", "/audit", **typed)
        assert ("Cara Diaz is here." in answer.text, answer.url.query) == (found, b""), typed
        assert f'value="{typed.get("words", "")}"' in answer.text


def everything_on(site: Site, day: str) -> str:
    return str(site.http.get(f"/audit?day={day}").text)


def test_somebody_changes_their_password(site: Site) -> None:
    enter(site.http, DANA)
    wrong = send(site, "/me", "/me", old="not it at all", password="another four words")
    assert (wrong.status_code, "not your password of now" in wrong.text) == (422, True)
    page = send(site, "/me", "/me", old=PASSWORD, password="another four words")
    assert "Saved." in page.text
    site.http.cookies.clear()
    assert enter(site.http, DANA).status_code == 422
    assert enter(site.http, DANA, "another four words").status_code == 200
    send(site, "/me", "/me", old="another four words", password=PASSWORD)
