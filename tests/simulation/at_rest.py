"""What is amiss at the end of a life, when nothing fails any more and all ought to say the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from massage_ins_bridge.api.connectors import PlatformBooking
from massage_ins_bridge.desk.tasks import TaskKind
from massage_ins_bridge.engine.schedules import undone
from massage_ins_bridge.store.writes import OPEN
from massage_ins_bridge.testing.platform import LIVE

if TYPE_CHECKING:
    from tests.simulation.world import World

#: After how long staff is asked what became of a booking, and by which tasks.
CLOSED_BY = timedelta(hours=3, minutes=1)
_UNREAD = (TaskKind.UNREADABLE_BOOKING, TaskKind.UNREADABLE_DELIVERY)
_UNMARKED = {TaskKind.VISIT_NOT_CLOSED, TaskKind.HOLD_BEGUN}
#: What the bridge calls by another name than the platform does.
_AS_THERE = {"replaced": "cancelled"}


def amiss(world: World) -> list[str]:
    """What is not as it should be, in words; nothing may wait any more."""
    found: list[str] = []
    for booking in world.platform.bookings.values():
        truth = world.ledger.of[booking.ref]
        if booking.start <= world.now or not truth.ours:
            continue
        if truth.seated:
            found += _asked(world, booking)
        else:
            found += world.ledger.judge(booking)
            found += _compare(world, booking.ref)
    left = undone(world.bridge.installation)
    return [*found, *_tasks(world), *_charts(world), *([f"never done: {left}"] if left else ())]


def _tasks(world: World) -> Iterator[str]:
    """Staff is asked about what the rules block and the bridge leaves alone, and about what
    became of a visit whose time has passed."""
    for found in world.platform.bookings.values():
        truth = world.ledger.of[found.ref]
        row = world.at_the_desk(truth)
        if row is None or row.outcome is None or found.status not in LIVE or truth.seated:
            continue
        with world.bridge.installation.read() as record:
            tasks = record.tasks.of_bookings([row.id]).get(row.id, [])
            writes = record.writes.of_bookings([row.id]).get(row.id, [])
        kinds = {task.kind for task in tasks if task.done_at is None}
        if found.start > world.now:
            waits = any(w.kind == "block" and w.state in OPEN for w in writes)
            if row.outcome == "block" and not (waits or TaskKind.BLOCK_BY_HAND in kinds):
                yield f"{found.ref}: it may not stand, and nobody is asked"
        elif found.start + CLOSED_BY < world.now and kinds.isdisjoint(_UNMARKED):
            yield f"{found.ref}: its time has passed, and nobody asks what became of it"


def _charts(world: World) -> Iterator[str]:
    """Each client has one chart: nobody else's, unless staff says that they are one."""
    of: dict[int, set[str]] = {}
    for truth in world.ledger.of.values():
        row = world.at_the_desk(truth)
        if row is not None:
            of.setdefault(world.ledger.chart(truth.client), set()).add(row.patient_id)
    charts = [chart for found in of.values() for chart in found]
    if any(len(found) > 1 for found in of.values()) or len(charts) > len(set(charts)):
        yield f"charts are not their clients': {of}"


def _asked(world: World, found: PlatformBooking) -> Iterator[str]:
    """A booking with several clients is staff's."""
    with world.bridge.installation.read() as record:
        asked = any(record.tasks.is_open(kind, f"desk:{found.ref}") for kind in _UNREAD)
    if found.status in LIVE and not asked:
        yield f"{found.ref}: it has several clients, and nobody is asked"


def _compare(world: World, ref: str) -> Iterator[str]:
    found = world.platform.bookings[ref]
    with world.bridge.installation.read() as record:
        row = record.bookings.by_ref("desk", ref)
    if row is None:
        yield f"{ref}: the bridge does not know it"
    elif (_AS_THERE.get(row.platform_status, row.platform_status), row.start_at) != (
        found.status,
        found.start,
    ):
        here = f"{row.platform_status} {row.start_at:%m-%d}"
        yield f"{ref}: {found.status} {found.start:%m-%d} there, {here} here"
