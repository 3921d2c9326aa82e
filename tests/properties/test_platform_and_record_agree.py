"""Whatever becomes of deliveries and looks: after quiet, the platform and the record agree, and
nobody was refused, and nothing confirmed, that should not have been."""

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.databases import memory_folder
from tests.desk.bridge import Bridge, make_bridge
from tests.simulation.life import born_again

from massage_ins_bridge.api.connectors import PlatformError, PlatformGoneError
from massage_ins_bridge.desk.platform_state import Try
from massage_ins_bridge.desk.reconcile import reconcile
from massage_ins_bridge.desk.take_in import Next
from massage_ins_bridge.testing.bookings import START

REFS = ("a", "b", "c")
FAULTS = (PlatformError("no answer"), PlatformGoneError("not found", True, 404))
#: By what a client or the clinic does on the platform: what may be told of it.
ACTS = {"pending": "requested", "accepted": "created", "cancelled": "cancelled"}


class Story:
    """One seed's course of things."""

    def __init__(self, bridge: Bridge, seed: int) -> None:
        self.bridge, self.chance = bridge, random.Random(seed)
        self.tries: dict[str, Try] = {}
        self.late: list[tuple[str, str, dict[str, object]]] = []

    def act(self) -> None:
        """Somebody books, accepts, cancels or moves, and the platform may tell of it."""
        ref, chance = self.chance.choice(REFS), self.chance
        known = self.bridge.platform.bookings.get(ref)
        status = "pending" if known is None else chance.choice(("accepted", "cancelled", "pending"))
        if known is not None and known.status == "cancelled":
            return
        start = START + timedelta(days=REFS.index(ref), hours=chance.choice((0, 0, 3)))
        state = {"status": status, "start": start, "service_ref": "2"}
        self.bridge.platform.put(ref, **state)
        for _ in range(chance.choice((0, 1, 1, 2))):
            self.late.append((ref, ACTS[status], state))

    def deliver(self) -> None:
        """One delivery, out of order, thin or whole, stamped by a clock of its own."""
        if not self.late:
            return
        ref, kind, state = self.late.pop(self.chance.randrange(len(self.late)))
        before = self.bridge.platform.bookings[ref]
        sent = self.bridge.clock.moment + timedelta(minutes=self.chance.randint(-50, 50))
        thin = self.chance.random() < 0.5
        self.bridge.arrive(ref, kind, thin=thin, sent_at=sent, **state)
        self.bridge.platform.bookings[ref] = before

    def work(self) -> None:
        """One try at everything that waits; some look fails, some word comes first."""
        for delivery in self.bridge.waiting():
            attempt = self.tries.get(delivery, Try())
            word = self.chance.random() < 0.2
            taken = self.bridge.take_in(delivery, Try(told=True) if word else attempt)
            if not word and taken.next is Next.AGAIN:
                self.tries[delivery] = Try(attempt.number + 1, absent=taken.absent)
        self.bridge.look_again()
        self.bridge.write_back()

    def step(self) -> None:
        self.bridge.clock.moment += timedelta(minutes=self.chance.choice((0, 0, 1, 20)))
        if self.chance.random() < 0.4:
            self.bridge.platform.faults = [self.chance.choice(FAULTS)]
        self.chance.choice((self.act, self.act, self.deliver, self.deliver, self.work))()

    def quiet(self) -> None:
        """Nothing happens any more; the platform answers, and time goes by."""
        self.bridge.platform.faults = []
        while self.late:
            self.deliver()
        for _ in range(6):
            self.bridge.clock.moment += timedelta(hours=2)
            reconcile(self.bridge.installation, "desk")
            self.work()
            self.bridge.work()


@pytest.fixture(scope="module")
def bridge() -> Iterator[Bridge]:
    with memory_folder() as folder:
        made = make_bridge(folder, None)
        yield made
        made.close()


def tell(bridge: Bridge, seed: int) -> None:
    born_again(bridge)
    story = Story(bridge, seed)
    for _ in range(24):
        story.step()
    story.quiet()
    for ref, shown in bridge.platform.bookings.items():
        row = bridge.row(ref)
        found = (row.platform_status, row.start_at, row.to_read)
        assert found == (shown.status, shown.start, False), (seed, ref)
    ended = [change for change in bridge.platform.journal if change.before != "pending"]
    assert ended == [], seed


@pytest.mark.parametrize("seeds", [range(8)])
def test_after_quiet_they_agree(bridge: Bridge, seeds: range) -> None:
    for seed in seeds:
        tell(bridge, seed)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, 200, 10))
def test_after_quiet_they_agree_for_many(bridge: Bridge, first: int) -> None:
    for seed in range(first, first + 10):
        tell(bridge, 1000 + seed)
