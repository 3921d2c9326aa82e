"""A booking's way through the running service."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from tests.web.conftest import Site, open_site

from massage_ins_bridge.store.models import DeliveryRow, IntakeRow
from massage_ins_bridge.testing.bookings import NOW, START

pytestmark = pytest.mark.slow  # processes of their own, or a whole service


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def anywhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else None
    yield from open_site(tmp_path, url=url)


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
    assert [(e["kind"], e["state"]) for e in whole["effects"]] == [
        ("hold", "done"),
        ("confirm", "done"),
    ]


def test_the_demo_clock_makes_deadlines_pass_at_once(tmp_path: Path) -> None:
    for site in open_site(tmp_path, demo_clock=True):
        site.send("b1")
        site.until_state("b1", "on hold")
        moment = (START - timedelta(days=3)).isoformat()
        assert site.http.post("/demo/clock", json={"now": moment}).status_code == 200
        site.until_state("b1", "blocked", "rejected")
        assert site.http.post("/demo/clock", json={"now": "2026-12-01T00:00:00"}).status_code == 422


def test_there_is_no_demo_clock_otherwise(site: Site) -> None:
    assert site.http.post("/demo/clock", json={"now": NOW.isoformat()}).status_code == 404


def test_what_a_dead_process_left_behind_is_taken_up(tmp_path: Path) -> None:
    for site in open_site(tmp_path):
        raw = delivery("b1")
        inbox, now = site.worker.inbox, site.worker.service.clock.now()
        asyncio.run(inbox.store("default", "desk", "k", raw, now))
        site.worker.sweeper.poke()
        site.until_state("b1", "on hold")


def test_health(site: Site) -> None:
    assert site.http.get("/healthz").json() == {"status": "ok"}
    assert site.http.get("/readyz").json() == {"status": "ok", "failed_plugins": []}


def test_a_visit_is_closed_by_staff(site: Site) -> None:
    site.send("b1", "created", status="accepted", start=NOW, more={"service_ref": "2"})
    booking = site.until_state("b1", "allowed")
    path = f"/v1/bookings/{booking['id']}/completed"
    assert site.api("POST", path).json()["state"] == "completed"
    assert site.api("POST", path).json()["state"] == "completed"


def test_the_client_pays_herself_instead(site: Site) -> None:
    site.send("b1")
    booking = site.until_state("b1", "on hold")
    path = f"/v1/bookings/{booking['id']}"
    assert site.api("PATCH", path, {"self_pay": "yes"}).status_code == 422
    assert site.api("PATCH", path, {"self_pay": True}).json()["self_pay"] is True
    site.until_state("b1", "allowed", "accepted")
    site.send("b1", "created", status="accepted", version=NOW + timedelta(minutes=1))
    site.until(lambda: not waiting(site))
    assert site.booking("b1")["self_pay"] is True


def test_a_prescription_is_looked_at(site: Site) -> None:
    site.send("b1")
    booking = site.until_state("b1", "on hold")
    base = f"/v1/patients/{booking['patient']}/prescriptions"
    record = site.api("POST", base, {"signed_on": "2026-11-20"}).json()["record"]
    (found,) = site.api("GET", f"{base}/{record}/findings").json()["bookings"]
    assert (found["booking"], found["may_cure"]) == (booking["id"], ["prescription"])
    assert found["findings"][0]["field"] == "signed_on"
    assert site.api("GET", f"{base}/prx_none/findings").status_code == 404


def waiting(site: Site) -> int:
    with site.worker.service.store.read() as session:
        dealt = select(func.count()).select_from(IntakeRow)
        arrived = select(func.count()).select_from(DeliveryRow)
        return (session.scalar(arrived) or 0) - (session.scalar(dealt) or 0)
