"""What is found on a prescription: one task for each paper and payer."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from tests.desk.bridge import Bridge, make_bridge
from tests.desk.owed.looking import open_tasks

from massage_ins_bridge.api import Action
from massage_ins_bridge.desk.chart import add_client, add_fact, change_fact, list_facts
from massage_ins_bridge.hooks.host import Host
from massage_ins_bridge.testing.requests import request

BAD: dict[str, Any] = {"signed_on": "2026-11-20", "purpose": "relaxation", "diagnoses": ["M54.50"]}
GOOD = {**BAD, "purpose": "rehabilitation"}


@pytest.fixture
def strict(bridge: Bridge) -> Bridge:
    bridge.knobs.unmet = frozenset({"relaxation"})
    bridge.take("b1")
    return bridge


def test_an_unmet_finding_is_a_task_until_it_is_cured(strict: Bridge) -> None:
    strict.add_fact("b1", "prescription", BAD)
    (task,) = open_tasks(strict, "prescription")
    assert (
        "signed on November 20, 2026 does not do for Regence: It is wrong. Mend it." in task.message
    )
    patient = strict.row("b1").patient_id
    with strict.installation.write() as record:
        (fact,) = list_facts(record, patient, "prescription")
        change_fact(record, (patient, "prescription", fact.record), GOOD, merge=False)
    strict.work()
    assert open_tasks(strict, "prescription") == []


@pytest.mark.skipif(find_spec("massage_ins_bridge_regence") is None, reason="it is missing")
def test_a_payers_long_words_and_facts_of_health_stand_in_no_task(tmp_path: Path) -> None:
    made = make_bridge(tmp_path, None, host=Host.load())
    facts = request("regence")
    paper = {**facts["prescriptions"][0], "pain": True, "loss_of_function": False}
    with made.installation.write() as record:
        patient = add_client(record, {"name": "Bea Cho"}).id
        add_fact(record, patient, "coverage", facts["coverages"][0])
        add_fact(record, patient, "prescription", paper)
    made.work()
    (task,) = open_tasks(made, "prescription")
    made.close()
    assert "It does not show the medical need that the payer asks for. Ask" in task.message
    assert [w for w in ("means by it", "loss of function") if w in task.message] == []


def test_a_client_without_bookings_has_it_too(strict: Bridge) -> None:
    with strict.installation.write() as record:
        patient = add_client(record, {"name": "Bea Cho"}).id
        add_fact(record, patient, "coverage", {"payer": "regence"})
        add_fact(record, patient, "prescription", BAD)
    strict.work()
    (task,) = open_tasks(strict, "prescription")
    assert (task.patient, task.booking) == (patient, None)


@pytest.mark.parametrize(
    ("newer", "number"),
    [
        ({**GOOD, "signed_on": "2026-11-21"}, 0),
        ({**BAD, "signed_on": "2026-11-21"}, 2),
        ({**GOOD, "signed_on": "2026-11-19"}, 1),
        ({**GOOD, "signed_on": "2026-11-21", "diagnoses": ["S13.4XXA"]}, 1),
    ],
)
def test_a_newer_paper_for_the_same_condition_takes_its_place(
    strict: Bridge, newer: dict[str, Any], number: int
) -> None:
    strict.add_fact("b1", "prescription", BAD)
    strict.add_fact("b1", "prescription", newer)
    assert len(open_tasks(strict, "prescription")) == number


def test_the_bookings_wish_is_part_of_it(strict: Bridge) -> None:
    strict.knobs.actions = (Action("ask-prescriber", "CP-COVERAGE", "Back to the prescriber."),)
    strict.add_fact("b1", "prescription", GOOD)
    assert len(open_tasks(strict, "action")) == 1
    strict.add_fact("b1", "prescription", {**BAD, "signed_on": "2026-11-21"})
    assert (len(open_tasks(strict, "action")), len(open_tasks(strict, "prescription"))) == (0, 1)


def test_a_hook_that_fails_leaves_a_task_and_is_asked_again(strict: Bridge) -> None:
    strict.knobs.broken_hooks = True
    strict.add_fact("b1", "prescription", BAD)
    (failed,) = open_tasks(strict, "prescription-failed")
    assert "secret" not in failed.message
    strict.knobs.broken_hooks = False
    strict.add_fact("b1", "progress-report", {"on": "2026-11-22", "payer": "regence"})
    assert len(open_tasks(strict, "prescription")) == 1
    assert open_tasks(strict, "prescription-failed") == []
