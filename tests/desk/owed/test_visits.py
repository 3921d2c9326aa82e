"""What visits owe, whoever wrote them down, and as long as they owe it."""

from datetime import date, timedelta
from typing import Any

import pytest
from tests.desk.bridge import Bridge
from tests.desk.over import close, over
from tests.desk.owed.looking import open_tasks

from massage_ins_bridge.api import Action
from massage_ins_bridge.desk.tasks import finish, reopen
from massage_ins_bridge.testing.bookings import START

HERE = {"on": "2026-12-07", "payer": "regence", "provider": "this-clinic"}
REPORT = {"on": "2026-12-08", "payer": "regence"}


@pytest.fixture
def later(bridge: Bridge) -> Bridge:
    """A client whose booking is over."""
    return over(bridge)


@pytest.mark.parametrize(
    ("visit", "number"),
    [
        (HERE, 1),
        ({**HERE, "payer": "Regence Shield", "modality": "massage"}, 1),
        ({**HERE, "payer": "cash"}, 0),
        ({k: v for k, v in HERE.items() if k != "payer"}, 0),
        ({**HERE, "provider": "other"}, 0),
        ({**HERE, "modality": "acupuncture"}, 0),
        ({**HERE, "on": "2026-10-01"}, 0),  # a chart is being filled
    ],
)
def test_a_visit_that_staff_wrote_down_owes_like_any_other(
    later: Bridge, visit: dict[str, Any], number: int
) -> None:
    later.add_fact("b1", "visit", visit)
    assert len(open_tasks(later, "after-visit")) == number


def test_a_claim_is_due_within_the_clinics_own_days(later: Bridge) -> None:
    last = date(2027, 12, 8)
    later.knobs.after = (Action("submit-claim", "CP-COVERAGE", "Bill.", last),)
    close(later, "completed")
    (task,) = open_tasks(later, "after-visit")
    assert (task.due, task.last_day) == (date(2026, 12, 15), last)


@pytest.mark.parametrize("other", ["no-show", "open"])
def test_an_ending_that_is_taken_back_owes_nothing(later: Bridge, other: str) -> None:
    close(later, "completed")
    assert len(open_tasks(later, "after-visit")) == 1
    close(later, other)
    assert open_tasks(later, "after-visit") == []
    close(later, "completed")
    assert len(open_tasks(later, "after-visit")) == 1


def test_what_staff_did_stays_done_and_can_be_taken_back(later: Bridge) -> None:
    close(later, "completed")
    (task,) = open_tasks(later, "after-visit")
    with later.installation.write() as record:
        finish(record, task.id)
    later.add_fact("b1", "progress-report", REPORT)
    assert open_tasks(later, "after-visit") == []
    with later.installation.write() as record:
        reopen(record, task.id)
    later.work()
    assert [t.id for t in open_tasks(later, "after-visit")] == [task.id]


def test_a_hook_that_fails_leaves_a_task_and_is_asked_again(later: Bridge) -> None:
    close(later, "completed")
    later.knobs.broken_hooks = True
    later.add_fact("b1", "progress-report", REPORT)
    assert len(open_tasks(later, "after-visit")) == 1
    (failed,) = open_tasks(later, "after-visit-failed")
    assert "secret" not in failed.message
    later.knobs.broken_hooks, later.knobs.after = False, ()
    later.add_fact("b1", "progress-report", {**REPORT, "improvement": True})
    assert open_tasks(later, "after-visit") == open_tasks(later, "after-visit-failed") == []


def test_what_is_the_clients_is_asked_of_the_latest_visit(later: Bridge) -> None:
    later.knobs.after = (Action("request-extension", "CP-COVERAGE", "Ask."),)
    later.add_fact("b1", "visit", HERE)
    close(later, "completed")
    (task,) = open_tasks(later, "after-visit")
    assert task.booking == later.row("b1").id


@pytest.mark.parametrize(("kind", "number"), [("letter", 2), ("form", 1), ("note", 2)])
def test_a_plugin_says_whether_work_is_the_clients_or_each_visits(
    later: Bridge, kind: str, number: int
) -> None:
    later.knobs.after = (Action(f"core.{kind}", "CP-COVERAGE", "Send it."),)
    later.add_fact("b1", "visit", HERE)
    close(later, "completed")
    assert len(open_tasks(later, "after-visit")) == number


def test_an_earlier_visits_own_work_stays_when_its_claim_is_done(later: Bridge) -> None:
    later.knobs.after += (Action("core.letter", "CP-COVERAGE", "Send it."),)
    later.add_fact("b1", "visit", HERE)
    (claim,) = [t for t in open_tasks(later, "after-visit") if t.message.startswith("submit-claim")]
    with later.installation.write() as record:
        finish(record, claim.id)
    close(later, "completed")
    said = [task.message for task in open_tasks(later, "after-visit")]
    assert "Write the letter: Send it. Visit of December 7, 2026." in said


def test_nothing_is_owed_for_a_visit_that_the_client_paid(bridge: Bridge) -> None:
    bridge.take("b1", service_ref="2")
    bridge.clock.moment = START + timedelta(hours=2)
    close(bridge, "completed")
    assert open_tasks(bridge, "after-visit") == []
