"""What clients do on the platform, staff there and at the desk, and the bad day to both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.simulation.truth import HOST, INSURED, SELF_PAY, STRANGER, UNNAMED, WALK_IN, Truth
from tests.simulation.world import NOT_FOUND, World

from massage_ins_bridge.desk.overrides import override
from massage_ins_bridge.desk.receipts import undo
from massage_ins_bridge.desk.refusals import stop
from massage_ins_bridge.desk.settle_who import merge
from massage_ins_bridge.testing.bookings import NOW
from massage_ins_bridge.testing.platform import LIVE

CLIENTS = ("Ann Lee", "Bo Diaz", "Cy Ode")
SAID = {"name": "Mira", "reason": "a person says so"}


class People:
    """Everybody who does something in a life."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.receipt: str | None = None

    def act(self) -> None:
        """Somebody does something."""
        acts: dict[Callable[[], None], int] = {
            self._book: 5,
            self._move: 2,
            self._call_off: 2,
            self._accept: 3,
            self._decline: 1,
            self._confirm_coverage: 2,
            self._override: 1,
            self._stop: 2,
            self._fail: 1,
            self._jump: 1,
            self._hand_over: 1,
            self._merge: 6,
        }
        if self.world.seats:
            acts[self._seat] = 12
        if self.world.ledger.one is not None:
            acts[self._part] = acts.pop(self._merge) * 2
        (chosen,) = self.world.random.choices(list(acts), list(acts.values()))
        chosen()

    def _standing(self, *states: str) -> Truth | None:
        refs = [
            ref
            for ref, b in self.world.platform.bookings.items()
            if b.status in (states or LIVE) and b.start > self.world.now
        ]
        return self.world.ledger.of[self.world.random.choice(refs)] if refs else None

    def _book(self) -> None:
        ref = f"b{len(self.world.ledger.of)}"
        client = self.world.random.randrange(len(CLIENTS))
        services = (INSURED, SELF_PAY, WALK_IN, UNNAMED)
        service = self.world.random.choices(services, (7, 1, 3, 1))[0]
        host = self.world.random.choices((HOST, STRANGER), (8, 1))[0]
        start = NOW.replace(hour=18) + timedelta(days=self.world.random.randrange(1, 16))
        start = max(start, self.world.now.replace(hour=18) + timedelta(days=1))
        self._put(Truth(ref, client, service, start, self.world.now, host))
        self._tell_new(ref)

    def _tell_new(self, ref: str) -> None:
        pending = self.world.platform.bookings[ref].status == "pending"
        self.world.tell(ref, "requested" if pending else "created")

    def _fail(self) -> None:
        """The platform's front answers nothing but an error for a while."""
        minutes, status = (
            self.world.random.choice((1, 5, 90)),
            self.world.random.choice((503, NOT_FOUND)),
        )
        self.world.outage = (self.world.now + timedelta(minutes=minutes), status)
        self.world.say(f"the platform answers {status} for {minutes} minutes")

    def _put(self, truth: Truth, **more: Any) -> None:
        self.world.ledger.of[truth.ref] = truth
        name = CLIENTS[truth.client]
        truth.accepted_itself = truth.service == WALK_IN
        self.world.platform.put(
            truth.ref,
            name=name,
            email=f"{name.split()[0].lower()}@example.com",
            service_ref=truth.service,
            host_refs=(truth.host,),
            status="accepted" if truth.accepted_itself else "pending",
            asks_confirmation=not truth.accepted_itself,
            start=truth.start,
            **more,
        )
        about = f"{truth.service}, {truth.host}"
        self.world.say(f"{name} books {truth.ref} ({about}) for {truth.start:%m-%d}")

    def _move(self) -> None:
        """A move makes a new booking of it; the old one is called off on the platform."""
        old = self._standing()
        if old is None:
            return
        ref = f"b{len(self.world.ledger.of)}"
        start = max(old.start, self.world.now) + timedelta(days=self.world.random.randrange(1, 6))
        self.world.platform.put(old.ref, status="cancelled")
        moved = Truth(ref, old.client, old.service, start, self.world.now, old.host)
        self._put(moved, previous_ref=old.ref)
        moved.may_stand = old.let_stand or old.may_stand
        self.world.say(f"… by moving {old.ref}")
        if self.world.random.random() < 0.5:
            self.world.tell(old.ref, "cancelled")
        self.world.tell(ref, "rescheduled", previous=old.ref)

    def _change(self, status: str, kind: str, by: str, *states: str) -> Truth | None:
        truth = self._standing(*states)
        if truth is not None:
            self.world.platform.put(truth.ref, status=status)
            self.world.say(f"{by} {kind} {truth.ref}")
            self.world.tell(truth.ref, kind)
        return truth

    def _call_off(self) -> None:
        self._change("cancelled", "cancelled", "the client")

    def _accept(self) -> None:
        truth = self._change("accepted", "created", "staff", "pending")
        if truth is not None:
            truth.let_stand = True

    def _decline(self) -> None:
        self._change("rejected", "rejected", "staff", "pending")

    def _confirm_coverage(self) -> None:
        truth = self._standing()
        if truth is None or not truth.ours or self.world.ledger.cured(truth.client):
            return
        if self.world.at_the_desk(truth) is None:
            return
        self.world.say(f"staff confirms the coverage of {CLIENTS[truth.client]}")
        self.world.ledger.confirmed.add(self.world.ledger.chart(truth.client))
        with self.world.steady():
            self.world.bridge.confirm_coverage_alone(truth.ref)

    def _override(self) -> None:
        """Staff lets a booking stand, or refuses it."""
        row = self.world.at_the_desk(self._standing())
        if (
            row is None
            or row.platform_status not in LIVE
            or row.start_at <= self.world.bridge.clock.now()
        ):
            return
        outcome = self.world.random.choice(("allow", "block"))
        truth = self.world.ledger.of[row.ref]
        truth.let_stand, truth.refused = outcome == "allow", outcome == "block"
        self.world.say(f"staff overrides {row.ref}: {outcome}")
        with self.world.steady(), self.world.bridge.installation.write() as record:
            override(record, row.id, {"outcome": outcome, **SAID})

    def _stop(self) -> None:
        """Staff stops a refusal, where one waits."""
        waits = [self.world.at_the_desk(t) for t in self.world.ledger.of.values() if not t.refused]
        rows = [r for r in waits if r and r.outcome == "block" and r.platform_status in LIVE]
        if rows:
            row = self.world.random.choice(rows)
            self.world.ledger.of[row.ref].stopped = True
            self.world.say(f"staff stops the refusal of {row.ref}")
            with self.world.steady(), self.world.bridge.installation.write() as record:
                stop(self.world.bridge.installation, record, row.id, SAID)

    def _hand_over(self) -> None:
        """Another host gives the visit: the clinic's, or one whom nobody named."""
        truth = self._standing()
        if truth is not None:
            truth.host = STRANGER if truth.host == HOST else HOST
            self.world.platform.put(truth.ref, host_refs=(truth.host,))
            self.world.say(f"{truth.ref} is given by {truth.host}")
            if self.world.random.random() < 0.5:
                self._tell_new(truth.ref)

    def _seat(self) -> None:
        """Another client takes a seat in a booking, or the only other one gives theirs up."""
        truth = self._standing()
        if truth is not None and truth.service != UNNAMED:
            truth.seated = not truth.seated
            self.world.platform.seated ^= {truth.ref}
            self.world.platform.put(truth.ref)
            self.world.say(f"{truth.ref} has several clients: {truth.seated}")
            if self.world.random.random() < 0.5:
                self._tell_new(truth.ref)

    def _merge(self) -> None:
        """Staff takes two clients for one, rightly or wrongly."""
        ledger = self.world.ledger
        known = {t.client: row for t in ledger.of.values() if (row := self.world.at_the_desk(t))}
        if ledger.one is not None or len(known) < 2:
            return
        keep, gone = self.world.random.sample(sorted(known), 2)
        ledger.one = (keep, gone)
        self.world.say(f"staff says that {CLIENTS[keep]} and {CLIENTS[gone]} are one")
        with self.world.steady(), self.world.bridge.installation.write() as record:
            self.receipt = merge(
                record, known[keep].patient_id, known[gone].patient_id, SAID["name"]
            ).id

    def _part(self) -> None:
        """Staff takes that back."""
        if self.world.ledger.one is not None and self.receipt is not None:
            self.world.ledger.one = None
            self.world.say("staff takes that back: they are two")
            with self.world.steady(), self.world.bridge.installation.write() as record:
                undo(record, self.receipt, SAID["name"])

    def do_harm(self) -> None:
        """What a bridge without conscience would do."""
        for ref, found in list(self.world.platform.bookings.items()):
            if found.status in LIVE:
                verb = "reject" if found.status == "pending" else "cancel"
                with self.world.steady():
                    self.world.platform.change(verb, ref, "no", "harm")

    def _jump(self) -> None:
        """The machine's clock goes wrong, or is set right."""
        days = self.world.random.choice((-400, -1, -0.1, 0.1, 1, 17))
        self.world.skew = timedelta(0) if self.world.skew else timedelta(days=days)
        self.world.set_time(self.world.now)
        self.world.say(f"the clock is wrong by {self.world.skew}")
