"""Late answers and denials: the worksheet tells of them, and drafts are there to read and save."""

from datetime import timedelta
from typing import Any

import pytest
from tests.web.conftest import Site
from tests.web.staff.desk_pages import came_today, shown


@pytest.fixture(scope="module")
def site(ruled: Site) -> Site:
    return ruled


def client_of(site: Site, ref: str) -> str:
    """A client with a plan that state law binds, and a visit to come."""
    came_today(site, ref, hours=24 * 9, answers={"payer": "Regence"})
    patient = str(site.booking(ref)["patient"])
    path = f"/v1/patients/{patient}/coverages"
    (coverage,) = site.api("GET", path).json()["coverages"]
    known = {"position": "primary", "funding": "fully_insured", "staff_confirmed": True}
    assert site.api("PATCH", f"{path}/{coverage['record']}", known).status_code == 200
    return patient


def send(site: Site, path: str, **fields: str) -> Any:
    return site.http.post(path, data={**shown(site, path).fields, "back": path, **fields})


def last(site: Site, patient: str) -> dict[str, Any]:
    found = site.api("GET", f"/v1/patients/{patient}/authorizations").json()
    return dict(found["authorizations"][-1])


def test_a_denial_has_its_reason_and_its_drafts(site: Site) -> None:
    patient = client_of(site, "rosa diaz")
    path = f"/clients/{patient}/ask/regence"
    assert "See the drafts" not in site.http.get(path).text
    send(site, path, do="asked", visits_asked="12")
    said = send(site, path, do="answer", status="denied", number="D-1", reason="No need seen")
    assert "The last request was denied." in said.text
    denied = last(site, patient)
    assert "denied it: No need seen" in site.http.get(f"/clients/{patient}").text
    where = f"/clients/{patient}/authorizations/{denied['record']}"
    page = site.http.get(f"{where}/appeal")
    assert "You gave as the reason: “No need seen”" in page.text
    assert "Complaint to the Office of the Insurance Commissioner" in page.text
    assert "LAW-03" in page.text
    for name in ("appeal", "complaint/1", "complaint/2"):
        assert site.http.get(f"{where}/{name}.pdf").content.startswith(b"%PDF-")
    assert site.http.get(f"{where}/complaint/3.pdf").status_code == 404
    assert site.http.get(f"/clients/{patient}/authorizations/aut_0/appeal").status_code == 404
    twin = site.api("GET", f"/v1/patients/{patient}/authorizations/{denied['record']}/appeal")
    assert "No need seen" in twin.json()["appeal"]["text"]
    assert twin.json()["complaints"][0]["cites"][0]["rule"] == "LAW-03"


def test_a_late_answer_is_told_with_its_day(site: Site) -> None:
    patient = client_of(site, "late answer")
    path = f"/clients/{patient}/ask/regence"
    today = site.installation.clock.now().date()
    send(site, path, do="asked", requested_on=(today - timedelta(days=1)).isoformat())
    assert "As far as we know the answer is due by Tue, Nov 24." in site.http.get(path).text
    asked = last(site, patient)
    long_ago = {"requested_on": (today - timedelta(days=8)).isoformat()}
    site.api("PATCH", f"/v1/patients/{patient}/authorizations/{asked['record']}", long_ago)
    text = site.http.get(path).text
    assert "The answer is late:" in text
    where = f"/clients/{patient}/authorizations/{asked['record']}"
    assert f"{where}/appeal" in text
    page = site.http.get(f"{where}/appeal").text
    assert "There is no answer yet." in page
    assert "Appeal to" not in page
    assert site.http.get(f"{where}/appeal.pdf").status_code == 404
