"""The staff page: who sees it, and what it says."""

from __future__ import annotations

from tests.web.conftest import Site, TestClient


def test_it_shows_bookings_in_plain_words(shared: Site) -> None:
    shared.send("s1", more={"name": "<script>Ann</script>", "email": "s1@example.com"})
    shared.until_state("s1", "on hold")
    page = shared.http.get("/")
    assert page.status_code == 200
    assert "script-src 'self'" in page.headers["content-security-policy"]
    data = shared.http.get("/staff/bookings.json").json()
    (line,) = [b for b in data["bookings"] if "Ann" in b["client"]]
    assert line["state"] == "on hold"
    assert line["reasons"][0]["message"] == "coverage not confirmed"
    assert len(line["written"]) == 1
    for name in ("staff.js", "staff.css"):
        assert shared.http.get(f"/static/{name}").status_code == 200


def test_it_is_shown_on_this_machine_only(shared: Site) -> None:
    app = shared.http.app
    far = TestClient(app, "http://127.0.0.1", client=("203.0.113.9", 5))
    assert far.get("/").status_code == 403
    assert far.get("/staff/bookings.json").status_code == 403
    near = shared.http
    for headers in ({"x-forwarded-for": "203.0.113.9"}, {"host": "evil.example"}):
        assert near.get("/staff/bookings.json", headers=headers).status_code == 403
