"""``/healthz``, ``/readyz`` and ``/metrics``: what they say of a service that does its work, and of
one that does not."""

import asyncio
import re
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import jsonschema_rs
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from tests.web.conftest import Site

from massage_ins_bridge.desk import clock_check
from massage_ins_bridge.desk.health import DECIDE_WITHIN, WRITE_WITHIN
from massage_ins_bridge.store.models import WriteRow
from massage_ins_bridge.store.task_models import WakeupRow
from massage_ins_bridge.testing.fake_connector import delivery, signed
from massage_ins_bridge.web import health
from massage_ins_bridge.web.door import access, probes

MINUTE = timedelta(minutes=1)


def reasons(site: Site) -> list[str]:
    answer = site.http.get("/readyz")
    found: dict[str, Any] = answer.json()
    assert (answer.status_code == 200) == (found["status"] == "ok") == (not found["reasons"])
    return list(found["reasons"])


def test_a_service_that_does_its_work(site: Site) -> None:
    assert site.http.get("/healthz").json() == {"status": "ok", "database": "answers"}
    well = {"status": "ok", "reasons": [], "remarks": [], "taking_in": []}
    assert site.http.get("/readyz").json() == well


def test_what_they_answer_is_documented(site: Site) -> None:
    made = site.http.get("/openapi.json").json()
    for path, codes in (("/healthz", {"200"}), ("/readyz", {"200", "503"})):
        operation = made["paths"][path]["get"]
        assert (operation["responses"].keys(), operation["security"]) == (codes, [])
        answer = site.http.get(path)
        told = operation["responses"][str(answer.status_code)]["content"]["application/json"]
        schema = told["schema"]
        jsonschema_rs.validator_for(schema).validate(answer.json())
        assert list(answer.json()) == list(schema["properties"]) == schema["required"]


def left(site: Site, kind: str, age: timedelta, **more: Any) -> None:
    """Something undone that no run is about: the sweep shall not find it, either."""
    installation = site.installation
    installation.start = lambda _work: None
    when = installation.clock.now() - age
    if kind == "delivery":
        store = site.worker.inbox.store("default", "desk", "k", delivery("left"), when)
        asyncio.run(store)
        return
    patient = site.api("POST", "/v1/patients", {"name": "Ann Lee"}).json()["id"]
    with installation.write() as record:
        same = {"clinic": "default", "created_at": when}
        if kind == "wakeup":
            record.session.add(WakeupRow(id="w", patient_id=patient, cause="x", **same))
        else:
            given = {"channel": "platform", "account": "desk", "subject": "b", "kind": "confirm"}
            row = WriteRow(id="w", number=1, revision=1, state="queued", wanted_at=when, **given)
            record.session.add(row)
            row.clinic, row.created_at, row.detail = "default", when, more.get("detail")


@pytest.mark.parametrize(
    ("kind", "within", "said"),
    [
        ("delivery", DECIDE_WITHIN, "a delivery was not dealt with for 11 minutes (1 wait)"),
        ("wakeup", DECIDE_WITHIN, "a client's bookings were not decided again for 11 minutes"),
        ("write", WRITE_WITHIN, "a booking's outcome was not written to its platform for 61 min"),
    ],
)
def test_what_waits_for_too_long_is_told(
    site: Site, monkeypatch: pytest.MonkeyPatch, kind: str, within: timedelta, said: str
) -> None:
    monkeypatch.setattr("massage_ins_bridge.engine.schedules.undone", lambda _: [])
    left(site, kind, within - MINUTE)
    assert reasons(site) == []
    site.installation.clock.set(site.installation.clock.now() + 2 * MINUTE)  # type: ignore[attr-defined]
    (told,) = reasons(site)
    assert told.startswith(said)


