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

#: Services of the account: one billed to insurance, one paid by the client, one that nobody named.
INSURED, SELF_PAY, UNNAMED = "1", "2", "77"


@dataclass
class Truth:
    """One booking on the platform. ``let_stand``: a person accepted it there, or said at the desk
    that it may stand; ``refused``: a person said that it may not; ``stopped``: a person stopped its
    refusal; ``may_stand``: what it was moved from was let stand."""

    ref: str
    client: int
    service: str
    start: datetime
    made: datetime
    let_stand: bool = False
    refused: bool = False
    stopped: bool = False
    may_stand: bool = False
    writes: Counter[str] = field(default_factory=Counter)

    @property
    def ours(self) -> bool:
        return self.service != UNNAMED

    def curable(self, now: datetime) -> bool:
        """Whether the last day on which it can be cured has not passed."""
        return now.date() <= (self.start - LEAD).date()


@dataclass
class Ledger:
    """All bookings, and whose coverage staff has confirmed."""

    of: dict[str, Truth] = field(default_factory=dict)
    cured: set[int] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

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
            yield f"nobody named its service, and it was {change.after}"
        if truth.writes[change.after] > 1:
            yield f"it was {change.after} twice"
        cured = truth.client in self.cured or truth.service == SELF_PAY
        if change.after == "accepted":
            if not (cured or truth.let_stand or truth.may_stand):
                yield "it was confirmed, and is not cured"
        elif truth.let_stand:
            yield f"a person let it stand, and it was {change.after}"
        elif not truth.refused:
            reasons = {
                "it is cured": cured,
                "it can still be cured": truth.curable(now),
                "its refusal was stopped": truth.stopped,
                "its pause was not over": now - truth.made < pause,
            }
            yield from (f"{r}, and it was {change.after}" for r, holds in reasons.items() if holds)

    def judge(self, found: PlatformBooking) -> Iterator[str]:
        """What is amiss with a booking of ours that stands, once all is quiet."""
        truth = self.of[found.ref]
        cured = truth.client in self.cured or truth.service == SELF_PAY
        if found.status == "pending" and cured and not truth.refused:
            yield f"{found.ref}: it is cured, and still waits"
