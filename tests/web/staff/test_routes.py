"""Every page and every form, by everybody who may not: nothing of others is shown, nothing is
changed."""

import re
from collections.abc import Iterator
from random import Random

import pytest
from tests.web.conftest import Site, TestClient
from tests.web.staff.desk_pages import Page, came_today
from tests.web.staff.everybody import (
    BUTTONS,
    FIELDS,
    SECRETS,
    enter,
    ids_of_anns,
    kept,
    routes,
    site_of_people,
)

from massage_ins_bridge.desk.acts import Done, note
from massage_ins_bridge.desk.links import make_link
from massage_ins_bridge.desk.roles import Person
from massage_ins_bridge.store.acts import About

#: What somebody does to their own browser alone, or only looks for.
OWN = ("/me", "/kept", "/clients", "/audit", "/cover", "/sign-in", "/sign-out", "/invite/{token}")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    yield from site_of_people(tmp_path_factory.mktemp("routes"))


@pytest.fixture(scope="module")
def ids(site: Site) -> dict[str, str]:
    return ids_of_anns(site)


@pytest.mark.parametrize("name", ["reader", "mira", "nobody"])
def test_a_form_of_somebody_who_may_not_changes_nothing(
    site: Site, ids: dict[str, str], name: str
) -> None:
    http = enter(site, name)
    csrf = Page(http.get("/keys").text).fields["csrf"]
    # A therapist may add tasks, clients and bookings, which are nobody's yet.
    new = () if name == "reader" else ("/tasks/new", "/clients/new", "/bookings/new")
    new = new if name == "reader" else (*new, "/accounts/{name}/look")
    before, did = kept(site), []
    for path in routes("POST"):
        if path in (*OWN, *new):
            continue
        for button in BUTTONS:
            sent = {**FIELDS, "csrf": csrf, "other": ids["other"], "do": button}
            answer = http.post(path.format_map(ids), data=sent, follow_redirects=False)
            # The small forms lie behind the first press.
            asks = answer.headers.get("location", "").startswith("/bookings/")
            if answer.status_code not in (403, 404, 409) and not asks:
                did.append((path, button, answer.status_code))
        if kept(site) != before:
            did.append((path, "changed", 0))
            before = kept(site)
    assert did == []


@pytest.mark.parametrize("name", ["mira", "nobody"])
def test_a_therapist_is_shown_nothing_of_others_but_name_and_hour(
    site: Site, ids: dict[str, str], name: str
) -> None:
    http, told = enter(site, name), []
    other = f"client={ids['patient_id']}&other={ids['patient_id']}&q=lee&done={ids['act_id']}"
    for path in routes("GET"):
        answer = http.get(f"{path.format_map(ids)}?{other}")
        told += [(path, secret) for secret in SECRETS if secret in answer.text]
        told += [(path, "failed")] if answer.status_code >= 500 else []
        names = path in ("/today", "/week", "/")
        if not names and re.search("Ann Lee|A\\. Lee", answer.text):
            told.append((path, "name"))
    csrf = Page(http.get("/keys").text).fields["csrf"]
    for asked in ({"name": "Ann"}, {"client": ids["patient_id"]}, {"words": "Ann"}):
        text = http.post("/audit", data={"csrf": csrf, **asked}).text
        told += [("/audit", secret) for secret in (*SECRETS, "Ann Lee", "A. Lee") if secret in text]
    assert told == []


def test_notes_are_for_those_who_may_see_papers(site: Site, ids: dict[str, str]) -> None:
    path = f"/clients/{ids['patient_id']}"
    seen = {name: enter(site, name).get(path).text for name in ("reader", "front")}
    assert [name for name, text in seen.items() if "Said of Ann" in text] == ["front"]
    assert ("Ann Lee" in seen["reader"], 'id="nt"' in seen["reader"]) == (True, False)