def test_a_platform_that_takes_nothing_is_told_and_is_no_fault_of_ours(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("massage_ins_bridge.engine.schedules.undone", lambda _: [])
    left(site, "write", WRITE_WITHIN + MINUTE, detail="no answer")
    assert reasons(site) == []
    (remark,) = site.http.get("/readyz").json()["remarks"]
    assert remark.startswith("a platform has not taken what is to be written for 61 minutes")


def test_a_clock_that_is_wrong_is_told(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock_check, "_by_hand", lambda _: False)
    client = site.installation.accounts["desk"].client
    assert client is not None
    client._heard.time = site.installation.clock.now() - timedelta(days=17, hours=1)
    client._heard.at = time.monotonic()
    (told,) = reasons(site)
    assert told.startswith("clock: it is 17 days ahead of the clock of the platform")
    assert "nothing passes or is written" in told


def test_a_disk_that_is_full_and_a_record_that_is_gone(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = OperationalError("INSERT", None, Exception("database or disk is full"))
    monkeypatch.setattr(health, "real_write", Mock(side_effect=full))
    assert reasons(site) == [
        "the database cannot be written: is the disk full, or its file locked?"
    ]
    monkeypatch.undo()
    assert reasons(site) == []
    runs = site.installation.runs_file
    assert runs is not None
    runs.rename(runs.with_suffix(".away"))
    assert "durable runs" in reasons(site)[0]
    assert "mib_runs_up 0.0" in site.api("GET", "/metrics").text
    site.worker.inbox.close()
    assert reasons(site)[0].startswith("inbox: deliveries are not taken any more")


def test_a_data_file_that_is_gone_takes_nothing_in_and_is_told(site: Site) -> None:
    """What is written into it nobody would find; put back, it is as it was before."""
    file = site.installation.store.file
    assert file is not None
    assert site.send("b1").status_code == 202
    away = file.rename(file.with_suffix(".away"))
    assert site.send("b2").status_code == 503
    assert any("was removed or replaced while the service runs" in said for said in reasons(site))
    assert not file.exists()
    away.rename(file)
    assert site.send("b3").status_code == 503
    assert any("was removed or replaced while the service runs" in said for said in reasons(site))


def test_a_delivery_that_cannot_be_stored_is_told(site: Site) -> None:
    """Though something small may still find room."""
    with site.installation.store.write() as session:
        session.execute(
            text(
                "CREATE TRIGGER full BEFORE INSERT ON deliveries "
                "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
            )
        )
    assert site.send("b1").status_code == 503
    assert "inbox: a delivery could not be stored: is the disk full?" in reasons(site)
    with site.installation.store.write() as session:
        session.execute(text("DROP TRIGGER full"))
    assert site.send("b1").status_code == 202
    assert reasons(site) == []


def test_a_database_that_hangs_hangs_nothing_of_this(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = threading.Event()
    assert "mib_runs_up 1.0" in site.api("GET", "/metrics").text
    monkeypatch.setattr(health, "ping", lambda *_: release.wait(30))
    monkeypatch.setattr(access, "key_of", lambda *_: release.wait(30))
    monkeypatch.setattr(probes, "SECONDS", 0.2)
    assert "mib_database_up 0.0" in site.api("GET", "/metrics").text
    assert site.http.get("/metrics", headers={"authorization": "Bearer x"}).status_code == 503
    assert site.http.get("/healthz").json() == {"status": "ok", "database": "does not answer"}
    assert reasons(site) == ["the database does not answer within 2 seconds"]
    release.set()


def figures(site: Site) -> dict[tuple[str, ...], float]:
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(site.api("GET", "/metrics").text)
        for sample in family.samples
    }


def test_figures_for_who_watches(site: Site) -> None:
    assert site.http.get("/metrics").status_code == 401
    site.send("b1", service_ref="2", name="Ann Lee")
    site.until_state("b1", "allowed", "accepted")
    raw = delivery("b1")
    site.http.post("/webhooks/desk", content=raw, headers=dict.fromkeys(signed(raw), "bad"))
    site.http.post("/webhooks/nobody", content=raw)
    site.until(lambda: figures(site)["mib_undone", "deliveries"] == 0)  # what our own write made
    assert "Ann" not in site.api("GET", "/metrics").text
    found = figures(site)
    told = [("desk", "received"), ("desk", "signature"), ("no such account", "unknown")]
    assert [found["mib_deliveries_total", *labels] for labels in told] == [1, 1, 1]
    assert found["mib_decisions_total", "allow"] == 1
    assert found["mib_platform_calls_total", "confirm", "desk"] == 1
    assert found["mib_undone", "deliveries"] == found["mib_undone_oldest_seconds", "writes"] == 0
    assert found["mib_database_up",] == 1
    assert found["process_resident_memory_bytes",] > 0
    page = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    assert {name for name, *_ in found if name[:4] == "mib_"} <= set(re.findall(r"`(\w+)", page))
