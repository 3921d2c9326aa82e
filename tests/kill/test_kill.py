"""``kill -9`` at random moments, under load, again and again: one service alone on SQLite, and any
of three that share a PostgreSQL database, where the living carry on what the dead have begun.

``TEST_KILLS`` says how often (3 otherwise).
"""

import os
import random
import time
from pathlib import Path
from typing import Any

import pytest

from .findings import Findings, engine_of, look, looks_left, unsettled
from .fleet import Fleet, fleet
from .load import Load

KILLS = int(os.environ.get("TEST_KILLS", "3"))
#: Enough for what the dead have begun to be taken over, and for its next tries.
QUIET_SECONDS = 240.0
pytestmark = [pytest.mark.slow, pytest.mark.timeout(QUIET_SECONDS + 240 + 30 * KILLS)]


@pytest.mark.parametrize("size", [1, pytest.param(3, marks=pytest.mark.postgres)])
def test_nothing_is_lost_or_done_twice(
    size: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("bare_postgres_url") if size > 1 else ""
    with fleet(tmp_path, size, database_url=url) as target:
        chance, load = random.Random(), Load(target)
        load.start()
        try:
            _kill_again_and_again(target, chance)
        finally:
            load.stop()
        took = _wait_until_quiet(target, chance)
        target.stop()
        found = look(target, load)
    print(f"{_report(found)}, seconds until all was quiet: {took:.1f}")
    assert found.wrong == []
    assert load.answered
    assert found.figures["writing calls that took effect"]


def _kill_again_and_again(target: Fleet, chance: random.Random) -> None:
    """Most lives are ended while all work, some while one still starts."""
    for _ in range(KILLS):
        if chance.random() < 0.75:
            target.wait_ready()
        target.installation.check()
        _spoil_an_answer(target, chance)
        time.sleep(chance.uniform(0.2, 3.0))
        target.kill_one(chance)
    target.wait_ready()
    time.sleep(1)


def _spoil_an_answer(target: Fleet, chance: random.Random) -> None:
    """Once in a while the platform does what it is told and its answer gets lost."""
    action = chance.choice(["confirm", "decline", "cancel"])
    fault: dict[str, Any] = {"kind": "status", "action": action, "after_applying": True}
    target.platform("faults", fault)


def _wait_until_quiet(target: Fleet, chance: random.Random) -> float:
    """Until nothing is left to do; how many seconds that took."""
    began = time.monotonic()
    target.wait_ready()
    engine = engine_of(target)
    quiet = 0
    left: dict[str, int] = {}
    while quiet < 3 and time.monotonic() < began + QUIET_SECONDS:
        target.installation.check()
        target.installation.send_webhooks_to(target.address(chance))
        left = unsettled(engine) | {"webhooks": target.platform("webhooks")["pending"]}
        quiet = 0 if any(left.values()) else quiet + 1
        time.sleep(0.5)
    looks = looks_left(engine)
    engine.dispose()
    assert quiet == 3, f"not quiet after {QUIET_SECONDS:g} s: {left}; {looks}"
    return time.monotonic() - began


def _report(found: Findings) -> str:
    return ", ".join(f"{name}: {number}" for name, number in found.figures.items())
