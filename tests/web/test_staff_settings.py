"""The staff page's other settings; each test has a service of its own."""

from __future__ import annotations

from pathlib import Path

from tests.web.conftest import open_site


def test_with_a_key_from_anywhere(tmp_path: Path) -> None:
    for site in open_site(tmp_path, staff_page="key"):
        assert site.http.get("/").status_code == 200
        assert site.http.get("/staff/bookings.json").status_code == 401
        assert site.api("GET", "/staff/bookings.json").status_code == 200


def test_switched_off(tmp_path: Path) -> None:
    for site in open_site(tmp_path, staff_page="off"):
        assert site.http.get("/").status_code == 404
