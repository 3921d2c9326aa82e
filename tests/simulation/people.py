"""What clients do on the platform, staff there and at the desk, and the bad day to both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from tests.simulation.truth import INSURED, SELF_PAY, UNNAMED, Truth
from tests.simulation.world import NOT_FOUND, World

from massage_ins_bridge.desk.overrides import override
from massage_ins_bridge.desk.refusals import stop
from massage_ins_bridge.testing.bookings import NOW
from massage_ins_bridge.testing.platform import LIVE

CLIENTS = ("Ann Lee", "Bo Diaz", "Cy Ode")
SAID = {"name": "Mira", "reason": "a person says so"}


class People:
    """Everybody who does something in a life."""

    def __init__(self, world: World) -> None:
        self.world = world

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
        }
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
        service = self.world.random.choices((INSURED, SELF_PAY, UNNAMED), (8, 1, 1))[0]
        start = NOW.replace(hour=18) + timedelta(days=self.world.random.randrange(1, 16))
        start = max(start, self.world.now.replace(hour=18) + timedelta(days=1))
        self._put(ref, client, service, start)
        self.world.tell(ref, "requested")

    def _fail(self) -> None:
        """The platform's front answers nothing but an error for a while."""
        minutes, status = (
            self.world.random.choice((1, 5, 90)),
            self.world.random.choice((503, NOT_FOUND)),
        )
        self.world.outage = (self.world.now + timedelta(minutes=minutes), status)
        self.world.say(f"the platform answers {status} for {minutes} minutes")

    def _put(self, ref: str, client: int, service: str, start: datetime, **more: Any) -> None:
        self.world.ledger.of[ref] = Truth(ref, client, service, start, self.world.now)
        name = CLIENTS[client]
        self.world.platform.put(
            ref,
            name=name,
            email=f"{name.split()[0].lower()}@example.com",
            service_ref=service,
            start=start,
            **more,
        )
        self.world.say(f"{name} books {ref} ({service}) for {start:%m-%d}")

    def _move(self) -> None:
        """A move makes a new booking of it; the old one is called off on the platform."""
        old = self._standing()
        if old is None:
            return
        ref = f"b{len(self.world.ledger.of)}"
        start = max(old.start, self.world.now) + timedelta(days=self.world.random.randrange(1, 6))
        self.world.platform.put(old.ref, status="cancelled")
        self._put(ref, old.client, old.service, start, previous_ref=old.ref)
        moved = self.world.ledger.of[ref]
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
        truth = self._change("accepted", "confirmed", "staff", "pending")
        if truth is not None:
            truth.let_stand = True

    def _decline(self) -> None:
        self._change("rejected", "rejected", "staff", "pending")

    def _confirm_coverage(self) -> None:
        truth = self._standing()
        if truth is None or not truth.ours or truth.client in self.world.ledger.cured:
            return
        if self.world.at_the_desk(truth) is None:
            return
        self.world.say(f"staff confirms the coverage of {CLIENTS[truth.client]}")
        self.world.ledger.cured.add(truth.client)
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
