"""The engine's queues are looked at at once when something was put in."""

import threading
import time
from types import SimpleNamespace
from typing import Any, cast

import pytest
from dbos import DBOS
from tests.engine.conftest import Running, until

from massage_ins_bridge.desk.take_in import take_in
from massage_ins_bridge.engine import engine, runs
from massage_ins_bridge.engine.nudge import Nudge
from massage_ins_bridge.engine.runs import CURRENT
from massage_ins_bridge.store.record import Work

LONG = 30.0


def waiting(stopping: threading.Event, queue: str) -> tuple[threading.Thread, list[bool]]:
    """A thread that waits as DBOS's do, and what it was told."""
    told: list[bool] = []

    def wait() -> None:
        told.append(stopping.wait(timeout=LONG))

    thread = threading.Thread(target=wait, name=f"queue-worker-{queue}", daemon=True)
    thread.start()
    return thread, told


def installed() -> tuple[Nudge, threading.Event]:
    stopping, nudge = threading.Event(), Nudge()
    nudge.install(cast(DBOS, SimpleNamespace(background_thread_stop_events=[stopping])))
    return nudge, stopping


def test_a_nudge_ends_the_waiting_for_its_queue_alone() -> None:
    nudge, stopping = installed()
    mine, told = waiting(stopping, "mine")
    other, _ = waiting(stopping, "other")
    nudge("mine")
    mine.join(LONG / 3)
    assert told == [False]
    assert other.is_alive()
    stopping.set()
    other.join(LONG / 3)
    assert not other.is_alive()


def test_stopping_ends_it_with_the_word_to_stop() -> None:
    _, stopping = installed()
    thread, told = waiting(stopping, "mine")
    stopping.set()
    thread.join(LONG / 3)
    assert told == [True]


def test_a_nudge_that_came_before_is_not_lost() -> None:
    nudge, stopping = installed()
    nudge("mine")
    thread, told = waiting(stopping, "mine")
    thread.join(LONG / 3)
    assert told == [False]


@pytest.fixture
def looked_at_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "POLL_SECONDS", 4 * LONG)


@pytest.mark.usefixtures("looked_at_seldom")
def test_what_does_not_fit_in_at_once_follows_what_ends(
    monkeypatch: pytest.MonkeyPatch, running: Running
) -> None:
    """All of a backlog comes in before the first of it is done, and nothing after it."""
    usual = take_in

    def slowly(*given: Any) -> Any:
        time.sleep(0.4)
        return usual(*given)

    monkeypatch.setattr(runs, "take_in", slowly)
    arrived = [running.bridge.arrive(f"b{n}") for n in range(3 * engine.AT_ONCE)]
    running.bridge.installation.start([Work("delivery", d, d, "desk") for d in arrived])
    until(lambda: not running.bridge.waiting())


def test_of_one_account_as_many_are_dealt_with_at_once_as_of_all_clients(
    monkeypatch: pytest.MonkeyPatch, running: Running
) -> None:
    """Fewer would be what holds a backlog up: a look takes no more than there is room for."""
    usual, met = take_in, threading.Barrier(8)

    def together(*given: Any) -> Any:
        met.wait(LONG)
        return usual(*given)

    monkeypatch.setattr(runs, "take_in", together)
    arrived = [running.bridge.arrive(f"b{n}") for n in range(met.parties)]
    running.bridge.installation.start([Work("delivery", d, d, "desk") for d in arrived])
    until(lambda: not running.bridge.waiting())
    assert not met.broken


def test_dbos_still_waits_in_the_way_that_is_taken_over(running: Running) -> None:
    """A later DBOS may wait otherwise; bookings would then wait for the next look."""
    until(lambda: {"mib-deciding", "mib-platform"} <= CURRENT.nudge.queues)
