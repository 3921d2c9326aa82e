"""Whatever happens in whatever order: what a person accepted, or lets stand, the bridge never ends,
unless a person orders it; what is stopped is never refused; and each write is made once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.desk.bridge import Bridge, make_bridge

from massage_ins_bridge.api.connectors import PlatformError
from massage_ins_bridge.desk.errors import DeskError
from massage_ins_bridge.desk.overrides import override, take_back
from massage_ins_bridge.desk.refusals import resume, stop
from massage_ins_bridge.testing.bookings import START

PAT = {"name": "Pat"}
ALLOW = {**PAT, "outcome": "allow", "reason": "a friend"}
ENDED = ("rejected", "cancelled")
ACTIONS = (
    *("book", "book accepted", "person accepts", "few visits", "many visits", "confirm coverage"),
    *("allow", "take back", "stop", "resume", "a day", "a quarter", "no answer", "silent accept"),
)
ACCOUNTS: tuple[dict[str, Any], ...] = (
    {},
    {"cancel_accepted": True},
    {"cancel_accepted": True, "refuse_after_minutes": 15, "refuse_in_office_hours": True},
)


@contextmanager
def running(account: dict[str, Any]) -> Iterator[Bridge]:
    with TemporaryDirectory() as folder:
        bridge = make_bridge(Path(folder), None, account=account)
        try:
            yield bridge
        finally:
            bridge.close()


class Life:
    """One client's bookings, and who is protected by a person's word."""

    def __init__(self, bridge: Bridge) -> None:
        self.bridge = bridge
        self.number = self.journaled = 0
        self.accepted: set[str] = set()
        self.allowed: set[str] = set()
        self.stopped: set[str] = set()

    def do(self, action: str) -> None:
        bridge, ref = self.bridge, f"b{self.number}"
        if action.startswith("book"):
            self.number += 1
            start = START + timedelta(days=self.number % 3)
            status = "accepted" if action == "book accepted" else "pending"
            kind = "created" if status == "accepted" else "requested"
            given = {"start": start, "status": status, "asks_confirmation": status == "pending"}
            bridge.arrive(f"b{self.number}", kind, **given)
            bridge.work()
        elif action in ("few visits", "many visits"):
            bridge.knobs.visits = 0 if action == "few visits" else 9
        elif action in ("a day", "a quarter"):
            step = timedelta(days=1) if action == "a day" else timedelta(minutes=15)
            bridge.pass_time(bridge.clock.moment + step)
        elif action == "no answer":
            bridge.platform.faults = [PlatformError("down")]
        elif self.number:
            self._to_one(action, ref)

    def _to_one(self, action: str, ref: str) -> None:
        bridge = self.bridge
        while bridge.waiting():  # nobody can act on what the platform has not shown
            bridge.work()
        row = bridge.platform.bookings[ref]
        if action in ("person accepts", "silent accept"):
            if row.status == "pending":
                self.accepted.add(ref)
                bridge.platform.put(ref, status="accepted")
                if action == "person accepts":
                    bridge.arrive(ref, "created", status="accepted", start=row.start)
                    bridge.work()
        elif action == "confirm coverage":
            bridge.confirm_coverage(ref)
        else:
            self._say(action, ref)

    def _say(self, action: str, ref: str) -> None:
        bridge = self.bridge
        words: dict[str, tuple[Callable[..., object], set[str], bool]] = {
            "allow": (lambda r, b: override(r, b, ALLOW), self.allowed, True),
            "take back": (lambda r, b: take_back(r, b, PAT), self.allowed, False),
            "stop": (lambda r, b: stop(bridge.installation, r, b, PAT), self.stopped, True),
            "resume": (lambda r, b: resume(r, b, PAT), self.stopped, False),
        }
        say, kept, begins = words[action]
        try:
            with bridge.installation.write() as record:
                row = record.bookings.by_ref("desk", ref)
                assert row is not None
                say(record, row.id)
        except DeskError:
            return
        (kept.add if begins else kept.discard)(ref)
        bridge.work()

    def check(self) -> None:
        protected = self.accepted | self.allowed | self.stopped
        for change in self.bridge.platform.journal[self.journaled :]:
            assert not (change.after in ENDED and change.ref in protected), change
        self.journaled = len(self.bridge.platform.journal)
        seen = [(c.ref, c.after) for c in self.bridge.platform.journal]
        assert len(seen) == len(set(seen))


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(ACCOUNTS), st.lists(st.sampled_from(ACTIONS), min_size=4, max_size=14))
def test_a_persons_word_stands(account: dict[str, Any], actions: list[str]) -> None:
    with running(account) as bridge:
        life = Life(bridge)
        for action in ("book", *actions):
            life.do(action)
            life.check()
