"""Whatever is filed, corrected and taken back, in whatever order and by whatever door: the open
tasks are those that would be worked out from nothing, and no matter has two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from tests.desk.bridge import Bridge, make_bridge

from massage_ins_bridge.desk.book import book
from massage_ins_bridge.desk.chart import add_fact, change_fact, list_facts, remove_fact
from massage_ins_bridge.desk.decide import decide_client
from massage_ins_bridge.desk.errors import ConflictError
from massage_ins_bridge.desk.tasks import WORKED_OUT, finish, reopen
from massage_ins_bridge.desk.visits import close_booking
from massage_ins_bridge.hooks.host import Host
from massage_ins_bridge.store.task_models import TaskRow
from massage_ins_bridge.testing import PATIENCE
from massage_ins_bridge.testing.bookings import NOW
from massage_ins_bridge.testing.requests import authorization, request

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        find_spec("massage_ins_bridge_regence") is None, reason="payer-regence is not installed"
    ),
]
_CLIENT = count()
DAYS = tuple(NOW + timedelta(days=n) for n in (-12, -5, 3, 10, 17))
FACTS = request("regence", **{"coverages.0.funding": "self_insured", "prescriptions.0.id": ...})
PAPER: dict[str, Any] = FACTS["prescriptions"][0]
FILED: dict[str, tuple[dict[str, Any], ...]] = {
    "coverage": (FACTS["coverages"][0], {**FACTS["coverages"][0], "staff_confirmed": False}),
    "prescription": (PAPER, {**PAPER, "signed": False}, {**PAPER, "signed_on": "2026-11-21"}),
    "authorization": (
        authorization("regence", visits=1),
        authorization("regence", status="requested"),
        authorization("regence", number="A2", visits=4),
    ),
    "visit": tuple({"on": str(day.date()), "payer": "regence"} for day in DAYS[:2]),
    "progress-report": ({"on": "2026-11-20", "payer": "regence"},),
}
ENDINGS = ("completed", "no-show", "open", "cancelled")
STEPS = st.one_of(
    st.tuples(st.just("book"), st.sampled_from(("desk", "hand")), st.integers(0, 4)),
    st.tuples(st.just("end"), st.sampled_from(ENDINGS), st.integers(0, 4)),
    st.tuples(st.just("file"), st.sampled_from(tuple(FILED)), st.integers(0, 2)),
    st.tuples(st.just("change"), st.sampled_from(tuple(FILED)), st.integers(0, 2)),
    st.tuples(st.just("remove"), st.sampled_from(tuple(FILED)), st.integers(0, 2)),
    st.tuples(st.sampled_from(("finish", "reopen")), st.just(""), st.integers(0, 4)),
)
ACTIONS = ("action", "after-visit")
ONE_BY_KIND = ("request-authorization", "request-extension", "chase-authorization")
Seen = Counter[tuple[object, ...]]


class Client:
    """One client, and what is done about them."""

    def __init__(self, bridge: Bridge) -> None:
        self.bridge, self.number = bridge, next(_CLIENT)
        self.about = {"name": f"Client {self.number}", "email": f"c{self.number}@example.com"}
        self.booked: set[str] = set()
        self._on_platform(DAYS[4])
        bridge.work()
        self.id = bridge.row(f"{self.number}-{DAYS[4]:%d}").patient_id

    def do(self, act: str, what: str, which: int) -> None:
        if act == "book":
            self._book(what, which)
        elif act == "end":
            self._end(what, which)
        elif act in ("finish", "reopen"):
            self._task(act, which)
        else:
            self._file(act, what, which)
        self.bridge.work()
        self.bridge.work()  # what a refusal leaves to be done

    def _on_platform(self, start: Any) -> None:
        ref = f"{self.number}-{start:%d}"
        if ref not in self.booked:
            self.booked.add(ref)
            self.bridge.take(ref, start=start, answers={}, **self.about)

    def _book(self, where: str, which: int) -> None:
        if where == "desk":
            self._on_platform(DAYS[which])
            return
        with self.bridge.installation.write() as record:
            start = (DAYS[which] + timedelta(hours=3)).isoformat()
            try:
                book(self.bridge.installation, record, {"patient": self.id, "start": start})
            except ConflictError:
                return

    def _end(self, ending: Any, which: int) -> None:
        with self.bridge.installation.write() as record:
            rows = record.bookings.of_client(self.id)
            row = rows[which % len(rows)]
            try:
                close_booking(self.bridge.installation, record, row.id, ending)
            except ConflictError:
                return

    def _file(self, act: str, kind: str, which: int) -> None:
        data = FILED[kind][which % len(FILED[kind])]
        with self.bridge.installation.write() as record:
            known = list_facts(record, self.id, kind)
            if act == "file" or not known:
                add_fact(record, self.id, kind, data)
                return
            where = (self.id, kind, known[which % len(known)].record)
            if act == "change":
                change_fact(record, where, data, merge=False)
            else:
                remove_fact(record, where)

    def _task(self, act: str, which: int) -> None:
        with self.bridge.installation.write() as record:
            rows = [t for t in record.tasks.of_client(self.id) if t.kind in WORKED_OUT]
            rows = [t for t in rows if (t.done_at is None) == (act == "finish")]
            if rows:
                (finish if act == "finish" else reopen)(record, rows[which % len(rows)].id)

    def seen(self) -> Seen:
        """The open tasks that are worked out, as staff sees them."""
        with self.bridge.installation.read() as record:
            rows = [t for t in record.tasks.of_client(self.id) if t.done_at is None]
            return Counter(
                (t.topic, t.kind, record.tasks.message(t), t.booking_id, t.due, t.last_day)
                for t in rows
                if t.kind in WORKED_OUT
            )

    def from_nothing(self) -> Seen:
        """The same, after all that is open was forgotten."""
        with self.bridge.installation.write() as record:
            record.session.execute(
                delete(TaskRow).where(
                    TaskRow.patient_id == self.id,
                    TaskRow.done_at.is_(None),
                    TaskRow.kind.in_(WORKED_OUT),
                )
            )
        with self.bridge.installation.write() as record:
            decide_client(self.bridge.installation, record, self.id, "test")
        return self.seen()


@pytest.fixture(scope="module")
def bridge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bridge]:
    network = {"regence": [{"status": "in", "from": "2015-01-01"}]}
    folder: Path = tmp_path_factory.mktemp("tasks")
    host = Host.load(time_limit=PATIENCE)
    made = make_bridge(folder, None, host=host, clinic={"network": network})
    yield made
    made.close()


@settings(
    max_examples=40,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@example([("book", "hand", 0), ("end", "completed", 0), ("finish", "", 0), ("end", "open", 0)])
@example([("file", "coverage", 0), ("file", "prescription", 1), ("file", "prescription", 2)])
@given(st.lists(STEPS, min_size=2, max_size=12))
def test_the_open_tasks_are_those_worked_out_from_nothing(
    bridge: Bridge, steps: list[tuple[str, str, int]]
) -> None:
    client = Client(bridge)
    for act, what, which in steps:
        client.do(act, what, which)
    found = client.seen()
    assert len({topic for topic, *_ in found}) == found.total()
    work = Counter(str(said).partition(":")[0] for _, kind, said, *_ in found if kind in ACTIONS)
    assert all(number == 1 for kind, number in work.items() if kind in ONE_BY_KIND)
    assert client.from_nothing() == found
