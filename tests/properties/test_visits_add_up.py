"""However staff, client and platform speak of a day, in whatever order: no massage is counted
twice, and none is lost. What staff wrote down and what was booked at this clinic on a day are the
same massages, as many as the longer of both lists has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.desk.bridge import Bridge, make_bridge

from massage_ins_bridge.desk.chart import add_fact, change_fact, remove_fact
from massage_ins_bridge.desk.client_file import load_client
from massage_ins_bridge.desk.visits import close_booking
from massage_ins_bridge.store.bookings import DONE, LIVE
from massage_ins_bridge.store.visits import HERE
from massage_ins_bridge.testing.bookings import NOW

pytestmark = pytest.mark.slow
DAYS = (NOW - timedelta(days=9), NOW - timedelta(days=8))
#: What is done, to which of the bookings or facts there are, and on which day.
STEPS = st.tuples(
    st.sampled_from(
        ("book", "complete", "no-show", "cancel", "move", "replace", "file", "change", "remove")
    ),
    st.integers(0, 2),
    st.sampled_from((0, 1)),
    st.sampled_from((HERE, "other")),
)
_CLIENT = count()


class Client:
    """One client, as the bridge has it and as it should be."""

    def __init__(self, bridge: Bridge) -> None:
        self.bridge, self.number = bridge, next(_CLIENT)
        self.booked: dict[str, tuple[str, int]] = {}
        self.filed: dict[str, tuple[str, int]] = {}
        self.about = {"name": f"Client {self.number}", "email": f"c{self.number}@example.com"}
        self._take("next", NOW + timedelta(days=30))
        bridge.confirm_coverage(self._ref("next"))
        self.id = bridge.row(self._ref("next")).patient_id

    def do(self, act: str, which: int, day: int, provider: str) -> None:
        if act == "book":
            ref = f"b{len(self.booked)}"
            self._take(ref, DAYS[day])
            self.booked[ref] = ("accepted", day)
        elif act == "file":
            with self.bridge.installation.write() as record:
                fact = add_fact(record, self.id, "visit", self._visit(day, provider))
            self.filed[fact.record] = (provider, day)
        elif act in ("change", "remove"):
            self._correct(act, which, day, provider)
        elif self.booked:
            self._end(act, f"b{which % len(self.booked)}", day)
        self.bridge.work()

    def _correct(self, act: str, which: int, day: int, provider: str) -> None:
        if not self.filed:
            return
        fact = list(self.filed)[which % len(self.filed)]
        where = (self.id, "visit", fact)
        with self.bridge.installation.write() as record:
            if act == "change":
                change_fact(record, where, self._visit(day, provider), merge=False)
                self.filed[fact] = (provider, day)
            else:
                remove_fact(record, where)
                del self.filed[fact]

    def _end(self, act: str, ref: str, day: int) -> None:
        status, was = self.booked[ref]
        if act in ("complete", "no-show"):
            if status in (*LIVE, *DONE):
                ending: Any = "completed" if act == "complete" else act
                with self.bridge.installation.write() as record:
                    row = self.bridge.row(self._ref(ref))
                    close_booking(self.bridge.installation, record, row.id, ending)
                self.booked[ref] = (ending, was)
        elif act == "cancel":
            self._take(ref, DAYS[was], "cancelled", kind="cancelled")
            self.booked[ref] = ("cancelled", was)
        elif act == "move" and status in (*LIVE, *DONE) and day != was:
            self._take(ref, DAYS[day], kind="rescheduled")
            self.booked[ref] = ("accepted", day)
        elif act == "replace" and status in (*LIVE, *DONE):
            new = f"b{len(self.booked)}"
            self._take(new, DAYS[day], kind="rescheduled", previous=self._ref(ref))
            self.booked[ref], self.booked[new] = ("replaced", was), ("accepted", day)

    def counted(self) -> Counter[date]:
        """The massages that the rules see before the next booking, by day."""
        with self.bridge.installation.read() as record:
            file = load_client(record, self.id)
            assert file is not None
            held = file.held(self.bridge.row(self._ref("next")).id)
            chart = file.chart(record, self.bridge.installation.settings.clinic_facts, held)
        done = [v.on for v in chart.visits or () if v.on]
        return Counter(done + [u.start.date() for u in chart.upcoming or () if u.start])

    def expected(self) -> Counter[date]:
        found: Counter[date] = Counter()
        for number, day in enumerate(DAYS):
            here = sum(f == (HERE, number) for f in self.filed.values())
            elsewhere = sum(f == ("other", number) for f in self.filed.values())
            booked = sum(
                d == number and status in (*LIVE, "completed") for status, d in self.booked.values()
            )
            found[day.date()] = max(here, booked) + elsewhere
        return +found

    def _take(
        self, ref: str, start: Any, status: str = "accepted", kind: str = "created", **more: Any
    ) -> None:
        """The platform tells it, each time at another moment: equal deliveries would be one."""
        about = {} if self._ref(ref) in self.bridge.platform.bookings else self.about
        self.bridge.clock.moment += timedelta(seconds=1)
        self.bridge.take(self._ref(ref), kind, status=status, start=start, **about, **more)

    def _ref(self, ref: str) -> str:
        return f"c{self.number}-{ref}"

    def _visit(self, day: int, provider: str) -> dict[str, Any]:
        return {"on": DAYS[day].date().isoformat(), "payer": "regence", "provider": provider}


@pytest.fixture
def new_client(tmp_path: Path) -> Iterator[Callable[[], Client]]:
    made = make_bridge(tmp_path, None)
    yield lambda: Client(made)
    made.close()


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(steps=[("book", 0, 0, ""), ("complete", 0, 0, ""), ("replace", 0, 0, "")])
@example(steps=[("book", 0, 0, ""), *(("move", 0, day, "") for day in (1, 0, 1))])
@example(steps=[("book", 0, 0, ""), ("file", 0, 0, HERE), ("replace", 0, 0, "")])
@example(steps=[("book", 0, 0, ""), ("file", 0, 0, HERE), ("change", 0, 1, HERE)])
@given(steps=st.lists(STEPS, min_size=3, max_size=9))
def test_every_massage_counts_once(
    new_client: Callable[[], Client], steps: list[tuple[str, int, int, str]]
) -> None:
    client = new_client()
    for step in steps:
        client.do(*step)
        assert client.counted() == client.expected(), step
