"""The reports' page: pictures with a table beside, days chosen, tables for spreadsheets."""

import csv
import io
from collections.abc import Iterator

import pytest
from tests.web.conftest import Site, open_site
from tests.web.staff.desk_pages import came_today, let_in

from massage_ins_bridge.desk.chart import add_fact

DAYS = "from=2026-11-30&to=2026-12-20"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    for made in open_site(tmp_path_factory.mktemp("reports")):
        let_in(made)
        for name in ("ann lee", "bo stone"):
            came_today(made, name, hours=24 * 10)
        cure(made, "bo stone")
        yield made


def cure(site: Site, ref: str) -> None:
    """Staff confirms the coverage."""
    patient = site.booking(ref)["patient"]
    with site.installation.write() as record:
        for row in record.facts.list(patient, "coverage"):
            record.facts.remove(row)
        add_fact(record, patient, "coverage", {"payer": "regence", "staff_confirmed": True})
    site.until_state(ref, "allowed")


def test_pictures_have_a_table_beside_and_name_no_client(site: Site) -> None:
    text = site.http.get(f"/reports?{DAYS}").text
    assert text.count('role="img"') == text.count("The same as a table") == 2
    assert "Ann Lee" not in text.split("<main")[1]
    assert "<b>1 visit that would have been unpaid was put in order.</b>" in text
    assert "No visit of these days" in site.http.get("/reports?from=2026-01-01&to=2026-02-01").text


def test_a_period_that_cannot_be_is_said_at_its_field(site: Site) -> None:
    for days, said in (
        ("from=2026-12-20&to=2026-12-01", "before the first day"),
        ("from=x", "“x” is no day: write 2026-11-22."),  # as it is to be typed
        ("from=0026-11-22", "“0026-11-22” is no day"),
    ):
        answer = site.http.get(f"/reports?{days}")
        assert (answer.status_code, said in answer.text) == (422, True)
        assert site.http.get(f"/reports/visits.csv?{days}").status_code == 422


def test_tables_are_saved(site: Site) -> None:
    answer = site.http.get(f"/reports/holds.csv?{DAYS}")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="holds-2026-11-30-2026-12-20.csv"' in answer.headers["content-disposition"]
    found = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert found[0] == ["put in order", "visits"]
    visits = site.http.get(f"/reports/visits.csv?{DAYS}").text
    cured = [row for row in csv.reader(io.StringIO(visits)) if row[1] == "1"]
    assert [row[2] for row in cured] == [""], "no fee is known"
    for name in ("visits", "causes", "payers"):
        assert site.http.get(f"/reports/{name}.csv").status_code == 200
    assert site.http.get("/reports/none.csv").status_code == 404


def test_programs_get_the_same_numbers(site: Site) -> None:
    found = site.api("GET", f"/v1/report?{DAYS}").json()
    assert (found["visits"]["open"], found["visits"]["cured_dollars"]) == (1, "0.00")
    assert [one["number"] for one in found["holds"]["soon"]] == [1, 0, 0, 0, 0]
    late = site.api("GET", "/v1/report?from=2026-12-02&to=2026-12-01")
    assert (late.status_code, late.json()["errors"][0]["path"]) == (422, "to")
