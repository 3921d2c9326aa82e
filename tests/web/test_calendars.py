"""``/calendars/{token}.ics``, and ``/v1/calendars`` by which it is given out."""

from tests.web.conftest import Site, problem


def test_a_calendar_is_read_by_its_address_alone(site: Site) -> None:
    site.send("b1")
    site.until_state("b1", "on hold")
    made = site.api("POST", "/v1/calendars", {"name": "Everybody"})
    assert made.status_code == 201, made.text
    path = made.json()["address"].removeprefix("http://127.0.0.1:8766")
    found = site.http.get(path)
    assert found.status_code == 200
    assert found.headers["content-type"] == "text/calendar; charset=utf-8"
    assert found.headers["cache-control"] == "private, no-cache"
    assert b"STATUS:TENTATIVE" in found.content
    again = site.http.get(path, headers={"if-none-match": found.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = site.http.head(path)
    assert (head.status_code, head.headers["etag"]) == (200, found.headers["etag"])
    rotated = site.api("POST", "/v1/calendars/Everybody/rotate").json()
    problem(site.http.get(path), 404)
    assert rotated["calendar"]["rotated_at"] is not None
    calendar = rotated["calendar"]["id"]
    assert [c["id"] for c in site.api("GET", "/v1/calendars").json()["calendars"]] == [calendar]
    assert site.api("DELETE", f"/v1/calendars/{calendar}").status_code == 204
    problem(site.api("DELETE", f"/v1/calendars/{calendar}"), 404)


def test_a_key_opens_no_calendar_and_a_guess_none(shared: Site) -> None:
    problem(shared.http.get("/calendars/guess.ics"), 404)
    problem(shared.http.get(f"/calendars/{'x' * 200}.ics"), 404)
    problem(shared.http.get("/v1/calendars"), 401)
    problem(shared.api("POST", "/v1/calendars", {"name": "x", "practitioner": "y"}), 422)
