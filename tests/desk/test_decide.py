"""Deciding a client again: what holds, what is final, and what is decided once."""

import copy
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

import pytest
from tests.desk.bridge import Bridge, make_bridge, name_services

from massage_ins_bridge.desk.chart import add_fact, change_client
from massage_ins_bridge.desk.decide import decide_again
from massage_ins_bridge.desk.opened import Opened
from massage_ins_bridge.desk.tags import to_json
from massage_ins_bridge.desk.tasks import finish
from massage_ins_bridge.desk.views import whole_booking
from massage_ins_bridge.hooks.host import Host
from massage_ins_bridge.testing.bookings import NOW, START
from massage_ins_bridge.testing.requests import authorization, request


def test_one_wakeup_run_by_many(bridge: Bridge) -> None:
    patient = bridge.take("b1").patient_id
    with bridge.installation.write() as record:
        for row in record.facts.list(patient, "coverage"):
            record.facts.remove(row)
        add_fact(record, patient, "coverage", {"payer": "regence", "staff_confirmed": True})
    (wakeup,) = [work.item for work in bridge.started if work.kind == "wakeup"]
    with ThreadPoolExecutor(8) as pool:
        assert not any(pool.map(lambda _: decide_again(bridge.installation, wakeup), range(8)))
    assert len([work for work in bridge.started if work.kind == "write"]) == 1


def test_a_decision_stored_by_an_earlier_release_is_read_as_those_of_today(bridge: Bridge) -> None:
    """Those cite their sources as text. A decision is never rewritten, so that both remain."""
    row = bridge.take("b1")
    with bridge.installation.write() as record:
        stored = record.decisions.last_of([row.id])[row.id]
        said = copy.deepcopy(record.decisions.data(stored))
        today = copy.deepcopy(said["requirements"][0]["source"])
        for item in said["requirements"]:
            item["source"] = "WAC 296-23-250"
        said["waivers"] = [{"key": "benefit", "rule": "X-1", "source": "a letter"}]
        scope = record.decisions._scope
        place = scope.place("decisions.decision")
        stored.decision_sealed = scope.vault.seal_json(said, place)
    assert set(today) == {"title", "href", "read_on", "sure"}
    with bridge.installation.read() as record:
        view = whole_booking(bridge.installation, record, bridge.row("b1"))
        why = Opened().decisions(record, [row.id])[row.id]
    shown = json.loads(to_json(view))["decisions"][-1]["decision"]
    old = {"title": "WAC 296-23-250", "href": None, "read_on": None, "sure": "unsure"}
    assert [item["source"] for item in shown["requirements"]] == [old] * len(said["requirements"])
    assert shown["waivers"][0]["source"] == {**old, "title": "a letter"}
    assert why.reasons
    before = bridge.decisions("b1")
    bridge.add_fact("b1", "visit", {"on": "2026-11-01"})
    assert bridge.decisions("b1") == before + 1


def test_lists_without_entries_are_known_to_be_empty(bridge: Bridge) -> None:
    bridge.take("b1")
    case = bridge.last_case
    for name in ("prescriptions", "authorizations", "visits", "upcoming", "progress_reports"):
        assert getattr(case, name) == ()


def test_a_fault_in_deciding_holds(bridge: Bridge, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_chart: object) -> None:
        raise RuntimeError("Ann Lee has a secret")

    with monkeypatch.context() as broken:
        broken.setattr(bridge.installation.host, "case", fail)
        row = bridge.take("b1")
    assert (row.outcome, row.platform_status) == ("hold", "pending")
    assert "deciding-failed" in bridge.tasks()
    bridge.confirm_coverage("b1")
    assert bridge.row("b1").platform_status == "accepted"
    assert "deciding-failed" not in bridge.tasks()


def test_what_the_settings_name_no_more_is_left_alone_and_counts_for_nothing(
    bridge: Bridge,
) -> None:
    """One visit is paid for; it was held for a service that the clinic names no more."""
    bridge.knobs.visits = 1
    bridge.take("old", "created", status="accepted", service_ref="1")
    name_services(bridge, "9")
    bridge.take("new", start=START + timedelta(days=1), service_ref="9")
    bridge.confirm_coverage("new")
    assert (bridge.outcome("old"), bridge.outcome("new")) == (None, "allow")
    assert "hold-by-hand" not in bridge.tasks()


