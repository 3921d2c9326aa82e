"""``kill -9`` at random moments, under load, again and again.

``TEST_KILLS`` says how often (3 otherwise).
"""

from __future__ import annotations

import os
import random
import time
from pathlib import Path
from typing import Any

import pytest

from .findings import Findings, engine_of, look, unsettled
from .installation import Installation, installed
from .load import Load

KILLS = int(os.environ.get("TEST_KILLS", "3"))
QUIET_SECONDS = 240.0
pytestmark = [pytest.mark.slow, pytest.mark.timeout(QUIET_SECONDS + 180 + 30 * KILLS)]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The embedded database, or a fresh one of a real server."""
    if request.param == "sqlite":
        return ""
    return str(request.getfixturevalue("postgres_url"))


def test_nothing_is_lost_and_nothing_done_twice(tmp_path: Path, database_url: str) -> None:
    with installed(tmp_path, database_url) as target:
        load = Load(target)
        load.start()
        try:
            _kill_again_and_again(target)
        finally:
            load.stop()
        target.wait_ready()
        _wait_until_quiet(target)
        target.service.stop()
        found = look(target, load)
    print(_report(found))
    assert found.wrong == []
    assert load.answered
    assert found.figures["writing calls that took effect"]


def _kill_again_and_again(target: Installation) -> None:
    """Most lives are ended while they work, some while they still start."""
    chance = random.Random()
    for _ in range(KILLS):
        if chance.random() < 0.75:
            target.wait_ready()
        _spoil_an_answer(target, chance)
        time.sleep(chance.uniform(0.2, 3.0))
        target.kill()
        target.start_again()
    target.wait_ready()
    time.sleep(1)


def _spoil_an_answer(target: Installation, chance: random.Random) -> None:
    """Once in a while the platform does what it is told and its answer gets lost."""
    action = chance.choice(["confirm", "decline", "cancel"])
    fault: dict[str, Any] = {"kind": "status", "action": action, "after_applying": True}
    target.platform("faults", fault)


def _wait_until_quiet(target: Installation) -> None:
    engine = engine_of(target)
    deadline = time.monotonic() + QUIET_SECONDS
    quiet = 0
    left: dict[str, int] = {}
    while quiet < 3 and time.monotonic() < deadline:
        left = unsettled(engine) | {"webhooks": target.platform("webhooks")["pending"]}
        quiet = 0 if any(left.values()) else quiet + 1
        time.sleep(0.5)
    engine.dispose()
    assert quiet == 3, f"not quiet after {QUIET_SECONDS:g} s: {left}"


def _report(found: Findings) -> str:
    return ", ".join(f"{name}: {number}" for name, number in found.figures.items())
