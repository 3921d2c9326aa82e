"""One seeded life of a clinic: clients and staff act on the platform and at the desk, deliveries
are lost, doubled, late and out of order, the platform fails, clocks jump, the process is killed.

Everything comes from one number: the same seed lives the same life.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

from sqlalchemy import event
from tests.desk.bridge import Bridge
from tests.simulation.engine import Engine, KilledError
from tests.simulation.truth import INSURED, SELF_PAY, UNNAMED, Ledger, Truth

from massage_ins_bridge.api.connectors import PlatformBooking, PlatformError
from massage_ins_bridge.desk import accounts, clock_check
from massage_ins_bridge.desk.deadlines import pass_deadlines
from massage_ins_bridge.desk.parsed import ParsedDeliveries
from massage_ins_bridge.engine.schedules import undone
from massage_ins_bridge.store.models import Base
from massage_ins_bridge.testing.bookings import NOW
from massage_ins_bridge.testing.fake_connector import delivery
from massage_ins_bridge.testing.platform import LIVE, Change, FakePlatform

CLIENTS = ("Ann Lee", "Bo Diaz", "Cy Ode")
#: How often a call to the platform fails, and how often the process dies in it or in a commit.
FAILS, DIES = 0.06, 0.01
#: How often a booking that is there is not shown, once.
HIDES = 0.03
NOT_FOUND = 404
PAUSE = timedelta(0)
#: Tables that say how the installation is, not what it lives through.
KEPT = ("clinics", "seals")


#: What the bridge calls by another name than the platform does.
_AS_THERE = {"replaced": "cancelled"}


class Replica(dict[str, PlatformBooking]):
    """The platform's bookings as its API shows them: a copy that lags behind may not have one yet,
    and a proxy may show nothing."""

    def __init__(self, hidden: Callable[[], bool]) -> None:
        super().__init__()
        self.hidden = hidden

    def get(self, ref: str, default: Any = None) -> Any:  # type: ignore[override]
        return default if self.hidden() else super().get(ref, default)


class World:
    """The platform, its people, the desk and the bridge."""

    def __init__(self, seed: int, bridge: Bridge) -> None:
        self.random = Random(seed)
        self.bridge = bridge
        self.platform = _born_again(bridge)
        self.ledger = Ledger()
        self.now, self.skew = NOW, timedelta(0)
        self.engine = Engine(self.bridge.installation, self.random, lambda: self.now)
        self.waiting: list[tuple[datetime, bytes]] = []
        self.calm = False
        self.said: list[str] = []
        self._journaled = 0
        self.platform.bookings = Replica(self._hidden)
        self.outage: tuple[datetime, int] = (NOW, 0)
        self.platform.after_change = self._written
        self._call, self.platform.call = self.platform.call, self._unsteady
        self.dies_in = (self.bridge.installation.store.engine, "commit", self._commit)
        event.listen(*self.dies_in)

    # --- time

    def let_pass(self, span: timedelta) -> None:
        """Time goes by; whatever falls due meanwhile is done when it does."""
        end = self.now + span
        while True:
            self._settle()
            dues = [at for at, _ in self.waiting]
            if self.engine.next_due is not None:
                dues.append(self.engine.next_due)
            soonest = min(dues, default=end)
            if soonest >= end:
                break
            self._set(max(self.now, soonest))
        self._set(end)
        self._settle()

    def _set(self, moment: datetime) -> None:
        self.now = moment
        self.bridge.clock.moment = moment + self.skew

    def ticks(self) -> float:
        """What a clock that only counts seconds says."""
        return (self.now - NOW).total_seconds()

    def _jump(self) -> None:
        """The machine's clock goes wrong, or is set right."""
        days = self.random.choice((-400, -1, -0.1, 0.1, 1, 17))
        self.skew = timedelta(0) if self.skew else timedelta(days=days)
        self._set(self.now)
        self._say(f"the clock is wrong by {self.skew}")

    def _settle(self) -> None:
        for at, raw in list(self.waiting):
            if at <= self.now:
                self.waiting.remove((at, raw))
                self._deliver(raw)
        self.engine.run_due()

    def sweep(self) -> None:
        """What the engine's schedules do, each minute and at each look."""
        with self.may_die():
            pass_deadlines(self.bridge.installation)
        known = {job.item for job in self.engine.jobs}
        lost = [w for w in undone(self.bridge.installation) if w.item not in known]
        self.engine.start(lost)
        self.engine.look_at_platform("desk")
        self._settle()

    @contextmanager
    def may_die(self) -> Iterator[None]:
        try:
            yield
        except KilledError:
            self.engine.die()

    # --- what goes wrong

    def _chance(self, of: float) -> bool:
        return not self.calm and self.random.random() < of

    def _hidden(self) -> bool:
        """Whether the API shows nothing of a booking that is there."""
        return self._answering() == NOT_FOUND or self._chance(HIDES)

    def _answering(self) -> int:
        until, status = self.outage
        return status if self.now < until and not self.calm else 0

    def _unsteady(self, method: str) -> None:
        if self._chance(DIES):
            raise KilledError
        status = self._answering()
        if status and (status != NOT_FOUND or method in ("changes", "upcoming")):
            raise PlatformError(f"HTTP {status}", status == NOT_FOUND, status)
        if self._chance(FAILS):
            permanent = self.random.random() < 0.2
            raise PlatformError("the platform fails", permanent, 403 if permanent else 503)
        if method in ("confirm", "reject", "cancel") and self._chance(FAILS):
            self.platform.lost_answers = 1
        self._call(method)
        self._tell_time()

    def _tell_time(self) -> None:
        """Each answer of the platform says what time it is."""
        client = self.bridge.installation.accounts["desk"].client
        assert client is not None
        client._heard.time, client._heard.at = self.now, self.ticks()

    def _commit(self, _connection: Any) -> None:
        if self._chance(DIES):
            raise KilledError

    # --- the platform

    def _written(self) -> None:
        """The bridge changed something: it is judged, and the platform tells of it."""
        change: Change = self.platform.journal[-1]
        self._say(f"BRIDGE {change.ref} {change.before} -> {change.after}")
        self.ledger.wrote(change, self.now, PAUSE)
        self._tell(change.ref, {"accepted": "confirmed"}.get(change.after, change.after))

    def _tell(self, ref: str, kind: str, previous: str | None = None) -> None:
        """The platform sends deliveries: none, one or two, now or later, whole or thin."""
        found = self.platform.bookings[ref]
        values = {k: getattr(found, k) for k in ("status", "start", "end", "service_ref", "person")}
        values["recurring"] = found.recurring
        raw = delivery(
            ref,
            kind,
            thin=self.random.random() < 0.3,
            sent_at=self.now,
            previous=previous if self.random.random() < 0.5 else None,
            **{**values, "answers": dict(found.answers)},
        )
        for _ in range(self.random.choices((0, 1, 2), (0 if self.calm else 15, 70, 15))[0]):
            late = self.random.choices((0, 30, 1200, 20_000), (70, 15, 10, 5))[0]
            self.waiting.append((self.now + timedelta(seconds=late), raw))

    def _deliver(self, raw: bytes) -> None:
        now = self.bridge.clock.now()
        stored = self.bridge.inbox.store("default", "desk", raw.decode(), raw, now)
        receipt = asyncio.run(stored)
        if not receipt.duplicate:
            self.engine.add("delivery", receipt.delivery)

    # --- people

    def act(self) -> None:
        """Somebody does something."""
        acts: dict[Callable[[], None], int] = {
            self._book: 5,
            self._move: 2,
            self._call_off: 2,
            self._accept: 3,
            self._decline: 1,
            self._confirm_coverage: 2,
            self._fail: 1,
            self._jump: 1,
        }
        (chosen,) = self.random.choices(list(acts), list(acts.values()))
        chosen()

    def _say(self, words: str) -> None:
        self.said.append(f"{self.now:%m-%d %H:%M} {words}")

    def _standing(self, *states: str) -> Truth | None:
        refs = [
            ref
            for ref, b in self.platform.bookings.items()
            if b.status in (states or LIVE) and b.start > self.now
        ]
        return self.ledger.of[self.random.choice(refs)] if refs else None

    def _book(self) -> None:
        ref = f"b{len(self.ledger.of)}"
        client = self.random.randrange(len(CLIENTS))
        service = self.random.choices((INSURED, SELF_PAY, UNNAMED), (8, 1, 1))[0]
        start = NOW.replace(hour=18) + timedelta(days=self.random.randrange(1, 16))
        start = max(start, self.now.replace(hour=18) + timedelta(days=1))
        self._put(ref, client, service, start)
        self._tell(ref, "requested")

    def _fail(self) -> None:
        """The platform's front answers nothing but an error for a while."""
        minutes, status = self.random.choice((1, 5, 90)), self.random.choice((503, NOT_FOUND))
        self.outage = (self.now + timedelta(minutes=minutes), status)
        self._say(f"the platform answers {status} for {minutes} minutes")

    def _put(self, ref: str, client: int, service: str, start: datetime, **more: Any) -> None:
        self.ledger.of[ref] = Truth(ref, client, service, start, self.now)
        name = CLIENTS[client]
        self.platform.put(
            ref,
            name=name,
            email=f"{name.split()[0].lower()}@example.com",
            service_ref=service,
            start=start,
            **more,
        )
        self._say(f"{name} books {ref} ({service}) for {start:%m-%d}")

    def _move(self) -> None:
        """A move makes a new booking of it; the old one is called off on the platform."""
        old = self._standing()
        if old is None:
            return
        ref = f"b{len(self.ledger.of)}"
        start = max(old.start, self.now) + timedelta(days=self.random.randrange(1, 6))
        self.platform.put(old.ref, status="cancelled")
        self._put(ref, old.client, old.service, start, previous_ref=old.ref)
        self._say(f"… by moving {old.ref}")
        if self.random.random() < 0.5:
            self._tell(old.ref, "cancelled")
        self._tell(ref, "rescheduled", previous=old.ref)

    def _change(self, status: str, kind: str, by: str, *states: str) -> Truth | None:
        truth = self._standing(*states)
        if truth is not None:
            self.platform.put(truth.ref, status=status)
            self._say(f"{by} {kind} {truth.ref}")
            self._tell(truth.ref, kind)
        return truth

    def _call_off(self) -> None:
        self._change("cancelled", "cancelled", "the client")

    def _accept(self) -> None:
        truth = self._change("accepted", "confirmed", "staff", "pending")
        if truth is not None:
            truth.let_stand = True

    def _decline(self) -> None:
        self._change("rejected", "rejected", "staff", "pending")

    def _confirm_coverage(self) -> None:
        truth = self._standing()
        if truth is None or not truth.ours or truth.client in self.ledger.cured:
            return
        with self.bridge.installation.read() as record:
            row = record.bookings.by_ref("desk", truth.ref)
        if row is None:
            return  # the desk does not see it yet
        self._say(f"staff confirms the coverage of {CLIENTS[truth.client]}")
        self.ledger.cured.add(truth.client)
        with self._steady():
            self.bridge.confirm_coverage_alone(truth.ref)

    @contextmanager
    def _steady(self) -> Iterator[None]:
        """What staff does is done: a fault would be shown to them."""
        calm, self.calm = self.calm, True
        yield
        self.calm = calm

    # --- the end

    def quiet(self) -> None:
        """Nothing fails any more; what waits is done, and the platform is looked at."""
        self.calm, self.skew = True, timedelta(0)
        for _ in range(2):
            self.let_pass(timedelta(hours=11))
            self.sweep()
        for found in self.platform.bookings.values():
            if found.start > self.now and self.ledger.of[found.ref].ours:
                self.ledger.faults += self.ledger.judge(found, self.now)
                self.ledger.faults += self._compare(found.ref)
        left = undone(self.bridge.installation)
        if left:
            self.ledger.faults.append(f"never done: {left}")

    def _compare(self, ref: str) -> Iterator[str]:
        found = self.platform.bookings[ref]
        with self.bridge.installation.read() as record:
            row = record.bookings.by_ref("desk", ref)
        if row is None:
            yield f"{ref}: the bridge does not know it"
        elif (_AS_THERE.get(row.platform_status, row.platform_status), row.start_at) != (
            found.status,
            found.start,
        ):
            yield f"{ref}: {found.status} there, {row.platform_status} here"