def test_who_may_see_a_form_may_send_it(site: Site, ids: dict[str, str]) -> None:
    http = enter(site, "reader")
    for small in ("stand", "refuse", "payer", "self-pay", "client"):
        assert http.get(f"/bookings/{ids['booking_id']}/{small}").status_code == 403
    front = enter(site, "front")
    assert front.get(f"/bookings/{ids['booking_id']}/stand").status_code == 200
    page = front.get(f"/bookings/{ids['booking_id']}/stand?back=javascript:alert(1)").text
    assert 'href="javascript:' not in page


def test_only_the_owner_lets_somebody_in_again(site: Site, ids: dict[str, str]) -> None:
    front = enter(site, "front")
    csrf = Page(front.get("/keys").text).fields["csrf"]
    answer = front.post(f"/undo/{ids['away']}", data={"csrf": csrf})
    assert (answer.status_code, "Only the owner" in answer.text) == (403, True)


def test_undo_is_for_those_who_may_do_it(site: Site, ids: dict[str, str]) -> None:
    with site.installation.write() as record:
        person = Person(record.clinic, "Front", "front-desk")
        act = note(record, person, Done("note", "x", About(ids["patient_id"]), "note")).id
    for name, status in (("reader", 403), ("mira", 404), ("front", 303)):
        http = enter(site, name)
        csrf = Page(http.get("/keys").text).fields["csrf"]
        sent = {"csrf": csrf, "back": "/keys"}
        answer = http.post(f"/undo/{act}", data=sent, follow_redirects=False)
        assert answer.status_code == status, name


ODD = (
    *("\0", "\u202eeman", "\U0001f486 <script>alert(1)</script>", "\u00b2", "9" * 5000, "-1"),
    *("//[", "1e999999", "NaN", "9999-12-31", "0001-01-01", "2026-02-30", "25:00", "'\"><b>"),
    *("%s%00", "x" * 9000),
)
NAMES = (
    *FIELDS,
    *("other", "keep", "to", "due", "client", "minutes", "phone", "practitioner", "visits"),
    *("visits_asked", "number", "from", "requested_on", "decided_on", "signed_on", "birth_date"),
    *("visit_limit", "copay", "seen", "once", "booking", "old", "password", "user"),
)


@pytest.mark.parametrize("seed", range(4))
def test_no_form_fails_whatever_is_typed(owner: TestClient, ids: dict[str, str], seed: int) -> None:
    chance = Random(seed)
    for path in routes("POST"):
        if path == "/sign-out":
            continue
        typed = {name: chance.choice(ODD) for name in chance.sample(NAMES, chance.randint(1, 12))}
        button = chance.choice((*BUTTONS, "asked", "answer", "snooze", "give", "look", "nothing"))
        fields = {**FIELDS, **typed, "do": button, "csrf": owner.headers["x-csrf"], "password": "x"}
        answer = owner.post(path.format_map(ids), data=fields, follow_redirects=False)
        assert answer.status_code < 500, (path, typed)
        assert "<script>alert" not in answer.text


@pytest.fixture(scope="module")
def owner(site: Site) -> TestClient:
    """The owner's browser, with what its forms carry."""
    http = enter(site, "owner")
    http.headers["x-csrf"] = Page(http.get("/keys").text).fields["csrf"]
    return http


