"""Payers whose rules nobody has: one task for each, until somebody decides."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.desk.bridge import Bridge, make_bridge
from tests.desk.owed.looking import open_tasks
from tests.hooks.doubles import host_with

from massage_ins_bridge.desk.overrides import override
from massage_ins_bridge.testing.bookings import START


@pytest.fixture
def strange(tmp_path: Path) -> Iterator[Bridge]:
    """A client of an insurance that nobody knows, who has booked twice."""
    made = make_bridge(tmp_path, None, host=host_with(only=["regence"]))
    for ref, days in (("b1", 0), ("b2", 7)):
        made.take(ref, start=START + timedelta(days=days), answers={"payer": "Acme Mutual"})
    yield made
    made.close()


def test_a_payer_without_rules_is_one_task_for_all_its_bookings(strange: Bridge) -> None:
    (task,) = open_tasks(strange, "no-rules")
    assert "what Acme Mutual asks for: no plugin for it is installed" in task.message
    assert str(task.due) == "2026-12-07"


def test_a_booking_that_somebody_decided_waits_no_longer(strange: Bridge) -> None:
    for ref, left in (("b1", 1), ("b2", 0)):
        with strange.installation.write() as record:
            word = {"outcome": "allow", "reason": "They asked the payer.", "name": "Kim"}
            override(record, strange.row(ref).id, word)
        strange.work()
        assert len(open_tasks(strange, "no-rules")) == left


def test_a_client_who_pays_themselves_owes_no_question(strange: Bridge) -> None:
    for ref in ("b1", "b2"):
        strange.choose(ref, self_pay=True)
    assert open_tasks(strange, "no-rules") == []
