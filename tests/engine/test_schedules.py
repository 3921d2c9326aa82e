"""What a crash, a lost record or time leave to do is started again, in one place."""

import threading
import time
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from dbos import DBOS
from tests.engine.conftest import PATIENCE, Running, until

from massage_ins_bridge.api.connectors import PlatformError
from massage_ins_bridge.desk.take_in import take_in
from massage_ins_bridge.engine import runs, schedules
from massage_ins_bridge.engine.runs import subject_of
from massage_ins_bridge.engine.schedules import (
    forget_finished_runs,
    forget_once_a_day,
    start_what_is_lost,
    undone,
)
from massage_ins_bridge.store.models import DecisionRow, DeliveryRow
from massage_ins_bridge.store.record import Work

pytestmark = pytest.mark.slow


def test_a_delivery_whose_run_was_lost_is_started_anew(running: Running) -> None:
    delivery = running.bridge.arrive("b1", service_ref="2", **running.later(20))
    assert undone(running.bridge.installation) == []  # whoever stored it is about to start it
    running.pass_time(minutes=2)
    until(lambda: running.accepted("b1"))
    known = DBOS.list_workflows(name="mib.delivery", load_input=False)
    assert {subject_of(run.workflow_id) for run in known} == {delivery}


def test_a_client_that_was_not_decided_again_is_woken_anew(running: Running) -> None:
    bridge = running.bridge
    running.deliver("b1", **running.later(20))
    until(lambda: running.decided("b1", "hold"))
    bridge.installation.start = lambda _work: None  # the process dies after the commit
    bridge.confirm_coverage_alone("b1")
    bridge.installation.start = running.engine.begin
    running.pass_time(minutes=2)
    until(lambda: running.accepted("b1"))


def test_what_is_started_anew_goes_on_where_runs_of_old_are_on_record(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The third run cannot be put into the queue, and no other until there is room. Its next life
    has to come to a third one too."""
    put, room = DBOS.enqueue_workflow, threading.Event()
    lost: list[Any] = []

    def full(queue: str, *arguments: Any, **more: Any) -> Any:
        if arguments[4:5] == (3,):
            lost.append(arguments)
        if lost and not room.is_set():
            raise OSError("no space left")
        return put(queue, *arguments, **more)

    monkeypatch.setattr(DBOS, "enqueue_workflow", full)
    running.bridge.platform.faults = [PlatformError("no connection")] * 100
    running.bridge.platform.put("b1", **running.later(20))
    running.deliver("b1", thin=True)
    until(lambda: lost)
    told = until(lambda: running.engine.trouble)
    assert told.startswith("durable runs: one could not be recorded: is the disk")
    running.bridge.platform.faults.clear()
    room.set()
    running.pass_time(minutes=2)
    until(lambda: running.decided("b1", "hold"))
    assert running.engine.trouble == ""


def test_what_a_sweep_and_the_door_both_start_is_started_once(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, installation = threading.Event(), running.bridge.installation
    monkeypatch.setattr(runs, "take_in", lambda *how: gate.wait(PATIENCE) and take_in(*how))
    # it had looked before anybody started any
    monkeypatch.setattr(schedules, "_active", lambda _alive: set[str]())
    arrived = [running.bridge.arrive(f"b{n}", **running.later(20)) for n in range(9)]
    running.pass_time(minutes=2)
    for _ in range(2):
        start_what_is_lost(installation)
        installation.start([Work("delivery", delivery, delivery, "desk") for delivery in arrived])
    known = DBOS.list_workflows(name="mib.delivery", load_input=False)
    assert sorted(run.workflow_id for run in known) == sorted(arrived)
    gate.set()


def test_what_has_a_run_is_left_to_it(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the clock of a database server's machine is an hour behind that of ours."""
    bridge = running.bridge
    ahead = 0 if bridge.installation.store.sqlite else 3600
    clock = SimpleNamespace(time=lambda: time.time() + ahead, monotonic=time.monotonic)
    monkeypatch.setattr(schedules, "time", clock)
    bridge.platform.hang()
    running.deliver("b1", thin=True)
    until(lambda: _states("mib.delivery") >= {"PENDING"})
    running.pass_time(minutes=2)
    start_what_is_lost(bridge.installation)
    known = DBOS.list_workflows(name="mib.delivery", load_input=False)
    assert not any("~" in run.workflow_id for run in known)


@pytest.mark.usefixtures("one_sweep")
def test_what_never_ended_is_begun_again(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the disk was full when it ended: nobody carries it on, for its process lives."""
    bridge = running.bridge
    bridge.platform.put("b1", **running.later(20))
    bridge.platform.hang()
    running.deliver("b1", thin=True)
    until(lambda: _states("mib.delivery") >= {"PENDING"})
    running.pass_time(minutes=2)
    monkeypatch.setattr(schedules, "LOST_AFTER", 0.0)
    start_what_is_lost(bridge.installation)
    known = DBOS.list_workflows(name="mib.delivery", load_input=False)
    assert [run.workflow_id.count("~") for run in known] == [0, 1]
    bridge.platform.resume()
    until(lambda: running.decided("b1", "hold"))
    until(lambda: _states("mib.delivery") == {"SUCCESS"})
    with bridge.installation.store.read() as session:
        assert session.query(DecisionRow).count() == 1


@pytest.mark.usefixtures("one_sweep")
def test_what_ends_while_a_sweep_looks_is_not_started_anew(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, active = threading.Event(), schedules._active
    monkeypatch.setattr(runs, "take_in", lambda *how: gate.wait(PATIENCE) and take_in(*how))

    def ends_meanwhile(alive: float) -> set[str]:
        gate.set()
        until(lambda: _states("mib.delivery") == {"SUCCESS"})
        return active(alive)

    running.deliver("b1", service_ref="2", **running.later(20))
    until(lambda: _states("mib.delivery") == {"PENDING"})
    running.pass_time(minutes=2)
    monkeypatch.setattr(schedules, "_active", ends_meanwhile)
    start_what_is_lost(running.bridge.installation)
    known = DBOS.list_workflows(name="mib.delivery", load_input=False)
    assert [run.workflow_id for run in known if "~" in run.workflow_id] == []


def test_ended_runs_are_forgotten_to_the_last(running: Running) -> None:
    for number in range(25):
        running.deliver(f"b{number}", service_ref="2", **running.later(20 + number))
    until(lambda: all(running.accepted(f"b{number}") for number in range(25)))
    until(lambda: _states("mib.delivery") | _states("mib.write") == {"SUCCESS"})
    assert forget_finished_runs(datetime.now(UTC), bite=7) >= 50
    assert DBOS.list_workflows(name="mib.delivery", load_input=False) == []


def test_bodies_are_forgotten_when_their_time_is_over(running: Running) -> None:
    delivery = running.deliver("b1", service_ref="2", **running.later(90))

    def row() -> DeliveryRow:
        with running.bridge.installation.store.read() as session:
            return session.get_one(DeliveryRow, delivery)

    until(lambda: row().done_at)  # the list of changes may have brought its booking before
    until(lambda: running.accepted("b1"))
    running.pass_time(days=31)
    forget_once_a_day(running.bridge.installation)  # unless the sweep is about it already
    until(lambda: row().raw_sealed is None)


def _states(name: str) -> set[str]:
    return {run.status for run in DBOS.list_workflows(name=name, load_input=False)}