def live(seed: int, bridge: Bridge) -> World:
    """The life of a seed; ``ledger.faults`` say what was amiss with it."""
    world = World(seed, bridge)
    ticking = SimpleNamespace(monotonic=world.ticks)
    try:
        accounts.time = clock_check.time = ticking  # type: ignore[assignment]
        for _ in range(world.random.randrange(2, 7)):
            with world.may_die():
                world.act()
            world.let_pass(timedelta(hours=world.random.choice((0, 0.01, 0.3, 3, 20, 44))))
            if world.random.random() < 0.4:
                world.sweep()
        world.quiet()
    finally:
        accounts.time = clock_check.time = time
        event.remove(*world.dies_in)
    return world


def _born_again(bridge: Bridge) -> FakePlatform:
    """One installation lives all lives, each from nothing: opening a database costs more than a
    life does."""
    with bridge.installation.store.write() as session:
        for table in reversed(Base.metadata.sorted_tables):
            if table.name not in KEPT:
                session.execute(table.delete())
    bridge.clock.moment = NOW
    bridge.installation.parsed = ParsedDeliveries()
    platform = bridge.platform
    platform.__init__()  # type: ignore[misc]
    return platform


def told(world: World) -> str:
    """The life in words."""
    return json.dumps({"faults": world.ledger.faults, "life": world.said}, indent=1)
