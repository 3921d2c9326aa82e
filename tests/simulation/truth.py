"""What really happened to each booking, as somebody would know it who saw the platform, the desk
and the true clock, and nothing of the bridge; and what the bridge must never have done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.two_rules import LEAD

from massage_ins_bridge.api.connectors import PlatformBooking
from massage_ins_bridge.testing.platform import Change

#: Services of the account: one billed to insurance, one paid by the client, one billed to insurance
#: whose bookings the platform accepts by itself, and one that nobody named.
INSURED, SELF_PAY, WALK_IN, UNNAMED = "1", "2", "3", "77"
#: Hosts: one whom the settings name, and one whom they do not.
HOST, STRANGER = "h1", "h2"


@dataclass
class Truth:
    """One booking on the platform. ``let_stand``: a person accepted it there, or said at the desk
    that it may stand; ``refused``: a person said that it may not; ``stopped``: a person stopped its
    refusal; ``may_stand``: what it was moved from was let stand. ``accepted_itself``: the platform
    accepted it, and no person. ``seated``: it has seats, and other clients have some of them."""

    ref: str
    client: int
    service: str
    start: datetime
    made: datetime
    host: str = HOST
    accepted_itself: bool = False
    let_stand: bool = False
    refused: bool = False
    stopped: bool = False
    may_stand: bool = False
    seated: bool = False
    writes: Counter[str] = field(default_factory=Counter)

    @property
    def ours(self) -> bool:
        return self.service != UNNAMED and self.host != STRANGER

    def curable(self, now: datetime) -> bool:
        """Whether the last day on which it can be cured has not passed."""
        return now.date() <= (self.start - LEAD).date()


@dataclass
class Ledger:
    """All bookings, and whose coverage staff has confirmed. ``one``: two clients whom staff takes
    for one now, the first of whom is the one that stays. ``cancels``: the settings say that what
    the platform accepted by itself may be cancelled."""

    of: dict[str, Truth] = field(default_factory=dict)
    confirmed: set[int] = field(default_factory=set)
    one: tuple[int, int] | None = None
    cancels: bool = False
    faults: list[str] = field(default_factory=list)

    def cured(self, client: int) -> bool:
        """Whether a client's coverage is confirmed. Two who are one have one chart."""
        same = self.one if self.one is not None and client in self.one else (client,)
        return not self.confirmed.isdisjoint(same)

    def chart(self, client: int) -> int:
        """In whose chart something is that staff files for a client now."""
        return self.one[0] if self.one is not None and client in self.one else client

    def _pays_or_is_cured(self, truth: Truth) -> bool:
        return self.cured(truth.client) or truth.service == SELF_PAY

    def wrote(self, change: Change, now: datetime, pause: timedelta) -> None:
        """The bridge changed a booking on the platform, at that (true) time."""
        truth = self.of[change.ref]
        truth.writes[change.after] += 1
        for fault in self._amiss(truth, change, now, pause):
            self.faults.append(f"{now:%m-%d %H:%M} {change.ref}: {fault}")

    def _amiss(
        self, truth: Truth, change: Change, now: datetime, pause: timedelta
    ) -> Iterator[str]:
        if not truth.ours:
            yield f"nobody named its service or host, and it was {change.after}"
        if truth.seated:
            yield f"it has seats for others too, and it was {change.after}"
        if truth.writes[change.after] > 1:
            yield f"it was {change.after} twice"
        cured = self._pays_or_is_cured(truth)
        if change.after == "accepted":
            if not (cured or truth.let_stand or truth.may_stand):
                yield "it was confirmed, and is not cured"
        elif truth.let_stand:
            yield f"a person let it stand, and it was {change.after}"
        elif not truth.refused:
            reasons = {
                "it is cured": cured,
                "the platform had accepted it": truth.accepted_itself and not self.cancels,
                "it can still be cured": truth.curable(now),
                "its refusal was stopped": truth.stopped,
                "its pause was not over": now - truth.made < pause,
            }
            yield from (f"{r}, and it was {change.after}" for r, holds in reasons.items() if holds)

    def judge(self, found: PlatformBooking) -> Iterator[str]:
        """What is amiss with a booking of ours that stands, once all is quiet."""
        truth = self.of[found.ref]
        cured = self._pays_or_is_cured(truth)
        if found.status == "pending" and cured and not truth.refused:
            yield f"{found.ref}: it is cured, and still waits"
