"""Every fact of a chart by its form, and somebody who was quicker."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from tests.web.conftest import Site, open_site
from tests.web.staff.desk_pages import Page, client_of, let_in, shown

from massage_ins_bridge.desk.fact_fields import FORMS
from massage_ins_bridge.desk.fact_forms import fields_of, typed
from massage_ins_bridge.desk.fact_forms import shown as as_shown
from massage_ins_bridge.domain.reading import UnusableInputError
from massage_ins_bridge.store.facts import read_fact

#: By form, what somebody types into it.
TYPED: dict[str, dict[str, str]] = {
    "coverages": {
        "payer": "Premera",
        "plan": "Innova",
        "visit_limit": "16",
        "visits_used": "4",
        "visits_used_on": "2026-11-20",
        "massage_benefit": "yes",
        "cost_share-copay": "$25.50",
        "limit_shared_with": "physical therapy, chiropractic",
        "staff_confirmed": "yes",
        "extra-core-case_number": "C-1",
    },
    "claims": {
        "payer": "L&I",
        "claim-number": "AB12345",
        "claim-status": "open",
        "claim-date_of_injury": "2026-10-01",
        "claim-attending-name": "Dr. Example",
    },
    "prescriptions": {
        "prescriber-name": "Dr. Example",
        "prescriber-credential": "MD",
        "signed_on": "2026-11-01",
        "diagnoses": "M54.50, M62.830",
        "frequency-times": "2",
        "frequency-per": "week",
        "loss_of_function": "none",
    },
    "authorizations": {
        "payer": "Regence",
        "kind": "prior-authorization",
        "status": "approved",
        "visits": "4",
        "from": "2026-11-01",
        "to": "2027-01-15",
    },
    "visits": {"on": "2026-11-02", "payer": "Regence"},
    "progress-reports": {"on": "2026-11-02", "payer": "L&I", "improvement": "no"},
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    for made in open_site(tmp_path_factory.mktemp("facts")):
        let_in(made)
        yield made


def send(site: Site, path: str, **fields: str) -> Any:
    known = shown(site, path).fields
    known.pop("do", None)
    return site.http.post(path, data={**known, **fields})


def test_days_in_what_is_wrong_are_said_as_people_write_them(site: Site) -> None:
    path = f"/clients/{client_of(site, 'turned round')}/authorizations/new"
    given = {**TYPED["authorizations"], "from": "2026-12-10", "to": "2026-12-01"}
    answer = send(site, path, **given)
    assert answer.status_code == 422
    assert "ends before it begins: Tue, Dec 1, 2026 lies before Thu, Dec 10, 2026" in answer.text
    assert "2026-12-10 " not in answer.text
    answer = send(site, path, **{**given, "from": "soon"})
    assert "must be a date such as 2026-12-08" in answer.text


def facts(site: Site, patient: str, form: str) -> list[dict[str, Any]]:
    segment = "coverages" if form == "claims" else form
    found = site.api("GET", f"/v1/patients/{patient}/{segment}").json()
    return list(found[segment])


@pytest.mark.parametrize("form", TYPED)
def test_a_fact_is_added_changed_and_taken_out_with_a_way_back(site: Site, form: str) -> None:
    patient = client_of(site, f"{form} client")
    before = facts(site, patient, form)
    page = send(site, f"/clients/{patient}/{form}/new", **TYPED[form])
    assert page.status_code == 200, page.text
    assert "is saved. The visits are judged again." in page.text
    (fact,) = [f for f in facts(site, patient, form) if f not in before]
    path = f"/clients/{patient}/{form}/{fact['record']}"
    with site.installation.read() as record:
        fields = fields_of(form, record.vocabulary)
    known = {n: v for n, v in as_shown(fields, fact).items() if v}
    assert set(known) == set(TYPED[form])
    assert "done=" not in str(send(site, path, **known, do="save").url)  # nothing was changed
    assert "taken out of the chart" in send(site, path, **known, do="remove").text
    assert facts(site, patient, form) == before
    with site.installation.read() as record:
        act = record.acts.listed(patient_id=patient)[0].id
    undo = shown(site, f"/clients/{patient}").fields
    site.http.post(f"/undo/{act}", data=undo)
    (again,) = [f for f in facts(site, patient, form) if f not in before]
    assert {k: v for k, v in again.items() if k != "record"} == {
        k: v for k, v in fact.items() if k != "record"
    }


def test_what_staff_files_takes_the_place_of_what_a_client_told(site: Site) -> None:
    patient = client_of(site, "told it")
    before = facts(site, patient, "coverages")
    path = f"/clients/{patient}/coverages/new"
    page = send(site, path, payer="Regence", plan="Innova", staff_confirmed="yes")
    assert "in the place of what the client told" in page.text
    (now,) = facts(site, patient, "coverages")
    assert (now["record"], now["plan"]) == (before[0]["record"], "Innova")
    undo = re.search(r"/undo/\w+", page.text)
    assert undo is not None
    site.http.post(undo[0], data=shown(site, f"/clients/{patient}").fields)
    assert facts(site, patient, "coverages") == before


def test_every_form_is_one_of_a_fact() -> None:
    assert set(TYPED) == set(FORMS)


def test_what_cannot_be_stored_is_told_at_its_field(site: Site) -> None:
    patient = client_of(site, "bad fields")
    path = f"/clients/{patient}/coverages/new"
    answer = send(site, path, payer="Regence", visit_limit="many", plan_year_start="02-30")
    assert answer.status_code == 422
    assert "is no whole number" in answer.text
    assert 'value="many"' in answer.text
    answer = send(site, path, payer="Regence", plan_year_start="02-30")
    assert (answer.status_code, "Plan year begins" in answer.text) == (422, True)
    assert send(site, path).status_code == 422  # it says nothing
    assert site.http.get(f"/clients/{patient}/songs/new").status_code == 404


def test_somebody_was_quicker(site: Site) -> None:
    patient = client_of(site, "two people")
    send(site, f"/clients/{patient}/coverages/new", payer="Regence", plan="Innova")
    fact = facts(site, patient, "coverages")[-1]["record"]
    path = f"/clients/{patient}/coverages/{fact}"
    mine = {**shown(site, path).fields, "payer": "Regence", "plan": "Mine", "do": "save"}
    mine = {**mine, "member_id": "ZZ1"}
    send(site, path, payer="Regence", plan="Theirs", do="save", group_number="10045")
    answer = site.http.post(path, data=mine)
    assert answer.status_code == 409
    assert "changed this while you typed. Nothing of yours is lost." in answer.text
    assert 'value="Mine"' in answer.text
    assert "They saved: Theirs." in answer.text
    # Nobody but they touched the group, and nobody but we the member id.
    assert re.search(r'name="group_number"[^>]*value="10045"', answer.text)
    assert re.search(r'name="member_id"[^>]*value="ZZ1"', answer.text)
    assert answer.text.count("They saved: ") == 1
    again = {**shown(site, path).fields, "payer": "Regence", "plan": "Mine", "do": "save"}
    assert "is saved" in site.http.post(path, data=again).text


def test_forms_say_what_facts_say(site: Site) -> None:
    """What a form was filled with comes back as it was typed, and can be read as a fact."""
    with site.installation.read() as record:
        for form, given in TYPED.items():
            fields = fields_of(form, record.vocabulary)
            data = {k: v for k, v in typed(fields, given).items() if v is not None}
            read_fact(FORMS[form][0], data, record.vocabulary)
            shown_again = {n: v for n, v in as_shown(fields, data).items() if v}
            assert shown_again == {**given, **_plain(given)}
        with pytest.raises(UnusableInputError, match="amount"):
            typed(fields_of("coverages", record.vocabulary), {"cost_share-copay": "much"})


def _plain(given: dict[str, str]) -> dict[str, str]:
    return {n: v.lstrip("$") for n, v in given.items() if v.startswith("$")}


def test_a_payer_written_almost_like_one_is_asked_about(site: Site) -> None:
    patient = site.api("POST", "/v1/patients", {"name": "Rex Hale"}).json()["id"]
    path = f"/clients/{patient}/coverages/new"
    typed_in = {"payer": "Regense", "plan": "Gold"}
    asked = site.http.post(path, data={**shown(site, path).fields, **typed_in})
    assert (asked.status_code, "Did you mean Regence?" in asked.text) == (409, True)
    assert 'value="Gold"' in asked.text  # nothing that was typed is lost
    sure = {**Page(asked.text).fields, **typed_in}
    assert site.http.post(path, data=sure).status_code == 200
    fact = site.api("GET", f"/v1/patients/{patient}").json()["coverages"][0]
    assert fact["payer"] == "Regense"
    other = {**shown(site, path).fields, "payer": "Some Plan of Nobody"}
    assert site.http.post(path, data=other).status_code == 200
    nothing = site.http.post(path, data=shown(site, path).fields)
    assert (nothing.status_code, "Fill in at least one field." in nothing.text) == (422, True)
