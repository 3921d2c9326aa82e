"""The engine at work over the fake platform, on SQLite and PostgreSQL alike."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.desk.bridge import Bridge, make_bridge

from massage_ins_bridge.desk.clock import DemoClock
from massage_ins_bridge.desk.installation import Installation
from massage_ins_bridge.engine import schedules
from massage_ins_bridge.engine.engine import Engine
from massage_ins_bridge.store.record import Work

#: Long enough on a busy machine, and far shorter than what would be waited for.
PATIENCE = 90.0


def until(found: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """What ``found`` returns once it is true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if result := found():
            return result
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds:g} s")


class Running:
    """An installation with its engine."""

    def __init__(self, bridge: Bridge) -> None:
        self.bridge = bridge
        self.clock = bridge.installation.clock = DemoClock()
        self.engine = Engine(bridge.installation)

    def deliver(self, ref: str, **values: Any) -> str:
        """A delivery as the door stores and starts it."""
        delivery = self.bridge.arrive(ref, **values)
        self.bridge.installation.start([Work("delivery", delivery, delivery, "desk")])
        return delivery

    def decided(self, ref: str, outcome: str) -> bool:
        with self.bridge.installation.read() as record:
            row = record.bookings.by_ref("desk", ref)
            return row is not None and row.outcome == outcome

    def accepted(self, ref: str) -> bool:
        return self.bridge.platform.bookings[ref].status == "accepted"

    def pass_time(self, **by: float) -> None:
        self.clock.set(self.clock.now() + timedelta(**by))

    def later(self, days: int) -> dict[str, Any]:
        """A time for a booking."""
        return {"start": self.clock.now() + timedelta(days=days)}


@pytest.fixture
def one_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that a test makes itself: what the engine makes each minute, or was still at when the
    test began, finds nothing undone."""
    usual, ours = schedules.undone, threading.get_ident()

    def undone(installation: Installation) -> list[Work]:
        return usual(installation) if threading.get_ident() == ours else []

    monkeypatch.setattr(schedules, "undone", undone)


@pytest.fixture
def running(tmp_path: Path, database_url: str | None) -> Iterator[Running]:
    made = Running(make_bridge(tmp_path, database_url))
    made.engine.start()
    yield made
    made.bridge.platform.resume()
    made.engine.stop()
    for thread in threading.enumerate():
        if thread.name.startswith("dbos-executor"):  # it may still have a connection
            thread.join(PATIENCE)
    made.bridge.close()
