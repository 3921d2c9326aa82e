"""A client's whole course: the tasks are those that are owed, no more and no less."""

from collections.abc import Iterator
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from tests.desk.bridge import Bridge, make_bridge

from massage_ins_bridge.desk import views
from massage_ins_bridge.desk.chart import add_fact, change_client, change_fact
from massage_ins_bridge.desk.visits import close_booking
from massage_ins_bridge.hooks.host import Host
from massage_ins_bridge.testing.bookings import START
from massage_ins_bridge.testing.requests import authorization, request

pytestmark = pytest.mark.skipif(
    find_spec("massage_ins_bridge_regence") is None, reason="payer-regence is not installed"
)
WEEK = timedelta(days=7)


class Course:
    """One client of a self-insured Regence plan who comes each week."""

    def __init__(self, bridge: Bridge) -> None:
        self.bridge = bridge
        changes = {"coverages.0.funding": "self_insured", "prescriptions.0.id": ...}
        facts = request("regence", **changes)
        self.approval = authorization("regence", visits=4)
        bridge.take("b0", answers={})
        self.patient = bridge.row("b0").patient_id
        with bridge.installation.write() as record:
            change_client(record, self.patient, {"intake_received": True})
            for kind in ("coverage", "prescription"):
                add_fact(record, self.patient, kind, facts[f"{kind}s"][0])
        bridge.work()

    def book(self, number: int) -> None:
        self.bridge.take(f"b{number}", start=START + number * WEEK, answers={})

    def complete(self, number: int) -> None:
        self.bridge.clock.moment = START + number * WEEK + timedelta(hours=2)
        with self.bridge.installation.write() as record:
            row = self.bridge.row(f"b{number}")
            close_booking(self.bridge.installation, record, row.id, "completed")
        self.bridge.work()

    def file(self, **values: Any) -> str:
        with self.bridge.installation.write() as record:
            fact = add_fact(record, self.patient, "authorization", {**self.approval, **values})
        self.bridge.work()
        return fact.record

    def answer(self, fact: str, **values: Any) -> None:
        with self.bridge.installation.write() as record:
            where = (self.patient, "authorization", fact)
            change_fact(record, where, {**self.approval, **values}, merge=False)
        self.bridge.work()

    def work(self) -> list[str]:
        """What work is asked for, claims aside."""
        with self.bridge.installation.read() as record:
            tasks = [views.task(record, row) for row in record.tasks.due_first(100)]
        asked = [t.message.partition(":")[0] for t in tasks if t.kind in ("action", "after-visit")]
        return sorted(kind for kind in asked if kind != "submit-claim")


@pytest.fixture
def course(tmp_path: Path) -> Iterator[Course]:
    network = {"regence": [{"status": "in", "from": "2015-01-01"}]}
    made = make_bridge(tmp_path, None, host=Host.load(), clinic={"network": network})
    yield Course(made)
    made.close()


def test_the_request_is_asked_for_once_until_it_is_made(course: Course) -> None:
    assert course.work() == ["request-authorization"]
    course.complete(0)
    for number in range(1, 5):
        course.book(number)
    assert course.work() == ["request-authorization"]
    open_ = {"status": "requested", "visits": None, "from": None, "to": None, "number": None}
    fact = course.file(**open_)
    assert course.work() == ["chase-authorization"]
    course.answer(fact)
    assert course.work() == []


def test_more_visits_are_asked_for_until_they_are_asked_for(course: Course) -> None:
    course.file(number="EV1")
    for number in range(4):
        course.book(number)
        course.complete(number)
    assert course.work() == ["request-extension"]
    fact = course.file(number="EV2", status="requested", requested_on="2026-12-29")
    assert course.work() == ["chase-authorization"]
    course.answer(fact, number="EV2", visits=2, requested_on="2026-12-29", **{"from": "2026-12-29"})
    assert course.work() == []
