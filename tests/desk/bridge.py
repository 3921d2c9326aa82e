"""An installation over the fake platform, worked by hand: each test says what is done when."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from tests.databases import fresh_sqlite, settings_of
from tests.two_rules import KNOBS, Knobs, two_rules_host

from massage_ins_bridge.api import Case
from massage_ins_bridge.desk.bookings import change_booking
from massage_ins_bridge.desk.chart import add_fact
from massage_ins_bridge.desk.deadlines import pass_deadlines
from massage_ins_bridge.desk.decide import decide_again
from massage_ins_bridge.desk.first_look import entered_by_hand, first_look
from massage_ins_bridge.desk.going_live import go_live
from massage_ins_bridge.desk.installation import Installation, build_installation
from massage_ins_bridge.desk.look_again import look_again
from massage_ins_bridge.desk.platform_state import Try
from massage_ins_bridge.desk.take_in import Next, Taken, take_in
from massage_ins_bridge.desk.write_back import Again, WriteTry, write_back
from massage_ins_bridge.hooks.host import Host
from massage_ins_bridge.settings import Settings
from massage_ins_bridge.store.bookings import Details
from massage_ins_bridge.store.inbox import Inbox
from massage_ins_bridge.store.look_rows import LookRow
from massage_ins_bridge.store.models import BookingRow, DecisionRow, DeliveryRow, WriteRow
from massage_ins_bridge.store.record import Work
from massage_ins_bridge.store.task_models import TaskRow, WakeupRow
from massage_ins_bridge.testing.bookings import NOW, SECRET
from massage_ins_bridge.testing.fake_connector import FakeConnector, FakeTelling, delivery
from massage_ins_bridge.testing.platform import PLATFORMS, FakePlatform


class HandClock:
    def __init__(self, now: datetime = NOW) -> None:
        self.moment = now

    def now(self) -> datetime:
        return self.moment


#: Refusals are carried out at once, unless a test is about their waiting.
AT_ONCE = {"refuse_after_minutes": 0, "refuse_in_office_hours": False}


def fake_settings(
    folder: Path, url: str | None, enforcement: str = "enforce", **more: Any
) -> Settings:
    """One account on a fake platform, and a database that needs no migrating; ``more`` are
    settings of the account."""
    PLATFORMS[str(folder)] = FakePlatform()
    fresh_sqlite(folder)
    account = {
        "name": "desk",
        "connector": "fake",
        "enforcement": enforcement,
        "base_url": "https://platform.example",
        "webhook_secret": SECRET,
        "options": {"platform": str(folder)},
        "services": {
            "1": {"service": "medical-massage", "self_pay": False},
            "2": {"service": "relaxation", "self_pay": True},
        },
        **AT_ONCE,
        **more,
    }
    return settings_of(folder, url, accounts=[account])


@dataclass
class Bridge:
    installation: Installation
    clock: HandClock
    platform: FakePlatform
    inbox: Inbox
    knobs: Knobs = field(default_factory=lambda: KNOBS)
    #: By write, the next try at it.
    tries: dict[str, WriteTry] = field(default_factory=dict)
    started: list[Work] = field(default_factory=list)

    def arrive(self, ref: str, kind: str = "requested", **values: Any) -> str:
        """Store one delivery; the platform then has the booking in that state, unless the delivery
        is thin."""
        about = {k: v for k, v in values.items() if k not in ("thin", "sent_at", "previous")}
        if not values.get("thin") and kind != "crash":
            self.platform.put(ref, **about)
        now = self.installation.clock.now()
        values.setdefault("sent_at", now)
        raw = delivery(ref, kind, **values)
        stored = self.inbox.store("default", "desk", raw.decode(), raw, now)
        return asyncio.run(stored).delivery

    def take_in(self, delivery_id: str, attempt: Try = Try()) -> Taken:  # noqa: B008 - frozen
        return take_in(self.installation, delivery_id, attempt)

    def work(self) -> None:
        """All that waits: deliveries (looked at again where need be), wakeups, writes."""
        for delivery_id in self.waiting():
            taken, looks = self.take_in(delivery_id), 0
            while taken.next is Next.AGAIN and taken.absent > looks:
                looks = taken.absent
                taken = self.take_in(delivery_id, Try(looks + 1, looks))
        with self.installation.store.read() as session:
            ids = list(session.scalars(select(WakeupRow.id).where(WakeupRow.done_at.is_(None))))
        for wakeup in ids:
            decide_again(self.installation, wakeup)
        self.write_back()

    def look_again(self) -> None:
        """All looks that are due by now."""
        with self.installation.store.read() as session:
            ids = list(session.scalars(select(LookRow.id).order_by(LookRow.due_at)))
        for look_id in ids:
            look_again(self.installation, look_id)

    def looks(self) -> dict[str, timedelta]:
        """By booking that is to be read again, in how long."""
        now = self.installation.clock.now()
        with self.installation.store.read() as session:
            return {row.ref: row.due_at - now for row in session.scalars(select(LookRow))}

    def write_back(self) -> None:
        """One try at each write that is wanted."""
        with self.installation.store.read() as session:
            queued = select(WriteRow).where(WriteRow.state == "queued")
            rows = list(session.scalars(queued.order_by(WriteRow.created_at)))
        for row in rows:
            attempt = self.tries.get(row.id, WriteTry())
            again = write_back(self.installation, row.id, attempt)
            absent = again.absent if again is not None else 0
            self.tries[row.id] = WriteTry(attempt.number + 1, absent)
            if again is None:
                del self.tries[row.id]

    def try_write(self, attempt: WriteTry = WriteTry()) -> Again | None:  # noqa: B008 - frozen
        """One try at the one write that is wanted."""
        with self.installation.store.read() as session:
            (row,) = session.scalars(select(WriteRow).where(WriteRow.state == "queued"))
        return write_back(self.installation, row.id, attempt)

    def waiting(self) -> list[str]:
        with self.installation.store.read() as session:
            return list(
                session.scalars(select(DeliveryRow.id).where(DeliveryRow.done_at.is_(None)))
            )

    def take(self, ref: str, kind: str = "requested", **values: Any) -> BookingRow:
        """One delivery, all the way."""
        self.arrive(ref, kind, **values)
        self.work()
        return self.row(ref)

    def row(self, ref: str) -> BookingRow:
        with self.installation.read() as record:
            row = record.bookings.by_ref("desk", ref)
            assert row is not None
            return row

    def details(self, ref: str) -> Details:
        with self.installation.read() as record:
            return record.bookings.details(self.row(ref))

    def outcome(self, ref: str) -> str | None:
        return self.row(ref).outcome

    def writes(self, ref: str) -> list[tuple[str, str, str | None]]:
        with self.installation.read() as record:
            found = record.writes.of_bookings([self.row(ref).id])
            return [(w.kind, w.state, w.reached) for rows in found.values() for w in rows]

    def decisions(self, ref: str) -> int:
        with self.installation.store.read() as session:
            query = select(DecisionRow).where(DecisionRow.booking_id == self.row(ref).id)
            return len(session.scalars(query).all())

    def tasks(self) -> list[str]:
        """The kinds of the open tasks."""
        with self.installation.store.read() as session:
            query = select(TaskRow.kind).where(TaskRow.done_at.is_(None))
            return sorted(session.scalars(query))

    def add_fact(self, ref: str, kind: str, data: dict[str, Any]) -> None:
        """A fact from staff, which wakes the client's bookings."""
        with self.installation.write() as record:
            add_fact(record, self.row(ref).patient_id, kind, data)
        self.work()

    def confirm_coverage(self, ref: str) -> None:
        """Staff confirms the coverage, and all that follows is done."""
        self.confirm_coverage_alone(ref)
        self.work()

    def confirm_coverage_alone(self, ref: str) -> None:
        """Staff files a confirmed coverage in the place of what the client wrote on the form."""
        patient = self.row(ref).patient_id
        confirmed = {"payer": "regence", "staff_confirmed": True}
        with self.installation.write() as record:
            for row in record.facts.list(patient, "coverage"):
                record.facts.remove(row)
            add_fact(record, patient, "coverage", confirmed)

    def choose(self, ref: str, **choice: Any) -> None:
        """Staff says who is billed."""
        with self.installation.write() as record:
            change_booking(record, self.row(ref).id, choice)
        self.work()

    def pass_time(self, moment: datetime) -> None:
        """It is that time, and what is done each minute is done."""
        self.clock.moment = moment
        pass_deadlines(self.installation)
        self.work()

    @property
    def last_case(self) -> Case:
        """What the rules saw last of a booking to come. One that is not on record is nobody's: the
        desk looks ahead with it."""
        with self.installation.read() as record:
            starts = set(record.session.scalars(select(BookingRow.start_at)))
        return next(
            case
            for case in reversed(self.knobs.cases)
            if case.booking.start in starts and case.booking.start > case.as_of
        )

    def close(self) -> None:
        self.inbox.close()
        self.installation.close()