def test_a_blocked_booking_is_final(bridge: Bridge) -> None:
    bridge.knobs.visits = 0
    bridge.take("b1")
    bridge.knobs.visits = 10
    bridge.confirm_coverage("b1")
    assert bridge.outcome("b1") == "block"
    assert len(bridge.platform.changes) == 1


def test_a_cure_after_a_block_invites_the_client_once(bridge: Bridge) -> None:
    bridge.knobs.visits = 0
    bridge.take("b1")
    bridge.add_fact("b1", "visit", {"on": "2026-11-01"})
    assert "invite" not in bridge.tasks()
    bridge.knobs.visits = 10
    bridge.confirm_coverage("b1")
    assert bridge.tasks().count("invite") == 1
    with bridge.installation.write() as record:
        for task in record.tasks.due_first(10):
            finish(record, task.id)
    bridge.add_fact("b1", "visit", {"on": "2026-11-02"})
    assert "invite" not in bridge.tasks()
    assert bridge.row("b1").platform_status == "rejected"


PAYER_RULES = pytest.mark.skipif(
    find_spec("massage_ins_bridge_regence") is None, reason="payer-regence is not installed"
)


@pytest.fixture
def regence(tmp_path: Path) -> Iterator[Bridge]:
    """The same installation over the installed payer rules."""
    network = {"regence": [{"status": "in", "from": "2015-01-01"}]}
    made = make_bridge(tmp_path, None, host=Host.load(), clinic={"network": network})
    yield made
    made.close()


def fill_chart(bridge: Bridge, ref: str, *, approved: int) -> None:
    """All that Regence asks for, and an approval for so many visits."""
    facts = request("regence", **{"coverages.0.funding": "self_insured", "prescriptions.0.id": ...})
    patient = bridge.row(ref).patient_id
    with bridge.installation.write() as record:
        change_client(record, patient, {"intake_received": True})
        add_fact(record, patient, "prescription", facts["prescriptions"][0])
        add_fact(record, patient, "authorization", authorization("regence", visits=approved))
        add_fact(record, patient, "coverage", facts["coverages"][0])
    bridge.work()


@PAYER_RULES
def test_a_payers_rules_hold_and_are_cured(regence: Bridge) -> None:
    regence.take("b1", answers={})
    assert regence.outcome("b1") == "hold"
    fill_chart(regence, "b1", approved=1)
    assert regence.row("b1").platform_status == "accepted"
    regence.take("b2", start=START + timedelta(days=1), sent_at=NOW, answers={})
    assert (regence.outcome("b1"), regence.outcome("b2")) == ("allow", "hold")
    regence.pass_time(START - timedelta(days=1))  # no answer can come in time any more
    assert (regence.outcome("b1"), regence.outcome("b2")) == ("allow", "block")


@PAYER_RULES
def test_a_clinic_may_have_late_authorizations_held(tmp_path: Path) -> None:
    network = {"regence": [{"status": "in", "from": "2015-01-01"}]}
    clinic = {"network": network, "late_authorization": "hold"}
    made = make_bridge(tmp_path, None, host=Host.load(), clinic=clinic)
    try:
        made.take("b1", answers={})
        fill_chart(made, "b1", approved=1)
        made.take("b2", start=START + timedelta(days=1), sent_at=NOW, answers={})
        made.pass_time(START - timedelta(days=1))
        assert (made.outcome("b1"), made.outcome("b2")) == ("allow", "hold")
    finally:
        made.close()


@PAYER_RULES
def test_a_payers_deadline_passes(regence: Bridge) -> None:
    """There is no prescription, and it was due four days before."""
    regence.take("b1")
    for days, outcome in ((4, "hold"), (3, "block")):
        regence.pass_time(START - timedelta(days=days))
        assert regence.outcome("b1") == outcome
    assert regence.row("b1").platform_status == "rejected"
