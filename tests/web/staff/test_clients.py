"""Clients: found, added, changed, and one on a page."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.web.conftest import Site, open_site
from tests.web.staff.desk_pages import Page, client_of, find, let_in, shown

from massage_ins_bridge.desk.client_page import MOST_HISTORY
from massage_ins_bridge.desk.tasks import TaskKind, ask
from massage_ins_bridge.store.acts import About, Act


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    for made in open_site(tmp_path_factory.mktemp("clients")):
        let_in(made)
        yield made


def test_a_client_is_added_and_changed_with_a_way_back(site: Site) -> None:
    fields = {**shown(site, "/clients/new").fields, "name": "Nia Okoro", "phone": "206-555-0177"}
    page = site.http.post("/clients/new", data=fields)
    assert "<h1>Nia Okoro</h1>" in page.text
    patient = re.search(r"/clients/(pat_\w+)", str(page.url))
    assert patient is not None
    edit = f"/clients/{patient[1]}/edit"
    bad = {**shown(site, edit).fields, "name": "Nia Okoro", "birth_date": "2984-02-31"}
    answer = site.http.post(edit, data=bad)
    assert (answer.status_code, "Problem: Change the client" in answer.text) == (422, True)
    assert 'value="2984-02-31"' in answer.text
    good = {**shown(site, edit).fields, "name": "Nia Okoro", "email": "nia@example.com"}
    page = site.http.post(edit, data=good)
    said = "phone: not known, was 206-555-0177; email: nia@example.com, was not known."
    assert f"Changed: {said}" in page.text  # the number was left empty
    act = re.search(r"/undo/(act_\w+)", page.text)
    assert act is not None
    undo = {**shown(site, f"/clients/{patient[1]}").fields, "back": f"/clients/{patient[1]}"}
    site.http.post(f"/undo/{act[1]}", data=undo)
    assert "206-555-0177" in site.http.get(f"/clients/{patient[1]}").text


def add(site: Site, **typed: str) -> Any:
    return site.http.post("/clients/new", data={**shown(site, "/clients/new").fields, **typed})


def test_somebody_who_is_on_file_already_is_pointed_out(site: Site) -> None:
    first = add(site, name="Ines Duarte", phone="206-555-0181", birth_date="1980-05-01")
    page = add(site, name="Inés Duarte", phone="(206) 555-0181", email="ines@example.com")
    assert page.status_code == 409
    assert f'<a href="{first.url.path}">Ines Duarte</a>: the same name and the same phone' in (
        page.text
    )
    assert 'value="ines@example.com"' in page.text  # nothing that was typed is lost
    assert find(site, "duarte").headers["location"] == first.url.path  # nobody was added
    sure = {**Page(page.text).fields, "name": "Inés Duarte", "phone": "206-555-0181"}
    assert "is on file." in site.http.post("/clients/new", data=sure).text
    assert add(site, name="Rui Duarte", birth_date="1981-01-01").status_code == 200
    assert add(site, name="Tom Elm", phone="206-555-0181").status_code == 409  # at one number
    answer = add(site, name="Tom Elm", phone="206-555-0181", birth_date="2984-02-31")
    assert (answer.status_code, "on file already" in answer.text) == (422, False)


def test_a_phone_is_a_number(site: Site) -> None:
    answer = add(site, name="Una Bell", phone="12")
    assert answer.status_code == 422
    assert "is no phone number; write it with its area code" in answer.text
    assert add(site, name="Una Bell", phone="555-0199 (work)").status_code == 200


def test_the_page_shows_what_is_left_and_what_stops_a_visit(site: Site) -> None:
    patient = client_of(site, "lia novak")
    now = site.installation.clock.now()
    approval = {
        "payer": "Regence",
        "kind": "prior-authorization",
        "status": "approved",
        "number": "A100",
        "visits": 4,
        "from": (now - timedelta(days=30)).date().isoformat(),
        "to": (now + timedelta(days=60)).date().isoformat(),
    }
    path = f"/v1/patients/{patient}"
    assert site.api("POST", f"{path}/authorizations", approval).status_code == 201
    visit = {"on": (now - timedelta(days=3)).date().isoformat(), "payer": "Regence"}
    assert site.api("POST", f"{path}/visits", visit).status_code == 201
    text = site.http.get(f"/clients/{patient}").text
    assert 'aria-label="Of 4 visits 1 are used, 0 today, 1 booked, 2 free"' in text
    assert "<b>1 of 4 used</b>, 1 booked" in text
    assert "coverage not confirmed" in text
    assert "From first visit to last" in text
    assert "L. Novak" in text.split("</title>")[0]


def test_a_note_is_kept_for_staff(site: Site) -> None:
    patient = client_of(site, "max stein")
    path = f"/clients/{patient}"
    fields = {**shown(site, path).fields, "back": path, "note": "Prefers mornings."}
    assert "Prefers mornings." in site.http.post(f"{path}/note", data=fields).text
    for wrong, why in ((" ", "is empty"), ("x" * 4001, "these are 4,001")):
        answer = noted(site, patient, wrong)
        assert (answer.status_code, why in answer.text) == (422, True)
        assert f">{wrong.strip()}</textarea>" in answer.text
        assert 'href="#f-note">New note</a>' in answer.text
    long = "She rings first.\nThen she comes.\n" + "Warm hands. " * 300
    page = noted(site, patient, long)
    history = page.text.partition('id="hi"')[2]
    assert f'<p class="as-typed">{long.strip()}</p>' in page.text
    assert "Note: She rings first. Then she comes. Warm" in history
    assert page.text.count("Warm hands. " * 200) == 1
    assert [act.said[:9] for act in acts_of(site, patient)[:1]] == ["Note: She"]


def noted(site: Site, patient: str, text: str) -> Any:
    path = f"/clients/{patient}"
    return site.http.post(
        f"{path}/note", data={**shown(site, path).fields, "back": path, "note": text}
    )


def acts_of(site: Site, patient: str) -> list[Act]:
    with site.installation.read() as record:
        return [record.acts.act(a) for a in record.acts.of_clients([patient], looks=False)]


def test_courses_of_treatment_are_listed(site: Site) -> None:
    patient = client_of(site, "kai lund")
    path, now = f"/v1/patients/{patient}", site.installation.clock.now()
    assert "Episodes" not in site.http.get(f"/clients/{patient}").text
    for days, label in ((30, "Left knee"), (20, "left  knee"), (10, "Neck"), (9, None)):
        on = (now - timedelta(days=days)).date().isoformat()
        visit = {"on": on, "payer": "Regence", **({"episode": label} if label else {})}
        assert site.api("POST", f"{path}/visits", visit).status_code == 201
    site.api("PATCH", f"/v1/bookings/{site.booking('kai lund')['id']}", {"episode": "Neck"})
    found = site.http.get(f"/clients/{patient}").text.partition('id="ep"')[2].partition("</ul>")[0]
    assert re.findall(r"<b>(.*?)</b>.*?end\">(.*?)</span>", found, re.DOTALL) == [
        ("Neck", "1 visit, 1 booked"),
        ("left  knee", "2 visits"),
    ]


def test_what_a_plan_told_is_said_beside_what_counts_here(site: Site) -> None:
    patient = client_of(site, "ida wolf")
    path = f"/v1/patients/{patient}"
    on = site.installation.clock.now().date() - timedelta(days=3)
    told = {"payer": "Regence", "visit_limit": 16, "visits_used": 2}
    fact = site.api("POST", f"{path}/coverages", told).json()["record"]
    site.api("POST", f"{path}/visits", {"on": on.isoformat(), "payer": "Regence"})
    text = site.http.get(f"/clients/{patient}").text
    assert "<b>2 of 16 used</b>" in text
    assert "2 as the plan told, on a day not on file" in text
    since = {"visits_used_on": (on - timedelta(days=1)).isoformat()}
    site.api("PATCH", f"{path}/coverages/{fact}", since)
    text = site.http.get(f"/clients/{patient}").text
    assert "<b>3 of 16 used</b>" in text
    assert "2 as the plan told on " in text


def test_a_client_by_hand_has_a_name(site: Site) -> None:
    for typed in ({"phone": "206-555-0133"}, {}):
        answer = add(site, **typed)
        assert (answer.status_code, "write what the client is called" in answer.text) == (422, True)
    nameless = site.api("POST", "/v1/patients", {"phone": "206-555-0134"}).json()["id"]
    text = site.http.get(f"/clients/{nameless}").text
    assert ("<title>(no name) ·" in text, "<h1>(no name)</h1>" in text) == (True, True)
    other = site.api("POST", "/v1/patients", {"name": "Una Bird"}).json()["id"]
    pair = site.http.get(f"/clients/{nameless}/merge?other={other}").text
    assert "Keep the one without a name instead" in pair
    alone = site.http.get(f"/clients/{other}/merge?other={other}").text
    assert 'value="join"' not in alone  # nobody is joined with themself


def test_what_cannot_be_undone_is_told_on_the_page(site: Site) -> None:
    patient = client_of(site, "mia hart")
    path = f"/clients/{patient}"
    page = noted(site, patient, "Calls on Fridays.")
    act = re.search(r"/undo/(act_\w+)", page.text)
    assert act is not None
    fields = {**shown(site, path).fields, "back": path}
    site.http.post(f"/undo/{act[1]}", data=fields)
    again = site.http.post(f"/undo/{act[1]}", data=fields)
    assert str(again.url).endswith(path)
    assert (again.status_code, "It is not undone. Already undone by" in again.text) == (200, True)
    assert "It is not undone." not in site.http.get(path).text  # it is told once


def test_the_owner_deletes_a_client_who_came_by_mistake(site: Site) -> None:
    patient = add(site, name="Vera Twice", phone="206-555-0155").url.path.rpartition("/")[2]
    noted(site, patient, "Came twice.")
    site.api("POST", f"/v1/patients/{patient}/coverages", {"payer": "Regence"})
    path = f"/clients/{patient}/delete"
    assert path in site.http.get(f"/clients/{patient}").text
    text = site.http.get(path).text
    assert ("1 note</li>" in text, "1 fact of their chart</li>" in text) == (True, True)
    page = site.http.post(path, data=shown(site, path).fields)
    assert (page.url.path, "The client V. Twice is deleted" in page.text) == ("/clients", True)
    assert site.http.get(f"/clients/{patient}").status_code == 404
    audit = site.http.get("/audit").text
    assert ("V. Twice" in audit, "Came twice" in audit, "Vera" in audit) == (True, False, False)
    kept = client_of(site, "paul here")
    refused = site.http.get(f"/clients/{kept}/delete")
    assert ("Nothing is deleted." in refused.text, "Delete for good" in refused.text) == (
        True,
        False,
    )
    sent = site.http.post(f"/clients/{kept}/delete", data=shown(site, "/today").fields)
    assert (sent.status_code, "Nothing is deleted." in sent.text) == (409, True)


def test_a_note_is_not_pushed_out_by_what_was_done_since(site: Site) -> None:
    patient = client_of(site, "nils ek")
    path = f"/clients/{patient}"
    fields = {**shown(site, path).fields, "back": path, "note": "Speaks Swedish."}
    site.http.post(f"{path}/note", data=fields)
    with site.installation.write() as record:
        for number in range(MOST_HISTORY):
            record.acts.add("seen", Act("Dana", f"Act {number}"), None, About(patient))
    notes, _, history = site.http.get(path).text.partition('id="hi"')
    assert "Speaks Swedish." in notes
    assert "Act 29" in history


def test_all_tasks_of_a_client_are_on_their_page(site: Site) -> None:
    patient = client_of(site, "Tam Tasks")
    with site.installation.write() as record:
        for number in range(60):
            ask(record, TaskKind.OWN, f"{number}", patient_id=patient, what=f"Matter {number}.")
    text = site.http.get(f"/clients/{patient}").text
    assert len(re.findall(r"<b>Matter \d+\.</b>", text)) == 60


def test_who_looked_is_on_record(site: Site) -> None:
    patient = client_of(site, "ola berg")
    site.http.get(f"/clients/{patient}")
    site.http.get(f"/clients/{patient}")
    with site.installation.read() as record:
        assert [a.kind for a in record.acts.listed(patient_id=patient)] == ["saw-client"]


def test_nobody_is_shown_of_another_id(site: Site) -> None:
    for path in ("/clients/pat_none", "/clients/pat_none/edit", "/clients/pat_none/visits/new"):
        assert site.http.get(path).status_code == 404


def test_a_form_from_before_somebody_elses_change_takes_nothing_away(site: Site) -> None:
    patient = client_of(site, "uma reed")
    edit = f"/clients/{patient}/edit"
    old = {**shown(site, edit).fields, "name": "Uma Reed"}
    new = {**shown(site, edit).fields, "name": "Uma Reed", "guardian_consent": "yes"}
    assert site.http.post(edit, data=new).status_code == 200
    late = site.http.post(edit, data={**old, "phone": "206-555-0178"})
    assert (late.status_code, "Nothing of yours is lost" in late.text) == (409, True)
    assert 'value="206-555-0178"' in late.text
    assert 'value="yes" selected' in late.text  # theirs, which nobody touched here
    assert 'value="yes" selected' in site.http.get(edit).text
