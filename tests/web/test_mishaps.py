"""What a passing fault leaves behind is taken up again, in the same process."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from typing import Any

import pytest
from dbos import DBOS
from massage_ins_bridge.workflows import redecide, runs
from massage_ins_bridge.workflows.effects import Planned
from massage_ins_bridge.workflows.runner import RUNS_FILE
from massage_ins_bridge.workflows.running import DIRECTLY, RUNNING, UnderWay
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from massage_ins_bridge.testing.bookings import START

from .conftest import Site

pytestmark = pytest.mark.slow  # a whole service each


def down(*_: Any) -> Any:
    raise OperationalError("SELECT", {}, Exception("no answer"))


def test_the_schedules_outlive_a_database_that_does_not_answer(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.send("b1")
    site.until_state("b1", "on hold")
    sweeper = site.worker.sweeper
    looked: list[int] = []

    def look() -> float:
        looked.append(1)
        return down()

    monkeypatch.setattr(sweeper, "_next_look", look)
    sweeper.poke()
    site.until(lambda: looked)
    monkeypatch.undo()
    site.worker.service.clock.set(START - timedelta(days=3))  # type: ignore[attr-defined]
    sweeper.poke()
    site.until_state("b1", "blocked", "rejected")
    assert site.http.get("/readyz").status_code == 200


def test_a_part_that_has_ended_is_not_ready(site: Site) -> None:
    site.worker.sweeper.stop()
    assert site.http.get("/readyz").status_code == 503


def test_a_run_that_ended_without_doing_its_work_is_followed_by_another(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def refused(_: UnderWay, item: str, __: str) -> bool:
        asked.append(item)
        return False

    monkeypatch.setattr(UnderWay, "claim", refused)
    delivery = site.send("b1").json()["delivery"]
    site.until(lambda: delivery in asked)
    site.until(lambda: DBOS.get_workflow_status(delivery).status == "SUCCESS")
    monkeypatch.undo()
    assert site.booking("b1") == {}
    site.worker.sweeper.poke()
    site.until_state("b1", "on hold")


def test_runs_that_died_without_a_word_free_their_place(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many as are started at once, and each still on record as running."""
    monkeypatch.setattr(UnderWay, "claim", lambda *_: False)
    dead = [site.send(f"b{n}").json()["delivery"] for n in range(6)]
    for delivery in dead:
        site.until(lambda d=delivery: (s := DBOS.get_workflow_status(d)) and s.status == "SUCCESS")
    monkeypatch.undo()
    engine = create_engine(f"sqlite:///{site.worker.service.store.file.with_name(RUNS_FILE)}")  # type: ignore[union-attr]
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE workflow_status SET status = 'PENDING', updated_at = 1, output = NULL")
        )
    site.worker.sweeper.poke()
    site.send("new")
    site.until_state("new", "on hold")
    assert site.booking("b0") == {}
    assert runs.bury_the_dead(site.worker.service.settings.worker_name) >= len(dead)
    site.worker.sweeper.poke()
    for number in range(6):
        site.until_state(f"b{number}", "on hold")


def test_a_fault_of_any_kind_does_not_keep_a_new_fact_from_being_heard(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.send("b1")
    patient = site.until_state("b1", "on hold")["patient"]
    real, failed = redecide.decide_patient, []

    def failing(*arguments: Any) -> Any:
        if len(failed) < 2:
            failed.append(1)
            raise OSError("no such device")
        return real(*arguments)

    monkeypatch.setattr(redecide, "decide_patient", failing)
    coverage = {"payer": "regence", "staff_confirmed": True}
    assert site.api("POST", f"/v1/patients/{patient}/coverages", coverage).is_success
    site.until_state("b1", "allowed", "accepted")
    assert len(failed) == 2


def test_a_fault_while_writing_does_not_end_the_effect(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, failed = runs.carry_out, []

    def failing(*arguments: Any) -> None:
        if not failed:
            failed.append(1)
            raise OSError("no such device")
        real(*arguments)

    monkeypatch.setattr(runs, "carry_out", failing)
    site.send("b1", more={"service_ref": "2"})
    site.until_state("b1", "allowed", "accepted")
    assert failed


def test_an_effect_that_was_written_before_keeps_no_place(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that is taken up after a crash asks for its effects once more."""
    site.send("b1", more={"service_ref": "2"})
    booking = site.until_state("b1", "allowed", "accepted")
    (effect,) = site.api("GET", f"/v1/bookings/{booking['id']}").json()["effects"]
    planned = Planned(effect["id"], "desk", f"{effect['id']}.0")
    site.until(lambda: DBOS.get_workflow_status(planned.run).status == "SUCCESS")
    monkeypatch.setattr(runs, "_unused", lambda _item, run: run)
    for _ in range(DIRECTLY + 1):
        runs.start_effect(planned)
    slots = RUNNING.writing("desk")
    assert all(slots.try_take(f"other-{n}") for n in range(DIRECTLY))
    assert len(site.platform.changes) == 1


def test_staff_is_told_where_deciding_again_goes_on_failing(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.send("b1")
    patient = site.until_state("b1", "on hold")["patient"]
    real = redecide.decide_patient
    monkeypatch.setattr(runs, "PAUSES", (0.01,))
    monkeypatch.setattr(redecide, "decide_patient", down)
    assert site.api("POST", f"/v1/patients/{patient}/coverages", {"payer": "regence"}).is_success

    def told() -> bool:
        tasks = site.api("GET", "/v1/tasks").json()["tasks"]
        return any(task["kind"] == "deciding-failed" for task in tasks)

    site.until(told)
    monkeypatch.setattr(redecide, "decide_patient", real)
    site.until(lambda: not told())


def test_the_inbox_outlives_a_disk_that_is_away(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = site.worker.inbox

    def away() -> Any:
        raise sqlite3.OperationalError("disk I/O error")

    site.worker.service.store.engine.dispose()
    monkeypatch.setattr("massage_ins_bridge.store.inbox._write", lambda *_: away())
    monkeypatch.setattr(inbox, "_connect", away)
    assert [site.send(f"b{n}").status_code for n in range(2)] == [503, 503]
    monkeypatch.undo()
    assert site.send("b3").status_code == 202
    assert inbox.alive
