"""Charts from a file, by the API."""

from typing import Any

from tests.web.conftest import Site, problem

FILE = "name,born,payer\nAnn Lee,1980-02-03,Regence\nBo Stone,,\n"


def send(site: Site, path: str, text: str, kind: str = "text/csv") -> Any:
    headers = {"authorization": f"Bearer {site.key}", "content-type": kind}
    return site.http.post(path, content=text.encode(), headers=headers)


def test_a_file_is_checked_then_taken_in_once(site: Site) -> None:
    template = site.api("GET", "/v1/charts/template").text
    assert template.startswith("name,born,")
    checked = send(site, "/v1/charts/check", FILE).json()
    assert (checked["ready"], [line["state"] for line in checked["lines"]]) == (2, ["new", "new"])
    assert site.api("GET", "/v1/patients").json()["patients"] == []
    assert send(site, "/v1/charts", FILE).json()["ready"] == 2
    again = send(site, "/v1/charts", FILE).json()
    assert (again["ready"], again["known"]) == (0, 2)
    names = [one["name"] for one in site.api("GET", "/v1/patients").json()["patients"]]
    assert sorted(names) == ["Ann Lee", "Bo Stone"]


def test_a_line_that_is_wrong_stops_all_of_it_unless_it_is_left_out(site: Site) -> None:
    bad = FILE + "Cy Hart,31/02/1984,\n"
    said = problem(send(site, "/v1/charts", bad), 422)
    assert said["errors"][0]["path"] == "line 4, born"
    assert site.api("GET", "/v1/patients").json()["patients"] == []
    assert send(site, "/v1/charts?ready_only=true", bad).json()["left"] == 1
    doubt = "name,phone\nAnn Lee,206 555 0101\n"
    assert problem(send(site, "/v1/charts", doubt), 422)["errors"][0]["path"] == "line 2"
    assert send(site, "/v1/charts?settled=2=new", doubt).json()["ready"] == 1


def test_only_a_file_is_taken(site: Site) -> None:
    problem(send(site, "/v1/charts", FILE, "application/json"), 415)
    problem(send(site, "/v1/charts/check", ""), 422)
    problem(send(site, "/v1/charts/check?settled=2", FILE), 422)
    assert site.http.post("/v1/charts", content=b"name\n").status_code == 401
