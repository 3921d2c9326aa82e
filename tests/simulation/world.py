"""One seeded life of a clinic: clients and staff act on the platform and at the desk, deliveries
are lost, doubled, late and out of order, the platform fails, clocks jump, the process is killed.

Everything comes from one number: the same seed lives the same life.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any, cast

from sqlalchemy import event, select
from tests.desk.bridge import Bridge
from tests.simulation.at_rest import amiss
from tests.simulation.engine import Engine, KilledError
from tests.simulation.truth import Ledger, Truth

from massage_ins_bridge.api.connectors import PlatformBooking, PlatformError
from massage_ins_bridge.desk.accounts import Account
from massage_ins_bridge.desk.deadlines import pass_deadlines
from massage_ins_bridge.desk.tasks import TaskKind, finish
from massage_ins_bridge.engine.schedules import undone
from massage_ins_bridge.store.models import BookingRow
from massage_ins_bridge.store.task_models import TaskRow
from massage_ins_bridge.testing.bookings import NOW
from massage_ins_bridge.testing.fake_connector import delivery
from massage_ins_bridge.testing.platform import Change

#: How often a call to the platform fails, and how often the process dies in it or in a commit.
FAILS, DIES = 0.06, 0.01
#: How often a booking that is there is not shown, once.
HIDES = 0.03
NOT_FOUND = 404
PAUSE = timedelta(minutes=15)


class Replica(dict[str, PlatformBooking]):
    """The platform's bookings as its API shows them: a copy that lags behind may not have one yet,
    and a proxy may show nothing."""

    def __init__(self, hidden: Callable[[], bool]) -> None:
        super().__init__()
        self.hidden = hidden

    def get(self, ref: str, default: Any = None) -> Any:
        return default if self.hidden() else super().get(ref, default)


class World:
    """The platform, its people, the desk and the bridge."""

    def __init__(self, seed: int, bridge: Bridge) -> None:
        self.random = Random(seed)
        self.bridge = bridge
        cancels = self._settle_settings()
        self.platform = bridge.platform
        self.ledger = Ledger(cancels=cancels)
        self.now, self.skew = NOW, timedelta(0)
        self.engine = Engine(self.bridge.installation, self.random, lambda: self.now)
        self.waiting: list[tuple[datetime, bytes]] = []
        self.calm = self._asked = False
        self.said: list[str] = []
        #: Seeds that failed before there were seats live without them, as they did then.
        self.seats = seed % 10 == 1
        self._journaled = 0
        self.platform.bookings = Replica(self._hidden)
        self.outage: tuple[datetime, int] = (NOW, 0)
        self.platform.after_change = self._written
        self._call = self.platform.call
        self.platform.call = self._unsteady  # type: ignore[method-assign]
        self.dies_in = (self.bridge.installation.store.engine, "commit", self._commit)
        event.listen(*self.dies_in)

    def _settle_settings(self) -> bool:
        """Some clinics have cancelled what the platform accepted by itself."""
        cancels = self.random.random() < 0.5
        accounts = cast(dict[str, Account], self.bridge.installation.accounts)
        settings = accounts["desk"].settings.model_copy(update={"cancel_accepted": cancels})
        accounts["desk"] = replace(accounts["desk"], settings=settings)
        return cancels

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
            self.set_time(max(self.now, soonest))
        self.set_time(end)
        self._settle()

    def set_time(self, moment: datetime) -> None:
        self.now = moment
        self.bridge.clock.moment = moment + self.skew

    def ticks(self) -> float:
        """What a clock that only counts seconds says."""
        return (self.now - NOW).total_seconds()

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
        asked, self._asked = self._asked, False
        return asked and (self._answering() == NOT_FOUND or self._chance(HIDES))

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
        self._asked = method in ("fetch", "confirm", "reject", "cancel")
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
        self.say(f"BRIDGE {change.ref} {change.before} -> {change.after}")
        self.ledger.wrote(change, self.now, PAUSE)
        self.tell(change.ref, {"accepted": "created"}.get(change.after, change.after))

    def tell(self, ref: str, kind: str, previous: str | None = None) -> None:
        """The platform sends deliveries: none, one or two, now or later, whole or thin."""
        found = self.platform.bookings[ref]
        values = {k: getattr(found, k) for k in ("status", "start", "end", "service_ref", "person")}
        values |= {k: getattr(found, k) for k in ("recurring", "host_refs")}
        raw = delivery(
            ref,
            kind,
            thin=self.random.random() < 0.3 or ref in self.platform.seated,
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

    # --- the desk

    def say(self, words: str) -> None:
        self.said.append(f"{self.now:%m-%d %H:%M} {words}")

    def at_the_desk(self, truth: Truth | None) -> BookingRow | None:
        """A booking as the desk knows it."""
        if truth is None:
            return None
        with self.bridge.installation.read() as record:
            return record.bookings.by_ref("desk", truth.ref)

    @contextmanager
    def steady(self) -> Iterator[None]:
        """What staff does is done: a fault would be shown to them."""
        calm, self.calm = self.calm, True
        yield
        self.calm = calm

    # --- the end

    def quiet(self) -> None:
        """Nothing fails any more; what waits is done, and the platform is looked at."""
        self.calm, self.skew = True, timedelta(0)
        for hours in (11, 11, 0.1):
            self._rest(hours)
        self.sweep()  # what the last look leaves to be done is done
        found = amiss(self)
        if found:  # looks are seldom here: what the next ones set right is no fault
            for hours in (11, 0.1, 11, 0.1):
                self._rest(hours)
            found = amiss(self)
        self.ledger.faults += found

    def _rest(self, hours: float) -> None:
        self.let_pass(timedelta(hours=hours))
        self.sweep()
        self._set_right()

    def _set_right(self) -> None:
        """Staff has set the clock right, and says so where it is asked to."""
        with self.bridge.installation.write() as record:
            asked = (TaskRow.kind == TaskKind.CLOCK_WRONG, TaskRow.done_at.is_(None))
            tasks = record.session.scalars(select(TaskRow).where(*asked)).all()
            for task in tasks:
                finish(record, task.id)
        if tasks:
            self.sweep()
