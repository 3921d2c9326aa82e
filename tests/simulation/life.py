"""A life from its first day to its last."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace

from sqlalchemy import event
from tests.databases import memory_folder
from tests.desk.bridge import Bridge, make_bridge
from tests.simulation.people import People
from tests.simulation.truth import HOST, INSURED, SELF_PAY, WALK_IN
from tests.simulation.world import World

from massage_ins_bridge.desk import clock_check
from massage_ins_bridge.desk.first_look import first_look
from massage_ins_bridge.desk.going_live import go_live
from massage_ins_bridge.desk.parsed import ParsedDeliveries
from massage_ins_bridge.hooks import platform_answers
from massage_ins_bridge.store.models import Base
from massage_ins_bridge.testing.bookings import NOW

#: Settings of the account: refusals wait as they usually do, and one host is named.
ACCOUNT = {
    "refuse_after_minutes": 15,
    "refuse_in_office_hours": True,
    "services": {
        INSURED: {"service": "medical-massage", "self_pay": False},
        SELF_PAY: {"service": "relaxation", "self_pay": True},
        WALK_IN: {"service": "walk-in", "self_pay": False},
    },
    "practitioners": {HOST: "mira"},
}
#: How many things happen in a life: mostly few, so that many lives are lived.
ACTS = (2, 3, 4, 5, 6, 12)
#: Tables that say how the installation is, not what it lives through.
KEPT = ("clinics", "seals")


@contextmanager
def clinic() -> Iterator[Bridge]:
    """An installation to live in."""
    with memory_folder() as folder:
        made = make_bridge(folder, None, account=ACCOUNT)
        yield made
        made.close()


def live(seed: int, bridge: Bridge, *, harm: bool = False) -> World:
    """The life of a seed; ``ledger.faults`` say what was amiss with it. With ``harm`` every booking
    is declined as if the bridge had done it."""
    born_again(bridge)
    world = World(seed, bridge)
    people = People(world)
    ticking = SimpleNamespace(monotonic=world.ticks)
    try:
        count_with(ticking)
        for _ in range(world.random.choice(ACTS)):
            with world.may_die():
                people.act()
            if harm:
                people.do_harm()
            world.let_pass(timedelta(hours=world.random.choice((0, 0.01, 0.3, 3, 20, 44))))
            if world.random.random() < 0.4:
                world.sweep()
        world.quiet()
    finally:
        count_with(time)
        event.remove(*world.dies_in)
    return world


def count_with(module: object) -> None:
    """Whoever counts seconds counts those of the life."""
    for counting in (platform_answers, clock_check):
        setattr(counting, "time", module)  # noqa: B010 - a module's own name


def born_again(bridge: Bridge) -> None:
    """Make an installation over, but for its settings. One lives all lives, each from nothing:
    opening a database costs more than a life does."""
    with bridge.installation.store.write() as session:
        for table in reversed(Base.metadata.sorted_tables):
            if table.name not in KEPT:
                session.execute(table.delete())
    bridge.clock.moment = NOW
    bridge.tries.clear()
    bridge.installation.parsed = ParsedDeliveries()
    bridge.installation.clock_wrong = False
    platform = bridge.platform
    platform.__init__()  # type: ignore[misc]
    vars(platform).pop("call", None)  # the last life's
    go_live(bridge.installation)
    first_look(bridge.installation, "desk")


def told(world: World) -> str:
    """The life in words."""
    return json.dumps({"faults": world.ledger.faults, "life": world.said}, indent=1)