@pytest.mark.parametrize(
    "odd",
    [
        "day=9999-12-31&from=9999-12-31&on=9999-12-31",
        "day=0001-01-01&from=0001-01-01&on=0001-01-01",
        "done=%00&client=%00&user=%00&other=%00&q=%00",
        f"number={9 * 10**40}&more={9 * 10**40}&then=//%5B&back=//%5B",
        "then=//%5B&back=//%5B&q=%E2%80%AE&client=x&day=x&name=%3Cscript%3Ealert(1)%3C/script%3E",
    ],
)
def test_no_page_fails_whatever_its_address_says(
    owner: TestClient, ids: dict[str, str], odd: str
) -> None:
    for path in routes("GET"):
        answer = owner.get(f"{path.format_map(ids)}?{odd}", follow_redirects=False)
        assert answer.status_code < 500, path
        assert "<script>alert" not in answer.text


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("/bookings/new", {"minutes": "\u00b2", "do": "book"}),
        ("/bookings/new", {"day": "9999-12-31", "time": "23:59", "do": "book"}),
        ("/clients/{patient_id}/ask/regence", {"visits_asked": "9" * 5000, "do": "asked"}),
        (
            "/clients/{patient_id}/coverages/new",
            {"visit_limit": "9" * 5000},
        ),
    ],
)
def test_what_no_number_or_day_is_is_told_at_its_field(
    owner: TestClient, ids: dict[str, str], path: str, typed: dict[str, str]
) -> None:
    sent = {**FIELDS, **typed, "csrf": owner.headers["x-csrf"]}
    assert owner.post(path.format_map(ids), data=sent).status_code in (200, 422)


def test_whoever_finds_it_done_is_told_by_whom(site: Site) -> None:
    path = f"/bookings/{came_today(site, 'twice pressed', hours=5, host_refs=('h2',))}/do"
    for name, words in (("front", "is here."), ("owner", "Already done. Front: ")):
        http = enter(site, name)
        sent = {"csrf": Page(http.get("/keys").text).fields["csrf"], "do": "arrived"}
        assert words in http.post(path, data=sent).text


def test_addresses_that_are_none_lead_nowhere(owner: TestClient) -> None:
    html = {"accept": "text/html,*/*"}
    for path, status, words in (
        ("/nonsense", 404, "There is no such page."),
        ("/tasks/new", 405, "Open its page again."),
        ("/v1/nonsense", 404, '"status":404'),
    ):
        answer = owner.get(path, headers=html)
        assert (answer.status_code, words in answer.text) == (status, True)
    csrf = {"csrf": owner.headers["x-csrf"], "back": "//["}
    assert owner.post("/cover", data=csrf, follow_redirects=False).headers["location"] == "/today"
    answer = owner.post("/cover", data=csrf, headers={"origin": "http://["})
    assert answer.status_code == 403


def test_covered_names_are_on_no_page(site: Site, ids: dict[str, str]) -> None:
    http = enter(site, "front")
    csrf, found = Page(http.get("/keys").text).fields["csrf"], []
    sent = {"csrf": csrf, "do": "arrived", "back": "/today"}
    booking = came_today(site, "eva ann lee", hours=5, host_refs=("h2",))
    done = http.post(f"/bookings/{booking}/do", data=sent, follow_redirects=False)
    http.post("/cover", data={"csrf": csrf, "cover": "on"})
    query = f"client={ids['patient_id']}&{done.headers['location'].partition('?')[2]}&q=ann"
    for path in routes("GET"):
        text = http.get(f"{path.format_map(ids)}?{query}", follow_redirects=False).text
        told = [word for word in (*SECRETS, "Ann Lee", "A. Lee", "Bo Stone") if word in text]
        # What anybody may be billed by stands in a form, and in the rules.
        named = path in ("/rules", "/bookings/new") or path.endswith("/{form}/new")
        told += ["payer"] if not named and "Regence" in text else []
        found += [(path, word) for word in told]
    http.post("/cover", data={"csrf": csrf})
    assert found == []
    assert "Eva Ann Lee is here." in http.get(f"/today?{query}").text


def test_a_link_of_anothers_client_is_not_revoked_by_way_of_an_own_one(
    site: Site, ids: dict[str, str]
) -> None:
    with site.installation.write() as record:
        about = {"name": "Dana", "patient": ids["patient_id"]}
        link = make_link(site.installation, record, about).link.id
    http = enter(site, "mira")
    csrf = Page(http.get("/keys").text).fields["csrf"]
    path = f"/clients/{ids['other']}/links/{link}"
    assert http.post(path, data={"csrf": csrf}, follow_redirects=False).status_code == 404
    with site.installation.read() as record:
        row = record.links.get(link)
        assert row is not None
        assert row.revoked_at is None
