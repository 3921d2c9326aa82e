"""Clients are found by what people know of them."""

from collections.abc import Iterator

import pytest
from tests.store.test_unit import statements
from tests.web.conftest import Site, open_site
from tests.web.staff.desk_pages import client_of, find, let_in


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    for made in open_site(tmp_path_factory.mktemp("found")):
        let_in(made)
        yield made


def test_a_client_is_found_by_what_people_know(site: Site) -> None:
    patient = client_of(site, "jos\u00e9 mart\u00ednez")
    client_of(site, "josie mason")
    both = find(site, "jos").text
    assert both.count('href="/clients/pat_') == 2
    for typed in ("martinez j", "Jos\u00e9", "Mart\u00ednez Jos\u00e9"):
        answer = find(site, typed)
        assert answer.headers.get("location") == f"/clients/{patient}", typed
    assert "Nobody is found" in find(site, "zzz").text
    asked = find(site, "Zoe Zander", do="add").text
    assert 'value="Zoe Zander"' in asked


def test_a_client_is_found_by_the_number_of_a_claim(site: Site) -> None:
    patient = client_of(site, "lou claims")
    path = f"/v1/patients/{patient}/coverages"
    claim = {"payer": "L&I", "claim": {"number": "AB 12345", "status": "open"}}
    fact = site.api("POST", path, claim).json()["record"]
    assert find(site, "ab12345").headers.get("location") == f"/clients/{patient}"
    search = {"claim_number": "AB-12345"}
    found = site.api("POST", "/v1/patients/search", search).json()["patients"]
    assert [one["id"] for one in found] == [patient]
    site.api("DELETE", f"{path}/{fact}")
    assert "Nobody is found" in find(site, "ab12345").text


def test_finding_asks_the_database_as_often_for_many_as_for_few(site: Site) -> None:
    for name in ("una first", "una second"):
        client_of(site, name)
    few = asked_to_find(site, "una")
    for number in range(8):
        client_of(site, f"una number{number}")
    assert asked_to_find(site, "una") == few == 1


def asked_to_find(site: Site, typed: str) -> int:
    """How many of the questions for clients' numbers the database is asked."""
    with statements(site.installation.store) as said:
        assert find(site, typed).text.count('href="/clients/pat_') > 1
    return sum("FROM patient_identities" in one for one in said)


def test_what_is_looked_for_stands_in_no_address(site: Site) -> None:
    page = site.http.get("/clients?q=zander").text
    assert 'value="zander"' not in page
    assert 'action="/clients" method="get"' not in page
    assert page.count('action="/clients" method="post"') == 2
