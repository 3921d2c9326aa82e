"""The engine's queues are looked at at once when something was put in."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import cast

from dbos import DBOS
from tests.engine.conftest import Running, until

from massage_ins_bridge.engine.nudge import Nudge
from massage_ins_bridge.engine.runs import CURRENT

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


def test_dbos_still_waits_in_the_way_that_is_taken_over(running: Running) -> None:
    """A later DBOS may wait otherwise; bookings would then wait for the next look."""
    until(lambda: {"mib-deliveries", "mib-platform"} <= CURRENT.nudge.queues)
