"""A booking's way through the running service, on SQLite and PostgreSQL alike."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from unittest.mock import Mock

import pytest
from tests.web.conftest import Site, open_site

from massage_ins_bridge.testing.bookings import NOW, START

pytestmark = pytest.mark.slow  # a whole service each


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def anywhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else None
    yield from open_site(tmp_path, url=url, staff_page="sign-in")


def test_held_cured_confirmed(anywhere: Site) -> None:
    site = anywhere
    site.send("b1")
    held = site.until_state("b1", "on hold")
    assert held["hold"] == "native"
    patient = held["patient"]
    (coverage,) = site.api("GET", f"/v1/patients/{patient}/coverages").json()["coverages"]
    path = f"/v1/patients/{patient}/coverages/{coverage['record']}"
    assert site.api("PATCH", path, {"staff_confirmed": True}).status_code == 200
    site.until_state("b1", "allowed", "accepted")
    assert [c[:2] for c in site.platform.changes] == [("b1", "accepted")]
    whole = site.api("GET", f"/v1/bookings/{held['id']}").json()
    assert [d["decision"]["outcome"] for d in whole["decisions"]] == ["hold", "allow"]
    writes = [(w["channel"], w["kind"], w["state"]) for w in whole["writes"]]
    assert writes == [("platform", kind, "done") for kind in ("hold", "confirm")]
    for page in ("/v1/bookings?state=allowed&limit=1", "/v1/tasks", "/v1/patients?limit=1"):
        assert site.api("GET", page).status_code == 200
    shown = site.api("GET", "/v1/overview")
    assert shown.json()["bookings"][0]["written"] == ["kept pending", "confirmed by the bridge"]
    again = site.api("GET", "/v1/overview", **{"if-none-match": shown.headers["etag"]})
    assert (again.status_code, site.http.get("/readyz").status_code) == (304, 200)


def test_the_demo_clock_makes_deadlines_pass_at_once(tmp_path: Path) -> None:
    for site in open_site(tmp_path, demo_clock=True):
        site.send("b1")
        site.until_state("b1", "on hold")
        _set(site, START - timedelta(days=4))
        warned = partial(_has_task, site, "refused-tomorrow")
        site.until(warned)  # staff is told the day before
        _set(site, START - timedelta(days=1))
        site.until_state("b1", "blocked", "rejected")
        assert site.http.post("/demo/clock", json={"now": "2026-12-01T00:00:00"}).status_code == 422


def _set(site: Site, moment: datetime) -> None:
    answer = site.http.post("/demo/clock", json={"now": moment.isoformat()})
    assert answer.status_code == 200


def _has_task(site: Site, kind: str) -> bool:
    return any(task["kind"] == kind for task in site.api("GET", "/v1/tasks").json()["tasks"])


def test_there_is_no_demo_clock_otherwise(site: Site) -> None:
    assert site.http.post("/demo/clock", json={"now": NOW.isoformat()}).status_code == 404


def test_the_inbox_outlives_a_disk_that_is_away(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = site.worker.inbox
    away = Mock(side_effect=sqlite3.OperationalError("disk I/O error"))
    site.installation.store.engine.dispose()
    monkeypatch.setattr("massage_ins_bridge.store.inbox._write", away)
    monkeypatch.setattr(inbox, "_connect", away)
    assert [site.send(f"b{n}").status_code for n in range(2)] == [503, 503]
    monkeypatch.undo()
    assert site.send("b3").status_code == 202
    assert inbox.alive