def name_services(bridge: Bridge, *refs: str) -> None:
    """From the next start on the settings name these services, and no others."""
    account = bridge.installation.accounts["desk"]
    massage = account.settings.services["1"]
    settings = account.settings.model_copy(update={"services": dict.fromkeys(refs, massage)})
    bridge.installation.accounts = {"desk": replace(account, settings=settings)}


def make_bridge(
    folder: Path,
    url: str | None,
    enforcement: str = "enforce",
    host: Host | None = None,
    *,
    account: dict[str, Any] | None = None,
    connector: type = FakeConnector,
    looked: bool = True,
    **more: Any,
) -> Bridge:
    """``looked``: the first look at the account is over; the platform has no bookings yet."""
    clock = HandClock()
    settings = fake_settings(folder, url, enforcement, **account or {}).model_copy(update=more)
    made = build_installation(settings, clock, host or two_rules_host(), {"fake": connector})
    go_live(made)
    bridge = Bridge(made, clock, PLATFORMS[str(folder)], Inbox(made.store))

    def start(work: Sequence[Work]) -> None:
        bridge.started += work

    made.start = start
    if looked:
        first_look(made, "desk")
    return bridge


def make_telling(
    folder: Path, url: str | None, *, looked: bool = True, hold: str = "pending", **account: Any
) -> Bridge:
    """The same on a platform that cannot be read, is told, and acts by itself. ``looked``: staff
    said that all standing bookings are on record."""
    options = {"platform": str(folder), "hold_style": hold}
    bridge = make_bridge(
        folder,
        url,
        looked=False,
        connector=FakeTelling,
        account={"options": options, **account},
    )
    if looked:
        with bridge.installation.write() as record:
            entered_by_hand(record, bridge.installation.accounts["desk"])
    return bridge
