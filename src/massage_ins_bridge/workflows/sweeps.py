"""The schedules: one thread that wakes each minute, or at once when the clock was moved.

Nothing here decides or writes back: it only starts the runs of what a crash, a full queue or a
passed deadline left to do. Starting a run twice is starting it once.
"""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select, update

from ..store.models import DeliveryRow, EffectRow, IntakeRow, WakeupRow
from .effects import planned
from .faults import describe
from .redecide import enforce_observed, pass_deadlines
from .runner import Runner, forget_finished_runs
from .runs import SETTLED, bury_the_dead, start_effect, start_reconcile
from .service import Service

log = structlog.get_logger(__name__)
EVERY, AFTER_A_FAULT = 60.0, 10.0
BATCH = 5_000


class Sweeper:
    """Starts what waits. ``poke`` makes it look at once."""

    def __init__(self, service: Service, runner: Runner) -> None:
        self._service = service
        self._runner = runner
        self._poked = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="mib-sweeper", daemon=True)
        self._polled: dict[str, datetime] = {}
        self._swept: datetime | None = None
        self._began = time.monotonic()

    def start(self) -> None:
        self._thread.start()

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def poke(self) -> None:
        self._poked.set()

    def stop(self) -> None:
        self._stopping.set()
        self._poked.set()
        self._thread.join(timeout=10)

    def _serve(self) -> None:
        while not self._stopping.is_set():
            self._poked.clear()
            wait = EVERY
            try:
                self.sweep()
                wait = self._next_look()
            except Exception as error:  # noqa: BLE001 - the next sweep may do better
                log.error("sweep failed", error=describe(error))
                wait = AFTER_A_FAULT
            self._poked.wait(wait)

    def sweep(self) -> None:
        """One look at everything that may wait."""
        if time.monotonic() - self._began > SETTLED:  # until then runs are still being taken up
            bury_the_dead(self._service.settings.worker_name)
        wakeups = pass_deadlines(self._service)
        if self._swept is None:  # settings change only with a start
            wakeups += enforce_observed(self._service)
        for wakeup in wakeups:
            self._runner.want("redecide", wakeup)
        self._start_waiting()
        self._reconcile()
        self._forget()

    def _next_look(self) -> float:
        """A minute, or less where an effect is to be tried again sooner."""
        with self._service.store.read() as session:
            soonest = session.scalar(
                select(EffectRow.next_try_at)
                .where(EffectRow.state == "queued")
                .order_by(EffectRow.next_try_at)
                .limit(1)
            )
        if soonest is None:
            return EVERY
        wait = (soonest - self._service.clock.now()).total_seconds()
        return min(EVERY, max(5.0, wait))

    def _start_waiting(self) -> None:
        now = self._service.clock.now()
        with self._service.store.read() as session:
            deliveries = session.scalars(
                select(DeliveryRow.id)
                .outerjoin(IntakeRow, IntakeRow.delivery_id == DeliveryRow.id)
                .where(IntakeRow.delivery_id.is_(None), DeliveryRow.raw_sealed.is_not(None))
                .order_by(DeliveryRow.received_at)
                .limit(BATCH)
            ).all()
            wakeups = session.scalars(
                select(WakeupRow.id).where(WakeupRow.done_at.is_(None)).limit(BATCH)
            ).all()
            effects = session.scalars(
                select(EffectRow)
                .where(EffectRow.state == "queued", EffectRow.next_try_at <= now)
                .limit(BATCH)
            ).all()
        for delivery in deliveries:
            self._runner.want("intake", delivery)
        for wakeup in wakeups:
            self._runner.want("redecide", wakeup)
        for effect in effects:
            if effect.account in self._service.accounts:
                start_effect(planned(effect))

    def _reconcile(self) -> None:
        now = self._service.clock.now()
        for name, account in self._service.accounts.items():
            every = timedelta(minutes=account.settings.poll_minutes)
            last = self._polled.get(name)
            if account.can("changes") and (last is None or abs(now - last) >= every):
                self._polled[name] = now
                start_reconcile(name, f"{now:%Y%m%dT%H%M}")

    def _forget(self) -> None:
        """Once a day: finished runs, and the bodies of deliveries long dealt with."""
        now = self._service.clock.now()
        if self._swept is not None and now - self._swept < timedelta(days=1):
            return
        self._swept = now
        keep = timedelta(days=self._service.settings.retention_days)
        forget_finished_runs(now - keep)
        done = select(IntakeRow.delivery_id).where(IntakeRow.done_at < now - keep)
        with self._service.store.write() as session:
            session.execute(
                update(DeliveryRow)
                .where(DeliveryRow.id.in_(done), DeliveryRow.raw_sealed.is_not(None))
                .values(raw_sealed=None)
            )
