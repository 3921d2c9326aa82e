"""A service over the fakes, worked by hand: each test says when deliveries are taken in."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from sqlalchemy import select
from tests.workflows.fakes import NOW, PLATFORMS, FakeConnector, FakeHost, Platform, delivery

from massage_ins_bridge.domain.answers import Outcome as DecisionOutcome
from massage_ins_bridge.settings import Settings
from massage_ins_bridge.store.bookings import Bookings
from massage_ins_bridge.store.decisions import effects_of
from massage_ins_bridge.store.facts import Facts
from massage_ins_bridge.store.inbox import Inbox
from massage_ins_bridge.store.models import (
    BookingRow,
    DecisionRow,
    DeliveryRow,
    EffectRow,
    IntakeRow,
    WakeupRow,
)
from massage_ins_bridge.store.tasks import Tasks, wake
from massage_ins_bridge.workflows.enforce import carry_out
from massage_ins_bridge.workflows.intake import take_in
from massage_ins_bridge.workflows.redecide import pass_deadlines, redecide
from massage_ins_bridge.workflows.service import Service, build_service


class HandClock:
    def __init__(self, now: datetime = NOW) -> None:
        self.moment = now

    def now(self) -> datetime:
        return self.moment


def fake_settings(folder: Path, url: str | None, enforcement: str = "enforce") -> Settings:
    PLATFORMS[str(folder)] = Platform()
    account = {
        "name": "desk",
        "connector": "fake",
        "enforcement": enforcement,
        "base_url": "https://platform.example",
        "options": {"platform": str(folder)},
        "services": {
            "1": {"service": "medical-massage", "self_pay": False},
            "2": {"service": "relaxation", "self_pay": True},
        },
    }
    return Settings(data_dir=folder, database_url=cast(Any, url), accounts=cast(Any, [account]))


@dataclass
class Bridge:
    service: Service
    clock: HandClock
    host: FakeHost
    platform: Platform
    inbox: Inbox

    def arrive(self, ref: str, kind: str = "requested", **values: Any) -> str:
        """Store one delivery; the platform then has the booking in that state."""
        if not values.get("thin") and kind != "crash":
            told = {k: values[k] for k in ("start", "status", "version") if k in values}
            self.platform.put(ref, **{**told, **values.get("more", {})})
        raw = delivery(ref, kind, **values)
        stored = self.inbox.store("default", "desk", raw.decode(), raw, self.clock.now())
        return asyncio.run(stored).delivery

    def work(self) -> None:
        """All that waits: deliveries, wakeups, effects, in that order."""
        for delivery_id in self.waiting():
            take_in(self.service, delivery_id, attempt=1)
        with self.service.store.read() as session:
            wakeups = session.scalars(select(WakeupRow.id).where(WakeupRow.done_at.is_(None)))
            ids = list(wakeups)
        for wakeup in ids:
            redecide(self.service, wakeup)
        self.write_back()

    def write_back(self) -> None:
        with self.service.store.read() as session:
            queued = select(EffectRow.id).where(EffectRow.state == "queued")
            ids = list(session.scalars(queued.order_by(EffectRow.created_at)))
        for effect in ids:
            carry_out(self.service, effect)

    def waiting(self) -> list[str]:
        with self.service.store.read() as session:
            query = select(DeliveryRow.id).outerjoin(
                IntakeRow, IntakeRow.delivery_id == DeliveryRow.id
            )
            return list(session.scalars(query.where(IntakeRow.delivery_id.is_(None))))

    def take(self, ref: str, kind: str = "requested", **values: Any) -> BookingRow:
        """One delivery, all the way."""
        self.arrive(ref, kind, **values)
        self.work()
        return self.row(ref)

    def row(self, ref: str) -> BookingRow:
        with self.service.store.read() as session:
            row = Bookings(session, self.service.store.vault, "default").by_ref("desk", ref)
            assert row is not None
            return row

    def outcome(self, ref: str) -> DecisionOutcome:
        return cast(DecisionOutcome, self.row(ref).outcome)

    def effects(self, ref: str) -> list[tuple[str, str, str | None]]:
        with self.service.store.read() as session:
            found = effects_of(session, self.row(ref).id)
            return [(e.kind, e.state, e.reached) for e in found]

    def decisions(self, ref: str) -> int:
        with self.service.store.read() as session:
            query = select(DecisionRow).where(DecisionRow.booking_id == self.row(ref).id)
            return len(session.scalars(query).all())

    def tasks(self) -> list[str]:
        with self.service.store.read() as session:
            return sorted(
                t.kind for t in Tasks(session, self.service.store.vault, "default").list()
            )

    def add_fact(self, ref: str, kind: str, data: dict[str, Any]) -> None:
        """A fact from staff, which wakes the client's bookings."""
        patient = self.row(ref).patient_id
        with self.service.store.write() as session:
            now = self.clock.now()
            Facts(session, self.service.store.vault, "default").add(patient, kind, data, now)
            wake(session, "default", patient, f"{kind}-added", now)
        self.work()

    def confirm_coverage(self, ref: str) -> None:
        self.add_fact(ref, "coverage", {"payer": "regence", "staff_confirmed": True})

    def pass_time(self, moment: datetime) -> None:
        self.clock.moment = moment
        for wakeup in pass_deadlines(self.service):
            redecide(self.service, wakeup)
        self.write_back()


def make_bridge(folder: Path, url: str | None, enforcement: str = "enforce") -> Bridge:
    clock, host = HandClock(), FakeHost()
    settings = fake_settings(folder, url, enforcement)
    service = build_service(settings, clock, cast(Any, host), {"fake": FakeConnector})
    return Bridge(service, clock, host, PLATFORMS[str(folder)], Inbox(service.store))
