"""Clients from a file, at the desk: sent, looked over, taken in, taken back."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from tests.web.conftest import Site, open_site
from tests.web.staff.desk_pages import came_today, let_in, shown

from massage_ins_bridge.desk.chart_columns import template

PAGE = "/clients/file"
FILE = "name,born,phone\nBo Stone,1975-06-07,206 555 0102\n<b>Cy</b>,31/02/1984,\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    for made in open_site(tmp_path_factory.mktemp("charts")):
        let_in(made)
        yield made


def send(site: Site, text: str | bytes, **fields: str) -> Any:
    data = {**shown(site, PAGE).fields, **fields}
    return site.http.post(PAGE, data=data, files={"file": ("clients.csv", text, "text/csv")})


def take_in(site: Site, **fields: str) -> Any:
    seen = re.search(r'name="seen" value="(\w+)"', site.http.get(PAGE).text)
    data = {**shown(site, PAGE).fields, "back": PAGE, "seen": seen[1] if seen else "", **fields}
    return site.http.post(f"{PAGE}/take-in", data=data)


def test_a_file_is_looked_over_taken_in_and_taken_back(site: Site) -> None:
    assert f'href="{PAGE}"' in site.http.get("/clients").text
    assert "Take in" not in site.http.get(PAGE).text
    answer = send(site, FILE)
    assert "1 line is ready, 1 is not" in answer.text
    assert "born: “31/02/1984” is no day" in answer.text
    assert "&lt;b&gt;Cy" in answer.text
    assert "Bo Stone" not in site.http.get("/clients").text
    left = site.http.get(f"{PAGE}/left.csv")
    assert left.text == "name,born,phone\r\n<b>Cy</b>,31/02/1984,\r\n"
    assert "attachment" in left.headers["content-disposition"]
    done = take_in(site)
    assert "From the file: 1 client is on file now." in done.text
    assert "Bo Stone" in site.http.get("/clients").text
    undo = re.search(r"/undo/\w+", done.text)
    assert undo is not None
    site.http.post(undo[0], data={**shown(site, PAGE).fields, "back": PAGE})
    assert "Bo Stone" not in site.http.get("/clients").text


def test_who_may_be_on_file_already_is_asked(site: Site) -> None:
    came_today(site, "ann lee")
    patient = site.booking("ann lee")["patient"]
    answer = send(site, "name,phone\nAnn Lee,206 555 0101\n", instead="yes")
    assert "may be clients that you have" in answer.text
    assert f'<option value="{patient}">It is Ann Lee</option>' in answer.text
    take_in(site, **{"settle-2": patient, "settle-x": "new", "settle-³": "new"})
    assert "206 555 0101" in site.http.get(f"/clients/{patient}").text
    assert '<h2 id="found">' not in site.http.get(PAGE).text  # nothing of it is left
    again = send(site, "name,phone\nAnn Lee,206 555 0101\n")
    assert "The charts say all that the file says" in again.text
    assert "The file is kept no longer." in take_in(site, do="forget").text
    assert take_in(site).status_code == 404


def test_what_the_rules_will_ask_about_is_said_before_it_is_taken_in(site: Site) -> None:
    rx = "name,payer,prescriber,npi,signed on,diagnoses\n"
    answer = send(site, f"{rx}Di Roe,Regence,Dr Ex,1234567890,2026-11-20,XX\n", instead="yes")
    assert "1 line is ready" in answer.text
    assert "Taken in as it stands; the rules will ask about it" in answer.text
    for said in ("npi: is no NPI: one of its digits is wrong", "diagnoses: "):
        assert said in answer.text
    take_in(site, do="forget")


def test_a_second_file_does_not_take_the_place_of_the_first_unasked(site: Site) -> None:
    """Lines that are left of the first would be lost."""
    send(site, FILE, instead="yes")
    other = "name,born\nEd Fox,1970-01-01\n"
    asked = send(site, other)
    assert (asked.status_code, "clients.csv is still here" in asked.text) == (422, True)
    assert "Bo Stone" in asked.text
    assert "Bo Stone" in send(site, FILE).text  # the same file again
    assert "Ed Fox" in send(site, other, instead="yes").text
    take_in(site, do="forget")


def test_what_is_no_file_is_refused_in_one_line(site: Site) -> None:
    answer = send(site, b"PK\x03\x04")
    assert (answer.status_code, "is a workbook, not text" in answer.text) == (422, True)
    answer = site.http.post(PAGE, data=shown(site, PAGE).fields, files={"file": ("", b"")})
    assert answer.status_code == 422
    assert site.http.post(PAGE, data=shown(site, PAGE).fields).status_code == 415
    assert send(site, FILE, csrf="another").status_code == 403
    assert take_in(site, seen="chf_other").status_code == 404
    cut = site.http.post(
        PAGE, content=b"--x\r\n", headers={"content-type": "multipart/form-data; boundary=x"}
    )
    assert cut.status_code == 400


def test_the_template_is_for_taking_along(site: Site) -> None:
    assert site.http.get(f"{PAGE}/template.csv").text == template()
