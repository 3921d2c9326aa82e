"""The worksheet, that it was asked, and the answer."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.web.conftest import Site, open_site
from tests.web.staff.desk_pages import came_today, client_of, let_in, shown

from massage_ins_bridge.testing import installed_host


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    for made in open_site(tmp_path_factory.mktemp("ask"), host=installed_host()):
        let_in(made)
        yield made


def send(site: Site, path: str, **fields: str) -> Any:
    return site.http.post(path, data={**shown(site, path).fields, "back": path, **fields})


def authorizations(site: Site, patient: str) -> list[dict[str, Any]]:
    found = site.api("GET", f"/v1/patients/{patient}/authorizations").json()
    return list(found["authorizations"])


def test_what_the_chart_says_stands_in_the_portals_order(site: Site) -> None:
    patient = client_of(site, "mateo silva")
    rx = {
        "diagnoses": ["M54.6"],
        "frequency": {"times": 2, "per": "week"},
        "duration": {"count": 6, "unit": "week"},
        "prescriber": {"name": "Dana Whitlock", "credential": "ARNP"},
    }
    site.api("POST", f"/v1/patients/{patient}/prescriptions", rx)
    text = site.http.get(f"/clients/{patient}/ask/regence").text
    for words in ("Who asks", "Mateo Silva", "M54.6", "2 a week", "Dana Whitlock, ARNP"):
        assert words in text
    assert 'name="visits_asked" type="text" value="12"' in text
    values = re.findall(r' id="(w-[^"]+)"', text)
    assert values == re.findall(r'data-copy="([^"]+)"', text)
    assert 'aria-label="Copy: How often"' in text
    assert "<dt>Function score</dt><dd><b>Missing.</b>" in text
    assert site.http.get(f"/clients/{patient}/ask/nobody").status_code == 404


@pytest.mark.parametrize(
    "half", [{"frequency": {"times": 2}}, {"frequency": {"per": "week"}, "duration": {"count": 6}}]
)
def test_half_of_how_often_is_nothing(site: Site, half: dict[str, Any]) -> None:
    patient = client_of(site, f"hal{len(half)} berg")
    assert site.api("POST", f"/v1/patients/{patient}/prescriptions", half).status_code == 201
    text = site.http.get(f"/clients/{patient}/ask/regence").text
    assert "<dt>How often</dt><dd><b>Missing.</b>" in text


def test_the_coverage_that_is_in_force_is_the_one_that_is_asked_about(site: Site) -> None:
    patient = client_of(site, "ivo lund")
    path, known = f"/v1/patients/{patient}/coverages", {"payer": "regence", "staff_confirmed": True}
    old = {"member_id": "OLD1", "from": "2020-01-01", "to": "2025-12-31"}
    for more in (old, {"member_id": "NEW1", "from": "2026-01-01"}):
        assert site.api("POST", path, {**known, **more}).status_code == 201
    text = site.http.get(f"/clients/{patient}/ask/regence").text
    assert "NEW1" in text
    assert "OLD1" not in text


def test_a_referral_is_no_request_that_waits(site: Site) -> None:
    patient = client_of(site, "jon dale")
    path = f"/clients/{patient}/ask/kaiser"
    referral = {"payer": "kaiser", "kind": "referral", "status": "requested"}
    site.api("POST", f"/v1/patients/{patient}/authorizations", referral)
    assert "It was asked already" not in site.http.get(path).text
    send(site, path, do="answer", status="denied", number="K-1")
    kinds = {one["kind"]: one["status"] for one in authorizations(site, patient)}
    assert kinds == {"referral": "requested", "prior-authorization": "denied"}


def test_a_payer_with_kinds_of_its_own_is_asked_for_one_of_them(site: Site) -> None:
    patient = client_of(site, "kim ruud")
    path = f"/clients/{patient}/ask/lni"
    assert "What for" not in site.http.get(f"/clients/{patient}/ask/regence").text
    claim = {"payer": "lni", "staff_confirmed": True, "claim": {"number": "AB12345"}}
    site.api("POST", f"/v1/patients/{patient}/coverages", claim)
    assert ">claim AB12345</span>" in site.http.get(path).text
    refused = send(site, path, do="asked")
    assert (refused.status_code, "Choose what it was asked for." in refused.text) == (422, True)
    send(site, path, do="asked", asked_for="lni-claim-manager")
    assert 'value="lni-claim-manager" selected' in site.http.get(path).text
    send(site, path, do="answer", status="denied")
    (answered,) = authorizations(site, patient)
    assert (answered["kind"], answered["status"]) == ("lni-claim-manager", "denied")


def test_that_none_is_needed_settles_what_was_asked(site: Site) -> None:
    patient = client_of(site, "liv moen")
    path = f"/clients/{patient}/ask/regence"
    send(site, path, do="asked")
    send(site, path, do="answer", status="not-required", number="NR-1")
    (answered,) = authorizations(site, patient)
    assert (answered["kind"], answered["status"]) == ("not-required", "approved")
    assert "It was asked already" not in site.http.get(path).text


def test_it_was_asked_and_the_answer_takes_its_place(site: Site) -> None:
    patient = client_of(site, "ola nord")
    path = f"/clients/{patient}/ask/regence"
    assert "Asked Regence." in send(site, path, do="asked", visits_asked="12").text
    (asked,) = authorizations(site, patient)
    assert (asked["status"], asked["visits_asked"]) == ("requested", 12)
    assert "It was asked already, on" in site.http.get(path).text
    until = (site.installation.clock.now() + timedelta(days=60)).date().isoformat()
    given = {"status": "approved", "number": "EV-1", "visits": "4", "to": until}
    assert "Regence: approved." in send(site, path, do="answer", **given).text
    (answered,) = authorizations(site, patient)
    assert (answered["status"], answered["visits"], answered["visits_asked"]) == ("approved", 4, 12)


def test_asking_twice_leaves_one_request_that_waits(site: Site) -> None:
    patient = client_of(site, "una falk")
    path = f"/clients/{patient}/ask/regence"
    send(site, path, do="asked", visits_asked="12")
    page = site.http.get(path).text
    assert "It was asked already, on Sun, Nov 22." in page
    assert "A complaint, as a draft" not in page
    twice = {"do": "asked", "visits_asked": "6"}
    data = {**shown(site, path).fields, "back": path, **twice, "again": ""}
    assert site.http.post(path, data=data).status_code == 409
    told = send(site, path, **twice).text
    assert "Asked Regence again." in told
    (asked,) = authorizations(site, patient)
    assert (asked["status"], asked["visits_asked"]) == ("requested", 6)
    undo = re.search(r"/undo/\w+", told)
    assert undo is not None
    site.http.post(undo[0], data={**shown(site, path).fields, "back": path})
    assert authorizations(site, patient)[0]["visits_asked"] == 12
    send(site, path, do="answer", status="denied")
    assert "It was asked already" not in site.http.get(path).text


def test_no_complaint_is_offered_where_none_is_drafted(site: Site) -> None:
    patient = client_of(site, "vera lind")
    path = f"/clients/{patient}/ask/regence"
    known = {"payer": "regence", "funding": "self_insured", "staff_confirmed": True}
    site.api("POST", f"/v1/patients/{patient}/coverages", known)
    send(site, path, do="asked", requested_on="2026-11-02")
    late = site.http.get(path).text
    assert "The answer is late:" in late
    assert "A complaint, as a draft" not in late


@pytest.mark.parametrize("status", ["denied", "pended", "not-required"])
def test_other_answers_are_recorded_too(site: Site, status: str) -> None:
    patient = client_of(site, f"pia {status}")
    send(site, f"/clients/{patient}/ask/regence", do="answer", status=status, number="X1")
    (answer,) = authorizations(site, patient)
    wanted = ("not-required", "approved") if status == "not-required" else (None, status)
    assert answer["status"] == wanted[1]
    assert wanted[0] in (None, answer["kind"])


def test_an_approval_says_how_much_and_until_when(site: Site) -> None:
    patient = client_of(site, "quinn ash")
    path = f"/clients/{patient}/ask/regence"
    answer = send(site, path, do="answer", status="approved", number="EV-2")
    assert answer.status_code == 422
    for words in ("How many visits?", "Until which day?", 'value="EV-2"'):
        assert words in answer.text
    assert send(site, path, do="answer", status="approved", visits="few").status_code == 422
    assert send(site, path, do="answer", status="perhaps").status_code == 422
    assert authorizations(site, patient) == []


def test_what_is_owed_to_others_stands_on_their_worksheet(site: Site) -> None:
    booking = came_today(site, "sid ault", hours=24 * 9, answers={"payer": "Regence"})
    patient = site.booking("sid ault")["patient"]
    said = "request-authorization: Ask for more visits."
    with site.installation.write() as record:
        about = {"patient_id": patient, "booking_id": booking}
        record.tasks.open("own", "regence:more", said, **about)
    assert "Ask for more visits." in site.http.get(f"/clients/{patient}/ask/regence").text
    other = site.http.get(f"/clients/{patient}/ask/premera").text
    assert "Nothing has to be asked by a day." in other


def test_the_chart_leads_to_payers_that_approve_visits(site: Site) -> None:
    patient = client_of(site, "tea brandt")
    for payer in ("regence", "pip", "crime victims"):
        site.api("POST", f"/v1/patients/{patient}/coverages", {"payer": payer})
    text = site.http.get(f"/clients/{patient}").text
    asked = set(re.findall(r'/ask/([\w-]+)"', text))
    assert asked == {"regence", "crime-victims"}


def test_no_answer_comes_before_it_was_asked(site: Site) -> None:
    patient = client_of(site, "ragna elm")
    path = f"/clients/{patient}/ask/regence"
    send(site, path, do="asked", requested_on="2026-11-20")
    answer = send(site, path, do="answer", status="denied", decided_on="2026-11-02")
    assert answer.status_code == 422
    assert "is before the day on which it was asked" in answer.text


def lines(sheet: dict[str, Any]) -> dict[str, tuple[str, str, str | None]]:
    """By field, what stands there, what the chart says, and who typed over it."""
    found = [one for part in sheet["sections"] for one in part["lines"]]
    return {one["name"]: (one["value"], one["chart"], one["typed_by"]) for one in found}


def test_a_field_is_typed_over_and_taken_back(site: Site) -> None:
    patient = client_of(site, "mina holt")
    site.api("POST", f"/v1/patients/{patient}/prescriptions", {"visits": 12})
    path = f"/clients/{patient}/ask/regence"
    twin = f"/v1/patients/{patient}/worksheets/regence"
    over = {"fields.visits_asked": "8", "fields.function_score": " 32  of 80 ", "do": "sheet"}
    told = send(site, path, **over).text
    assert "Changed on the worksheet for Regence: Visits, Function score." in told
    assert 'name="visits_asked" type="text" value="8"' in told  # and so it is asked
    assert "Typed by This computer, Sun, Nov 22. The chart: 12." in told
    said = lines(site.api("GET", twin).json())
    assert said["visits_asked"] == ("8", "12", "This computer")
    assert said["function_score"] == ("32 of 80", "", "This computer")
    again = send(site, path, **over)
    assert 'id="done"' not in again.text  # there was nothing left to do
    undo = re.search(r"/undo/\w+", told)
    assert undo is not None
    site.http.post(undo[0], data={**shown(site, path).fields, "back": path})
    assert lines(site.api("GET", twin).json())["visits_asked"] == ("12", "12", None)


def test_programs_type_over_fields_too(site: Site) -> None:
    patient = client_of(site, "nell ross")
    twin = f"/v1/patients/{patient}/worksheets/regence"
    start = lines(site.api("GET", twin).json())["start_of_care"][0]
    for text, by in (("2026-11-24", "Mira"), (start, None)):
        sent = {"name": "Mira", "fields": {"start_of_care": text}}
        changed = lines(site.api("PATCH", twin, sent).json())["start_of_care"]
        assert changed == (text, start, by)
    assert "Mira: Changed on the worksheet" in site.http.get(f"/audit?client={patient}").text
    wrong = site.api("PATCH", twin, {"name": "Mira", "fields": {"visit_asked": "1"}})
    assert wrong.json()["errors"][0]["path"] == "fields.visit_asked"
    assert site.api("PATCH", twin, {"fields": {"program": "x"}}).status_code == 422
    assert site.api("GET", f"/v1/patients/{patient}/worksheets/nobody").status_code == 404


def test_what_cannot_stand_in_a_field_stays_in_the_form(site: Site) -> None:
    patient = client_of(site, "odd text")
    path = f"/clients/{patient}/ask/regence"
    for text in ("x" * 1001, "a \u202e b"):
        answer = send(site, path, do="sheet", **{"fields.plan": text})
        assert answer.status_code == 422
        assert f'value="{text}"' in answer.text
        assert 'href="#f-fields-plan"' in answer.text
        assert 'id="f-fields-plan" name="fields.plan"' in answer.text
        assert '<details class="pad noprint" open>' in answer.text
