"""Work that waits holds up nobody who does not need what it waits for."""

import threading
import time

import pytest
from dbos import DBOS
from tests.engine.conftest import PATIENCE, Running, until

from massage_ins_bridge.api.connectors import PlatformError
from massage_ins_bridge.desk.decide import decide_again
from massage_ins_bridge.desk.installation import Installation
from massage_ins_bridge.desk.platform_state import Try
from massage_ins_bridge.desk.take_in import Taken, take_in
from massage_ins_bridge.engine import runs
from massage_ins_bridge.engine.runs import subject_of
from massage_ins_bridge.store.record import Work

pytestmark = pytest.mark.slow


def test_a_booking_goes_the_whole_way(running: Running) -> None:
    running.deliver("b1", service_ref="2", **running.later(20))
    until(lambda: running.accepted("b1"))
    assert until(lambda: running.bridge.writes("b1") == [("confirm", "done", "native")])


@pytest.mark.parametrize("how", ["hangs", "is down"])
def test_a_dead_platform_delays_nobody_who_does_not_need_it(running: Running, how: str) -> None:
    """Three hundred deliveries wait for it, each for up to a minute. Another client's new fact is
    decided, and so is a delivery of the same account that holds its whole booking."""
    bridge = running.bridge
    running.deliver("b1", **running.later(20))
    until(lambda: running.decided("b1", "hold"))
    if how == "hangs":
        bridge.platform.hang()
    else:
        bridge.platform.faults = [PlatformError("no connection")] * 100_000
    for number in range(300):
        running.deliver(f"thin{number}", thin=True)
    bridge.confirm_coverage_alone("b1")
    until(lambda: running.decided("b1", "allow"))
    running.deliver("b2", name="Ben Cho", email="ben@example.com", **running.later(30))
    until(lambda: running.decided("b2", "hold"))
    assert len(bridge.waiting()) == 300


def test_a_new_fact_goes_before_a_backlog_of_deliveries(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    running.deliver("b1", **running.later(20))
    until(lambda: running.decided("b1", "hold"))
    gate, taken = threading.Event(), []

    def wait(installation: Installation, delivery: str, attempt: Try) -> Taken:
        gate.wait(PATIENCE)
        taken.append(delivery)
        return take_in(installation, delivery, attempt)

    def decide(installation: Installation, wakeup: str) -> bool:
        taken.append("the fact")
        return decide_again(installation, wakeup)

    monkeypatch.setattr(runs, "take_in", wait)
    monkeypatch.setattr(runs, "decide_again", decide)
    for number in range(30):
        other = {"name": f"Client {number}", "email": f"c{number}@example.com"}
        running.deliver(f"n{number}", service_ref="2", **other, **running.later(30))
    time.sleep(1.1)  # the engine counts in whole seconds on SQLite
    running.bridge.confirm_coverage_alone("b1")
    gate.set()
    until(lambda: running.decided("b1", "allow"))
    assert taken.index("the fact") < 20


def test_a_new_booking_goes_before_what_is_only_looked_at_again(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A platform that loses sight of all its bookings leaves as many to be looked at."""
    gate, taken = threading.Event(), []

    def look(_installation: Installation, look_id: str) -> None:
        gate.wait(PATIENCE)
        taken.append(look_id)

    def deliver(installation: Installation, delivery: str, attempt: Try) -> Taken:
        taken.append("the delivery")
        return take_in(installation, delivery, attempt)

    monkeypatch.setattr(runs, "look_again", look)
    monkeypatch.setattr(runs, "take_in", deliver)
    looks = [Work("look", f"l{n}", f"l{n}@1", "desk") for n in range(30)]
    running.bridge.installation.start(looks)
    time.sleep(1.1)  # the engine counts in whole seconds on SQLite
    running.deliver("b1", service_ref="2", **running.later(20))
    gate.set()
    until(lambda: running.accepted("b1"))
    assert taken.index("the delivery") < 20


def test_a_platform_that_comes_back_is_asked_for_all_that_waited(running: Running) -> None:
    bridge = running.bridge
    bridge.platform.faults = [PlatformError("no connection")] * 10
    for number in range(20):
        bridge.platform.put(f"b{number}", **running.later(20 + number))
        running.deliver(f"b{number}", thin=True)
    until(lambda: not bridge.waiting(), 60)
    assert all(running.decided(f"b{number}", "hold") for number in range(20))


def test_what_waits_holds_no_thread_and_is_started_once(running: Running) -> None:
    """A backlog is not started again by the sweeps that meet it."""
    bridge = running.bridge
    bridge.platform.faults = [PlatformError("no connection")] * 100_000
    for number in range(30):
        running.deliver(f"thin{number}", thin=True)
    until(lambda: bridge.platform.faults and len(bridge.platform.faults) < 99_970)
    running.pass_time(minutes=5)
    until(lambda: _ended("mib.sweep") >= 2)
    found = DBOS.list_workflows(name="mib.delivery", load_input=False, load_output=False)
    assert not any("~" in run.workflow_id for run in found)
    waiting = [run for run in found if run.status == "DELAYED"]
    assert len({subject_of(run.workflow_id) for run in waiting}) == len(waiting) > 0


def _ended(name: str) -> int:
    return len(DBOS.list_workflows(name=name, status="SUCCESS", load_input=False))
