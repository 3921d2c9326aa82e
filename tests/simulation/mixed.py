"""A day of mixed traffic: the same people do the same on four platforms, once on a clean day, and
once on one on which deliveries come twice, late, out of order or never, and platforms are down.

What the people do comes from the day's number; what goes wrong, from the number and the day's kind.
The same number lives the same days.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from tests.desk.bridge import HandClock
from tests.simulation.doors import ACCOUNTS, LOSE, TELL, headers_of, told_by
from tests.simulation.engine import Engine, KilledError
from tests.simulation.mixed_acts import HOURS, LATE, ONCE, Act, acts_of

from massage_ins_bridge.api.connectors import PlatformError, PlatformRefusedError
from massage_ins_bridge.desk.chart import add_fact
from massage_ins_bridge.desk.deadlines import pass_deadlines
from massage_ins_bridge.desk.installation import Installation
from massage_ins_bridge.engine.schedules import undone
from massage_ins_bridge.store.inbox import Inbox
from massage_ins_bridge.store.models import BookingRow
from massage_ins_bridge.testing.bookings import NOW
from massage_ins_bridge.testing.platform import LIVE, PLATFORMS, FakePlatform

POLL = timedelta(minutes=10)
#: How often a call fails; a delivery is lost, comes twice, comes late; the process dies.
FAILS, LOST, TWICE, LATER, DIES = 0.08, 0.2, 0.2, 0.4, 0.02


@dataclass
class Day:
    """One day of one clinic. ``troubled``: things go wrong."""

    number: int
    installation: Installation
    clock: HandClock
    troubled: bool
    said: list[str] = field(default_factory=list)
    waiting: list[tuple[datetime, str, bytes]] = field(default_factory=list)
    late: set[str] = field(default_factory=set)
    outages: dict[str, tuple[datetime, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.random = Random(f"{self.number} {self.troubled}")
        self.inbox = Inbox(self.installation.store)
        self.calm = not self.troubled
        self.engine = Engine(self.installation, self.random, lambda: self.now)
        for account in ACCOUNTS:
            self._surround(account)

    @property
    def now(self) -> datetime:
        return self.clock.moment

    def ticks(self) -> float:
        """What a clock that only counts seconds says."""
        return (self.now - NOW).total_seconds()

    def platform(self, account: str) -> FakePlatform:
        name = self.installation.accounts[account].settings.options["platform"]
        return PLATFORMS[str(name)]

    def live(self) -> None:
        """From the first act to the last, and then until nothing is left to be done. On a clean day
        nobody looks where nothing was said since the last look: there is nothing to be found."""
        desk: list[Act] = []
        swept = 0
        acts = acts_of(self.number)
        for minute in range(0, HOURS * 60, int(POLL.total_seconds() // 60)):
            until = minute + int(POLL.total_seconds() // 60)
            for act in [a for a in acts if minute <= a.minute < until]:
                self._pass_to(NOW + timedelta(minutes=act.minute))
                desk += [act] if act.verb == "cure" else []
                if act.verb != "cure":
                    self._do(act)
            desk = [act for act in desk if not self._cure(act.client)]
            self._go_wrong()
            self._pass_to(NOW + timedelta(minutes=until))
            if self.troubled or len(self.said) > swept:
                swept = len(self.said)
                self._sweep()
        self.calm = True
        for hours in (12, 12, 1):
            self._pass_to(self.now + timedelta(hours=hours))
            desk = [act for act in desk if not self._cure(act.client)]
            self._sweep()

    # --- people

    def _do(self, act: Act) -> None:
        platform = self.platform(act.account)
        if act.verb == "book":
            self._book(act, platform)
            return
        known = platform.bookings.get(act.ref)
        if known is None or known.status not in LIVE:
            return
        if act.verb == "move":
            start = NOW.replace(hour=18) + timedelta(days=act.after)
            end = start + timedelta(hours=1)
            platform.put(act.ref, start=start, end=end)
            self._tell(act.account, act.ref, "rescheduled")
        else:
            status = {"cancel": "cancelled", "accept": "accepted", "decline": "rejected"}[act.verb]
            platform.put(act.ref, status=status)
            self._tell(act.account, act.ref, "created" if status == "accepted" else status)
        self._say(f"{act.verb} {act.ref}")

    def _book(self, act: Act, platform: FakePlatform) -> None:
        asks = act.account in ("calcom", "door")
        alone = act.account == "feed" or act.client == LATE  # nobody books twice there
        named = ONCE[int(act.ref.rpartition("-")[2])] if alone else act.client
        if act.client == LATE:
            self.late.add(act.ref)
        start = NOW.replace(hour=18) + timedelta(days=act.after)
        mail = None if act.account == "feed" else f"{named.replace(' ', '.').lower()}@example.com"
        platform.put(
            act.ref,
            name=named,
            email=mail,
            status="pending" if asks else "accepted",
            asks_confirmation=asks,
            start=start,
        )
        self._say(f"{named} books {act.ref} for {start:%m-%d}")
        self._tell(act.account, act.ref, "requested" if asks else "created")

    def _cure(self, client: str) -> bool:
        """Staff confirms a client's coverage, once they know the client."""
        with self.installation.write() as record:
            rows = record.session.scalars(select(BookingRow).order_by(BookingRow.ref)).all()
            mine = [
                row
                for row in rows
                if self.platform(row.account).bookings[row.ref].person.name == client
            ]
            if not mine:
                return False
            patient = mine[0].patient_id
            for fact in record.facts.list(patient, "coverage"):
                record.facts.remove(fact)
            confirmed = {"payer": "regence", "staff_confirmed": True}
            add_fact(record, patient, "coverage", confirmed)
        self._say(f"staff confirms the coverage of {client}")
        return True

    # --- what goes wrong

    def _chance(self, of: float) -> bool:
        return not self.calm and self.random.random() < of

    def _go_wrong(self) -> None:
        for account in ACCOUNTS:
            over = self.outages.get(account, (NOW, 0))[0]
            if self.now > over + timedelta(minutes=30) and self._chance(0.08):
                status = self.random.choice((401, 404, 429, 500, 503))
                # what lasts for longer is staff's, who then do it there themselves
                minutes = self.random.choice((5, 60, 60 if status in (401, 404) else 180))
                self.outages[account] = (self.now + timedelta(minutes=minutes), status)
                self._say(f"{account} answers {status} for {minutes} minutes")

    def _surround(self, account: str) -> None:
        platform = self.platform(account)
        call = platform.call

        def unsteady(method: str) -> None:
            if self._chance(DIES):
                raise KilledError
            until, status = self.outages.get(account, (NOW, 0))
            if not self.calm and self.now < until:
                lasting = status in (401, 404)
                kind = PlatformRefusedError if status == 401 else PlatformError
                raise kind(f"{account} answered {status}", lasting, status)
            if self._chance(FAILS):
                raise PlatformError(f"{account} answered 503", status=503)
            if method in ("confirm", "reject", "cancel") and self._chance(FAILS):
                platform.lost_answers = 1
            call(method)

        platform.call = unsteady  # type: ignore[method-assign]
        platform.after_change = lambda: self._written(account)

    def _written(self, account: str) -> None:
        change = self.platform(account).journal[-1]
        self._say(f"BRIDGE {change.ref} {change.before} -> {change.after}")
        self._tell(account, change.ref, "created" if change.after == "accepted" else change.after)

    def _tell(self, account: str, ref: str, kind: str) -> None:
        """Deliveries of those platforms that send some. One that nobody lists comes at last."""
        if account not in TELL:
            return
        raw = told_by(account, self.platform(account).bookings[ref], kind, self.now)
        if account in LOSE and self._chance(LOST):
            return
        for _ in range(2 if self._chance(TWICE) else 1):
            late = self.random.choice((20, 600, 5_000, 20_000)) if self._chance(LATER) else 0
            self.waiting.append((self.now + timedelta(seconds=late), account, raw))

    # --- time

    def _pass_to(self, moment: datetime) -> None:
        while True:
            self._settle()
            dues = [at for at, _, _ in self.waiting]
            dues += [self.engine.next_due] if self.engine.next_due else []
            soonest = min(dues, default=moment)
            if soonest >= moment:
                break
            self.clock.moment = max(self.now, soonest)
        self.clock.moment = moment
        self._settle()

    def _settle(self) -> None:
        due = [one for one in self.waiting if one[0] <= self.now]
        self.random.shuffle(due)
        for one in due:
            self.waiting.remove(one)
            self._arrive(one[1], one[2])
        self.engine.run_due()

    def _arrive(self, account: str, raw: bytes) -> None:
        connector = self.installation.accounts[account].connector
        url = f"https://bridge.example/webhooks/{account}"
        known = connector.verify(headers_of(account, raw), raw, url, self.now)
        stored = self.inbox.store("default", account, known.key, raw, self.now)
        receipt = asyncio.run(stored)
        if not receipt.duplicate:
            self.engine.add("delivery", receipt.delivery, account)

    def _sweep(self) -> None:
        with self._may_die():
            pass_deadlines(self.installation)
        known = {job.item for job in self.engine.jobs}
        self.engine.start([w for w in undone(self.installation) if w.item not in known])
        for account in ACCOUNTS:
            if self.installation.accounts[account].can("changes"):
                self.engine.look_at_platform(account)
        self._settle()

    @contextmanager
    def _may_die(self) -> Iterator[None]:
        try:
            yield
        except KilledError:
            self.engine.die()

    def _say(self, words: str) -> None:
        self.said.append(f"{self.now:%m-%d %H:%M} {words}")
