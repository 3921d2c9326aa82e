"""An appeal, and a complaint, cite what applies to this plan and this visit, and nothing else."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.desk.bridge import Bridge
from tests.desk.pages import CLINIC, come, insured, page_bridge, prescribed

from massage_ins_bridge.desk.acts import Done, note
from massage_ins_bridge.desk.appeals import Drafts, drafts, has_complaint, reason_given
from massage_ins_bridge.desk.chart import client_row, list_facts
from massage_ins_bridge.desk.errors import NotFoundError
from massage_ins_bridge.desk.roles import Person
from massage_ins_bridge.store.acts import About
from massage_ins_bridge.store.merging import merge

DENIED = {
    "kind": "prior-authorization",
    "status": "denied",
    "number": "EV-9",
    "requested_on": "2026-11-19",
    "decided_on": "2026-11-21",
}
COMMISSIONER = "the Office of the Insurance Commissioner, Washington State"


@pytest.fixture
def bridge(tmp_path: Path) -> Iterator[Bridge]:
    made = page_bridge(tmp_path)
    come(made, payer=None)
    yield made
    made.close()


def asked(bridge: Bridge, payer: str = "regence", **more: Any) -> None:
    bridge.clock.moment += timedelta(seconds=1)  # the last one is the one that is looked at
    bridge.add_fact("b1", "authorization", {**DENIED, "payer": payer, **more})


def found(bridge: Bridge) -> Drafts:
    patient = bridge.row("b1").patient_id
    with bridge.installation.read() as record:
        fact = list_facts(record, patient, "authorization")[-1].record
        return drafts(bridge.installation, record, patient, fact)


def complains(bridge: Bridge) -> bool:
    patient = bridge.row("b1").patient_id
    with bridge.installation.read() as record:
        fact = list_facts(record, patient, "authorization")[-1].record
        return has_complaint(bridge.installation, record, patient, fact)


def rules(made: Drafts) -> list[str | None]:
    assert made.appeal is not None
    return [one.rule for one in made.appeal.cites]


def test_the_law_is_cited_where_it_binds(bridge: Bridge) -> None:
    insured(bridge, member_id="ZZZ123")
    prescribed(bridge)
    asked(bridge)
    made = found(bridge)
    assert rules(made) == [None, "LAW-03", "LAW-09"]
    assert made.appeal is not None
    text = made.appeal.text
    for words in (
        "To Regence, appeals\nMember: Sofia Reyes\nMember id ZZZ123\nYour number EV-9",
        "Appeal against your denial of November 21, 2026",
        "- The prescription of November 20, 2026 names the diagnosis (M54.50) and what the",
        "cannot do: cannot sit longer than 20 minutes.",
        "- This is visit 1 of a new episode of care, in network. RCW 48.43.016(2)",
        "the first 6 visits",
    ):
        assert words in text
    assert "{" not in text
    assert [one.to for one in made.complaints] == ["Regence, complaints", COMMISSIONER]
    assert "RCW 48.43.016(2)" in made.complaints[1].text
    assert "We enclose the prescription." in text
    assert not any("enclose" in one.text for one in made.complaints)  # nothing rests on it
    assert complains(bridge)
    assert made.left_out == ()


def test_an_employers_own_plan_is_bound_by_no_state_law(bridge: Bridge) -> None:
    insured(bridge, funding="self_insured")
    prescribed(bridge)
    asked(bridge, requested_on="2026-11-01")  # late, if the law bound it
    made = found(bridge)
    assert rules(made) == [None]
    assert made.appeal is not None
    assert "RCW" not in made.appeal.text
    assert (made.complaints, complains(bridge)) == ((), False)
    assert "law on the first visits is not cited" in made.left_out[0]


@pytest.mark.parametrize(
    ("coverage", "cited"),
    [
        ({}, True),
        ({"funding": "unknown"}, False),
        ({"plan": "Federal Employee Plan"}, False),
        ({"plan": "UMP Classic"}, False),
        ({"staff_confirmed": None}, False),
    ],
)
def test_what_is_not_sure_is_not_cited(
    bridge: Bridge, coverage: dict[str, Any], cited: bool
) -> None:
    insured(bridge)
    patient = bridge.row("b1").patient_id
    with bridge.installation.write() as record:
        row = record.facts.list(patient, "coverage")[0]
        data = {**record.facts.data(row), **coverage}
        record.facts.replace(row, {k: v for k, v in data.items() if v is not None})
    asked(bridge)
    assert ("LAW-09" in rules(found(bridge))) is cited
    assert ("LAW-03" in rules(found(bridge))) is cited


def test_a_late_answer_is_told_with_its_days(bridge: Bridge) -> None:
    insured(bridge)
    asked(bridge, requested_on="2026-11-09", decided_on="2026-11-18")
    made = found(bridge)
    assert "LAW-06" in rules(made)
    assert made.appeal is not None
    assert (  # the 11th is a holiday
        "We asked on November 9, 2026. By RCW 48.43.830 a request that is sent electronically is "
        "answered within 3 days, holidays aside, which was by November 13, 2026. Your answer came "
        "on November 18, 2026."
    ) in made.appeal.text
    checks = [one.check for one in made.appeal.cites if one.rule == "LAW-06"]
    assert checks == [
        "Only if it was asked electronically, as in a portal: by fax or phone a carrier has 5 days."
    ]
    asked(bridge, requested_on="2026-11-09", decided_on="2026-11-13")
    assert "LAW-06" not in rules(found(bridge))


def test_no_answer_at_all_is_a_matter_for_a_complaint_alone(bridge: Bridge) -> None:
    insured(bridge)
    asked(bridge, status="requested", requested_on="2026-11-09", decided_on=None)
    made = found(bridge)
    assert (made.appeal, made.denied_on) == (None, None)
    assert "There is no answer yet." in made.complaints[0].text
    asked(bridge, status="requested", requested_on="2026-11-21", decided_on=None)
    assert found(bridge).complaints == ()


def test_the_laws_own_clock_counts_not_what_a_payer_is_taken_to_need(tmp_path: Path) -> None:
    """Kaiser is waited for 5 days, which is no law."""
    there = {**CLINIC, "network": {"kaiser": [{"status": "in", "from": "2015-01-01"}]}}
    bridge = page_bridge(tmp_path, clinic=there)
    come(bridge, payer=None)
    insured(bridge, payer="kaiser")
    asked(bridge, payer="kaiser", requested_on="2026-11-09", decided_on="2026-11-14")
    made = found(bridge)
    assert "LAW-06" in rules(made)
    assert "which was by November 13, 2026." in made.complaints[0].text
    asked(bridge, payer="kaiser", requested_on="2023-11-09", decided_on="2023-11-25")
    assert "LAW-06" not in rules(found(bridge))
    bridge.close()


def test_the_visit_is_numbered_as_the_law_counts(bridge: Bridge) -> None:
    insured(bridge)
    bridge.add_fact("b1", "visit", {"on": "2026-11-10", "payer": "cash"})
    asked(bridge)
    appeal = found(bridge).appeal
    assert appeal is not None
    assert "This is visit 2 of a new episode" in appeal.text


def test_a_denial_of_former_care_was_of_no_visit_of_now(bridge: Bridge) -> None:
    insured(bridge)
    asked(bridge, requested_on="2026-06-01", decided_on="2026-06-02")
    assert "LAW-03" not in rules(found(bridge))


def test_a_denial_of_an_unknown_day_is_given_none(bridge: Bridge) -> None:
    insured(bridge)
    asked(bridge, decided_on=None)
    appeal = found(bridge).appeal
    assert appeal is not None
    assert "\n\nAppeal against your denial\n\n" in appeal.text


@pytest.mark.parametrize(("number", "cited"), [("EV-1", True), ("EV-2", False), (None, False)])
def test_care_that_was_approved_is_not_denied_afterwards(
    bridge: Bridge, number: str | None, cited: bool
) -> None:
    """A denial of another number answers a request for more."""
    insured(bridge)
    days = {"requested_on": "2026-11-09", "decided_on": "2026-11-10", "to": "2027-01-10"}
    asked(bridge, status="approved", visits=4, number="EV-1", **days)
    asked(bridge, number=number)
    made = found(bridge)
    assert ("LAW-08" in rules(made)) is cited
    assert ("(number EV-1)" in made.complaints[0].text) is cited


def test_a_payer_without_laws_is_only_asked(bridge: Bridge) -> None:
    insured(bridge, payer="lni", funding="unknown")
    asked(bridge, payer="lni")
    made = found(bridge)
    assert rules(made) == []
    assert made.appeal is not None
    assert "We hold that the member needs this care." in made.appeal.text
    assert "ordered" not in made.appeal.text  # no prescription is on file
    assert "{" not in made.appeal.text


def test_an_approval_has_no_appeal(bridge: Bridge) -> None:
    insured(bridge)
    asked(bridge, status="approved", visits=4, to="2027-01-10")
    with pytest.raises(NotFoundError):
        found(bridge)


def test_the_reason_stays_with_whoever_was_two_clients(bridge: Bridge) -> None:
    insured(bridge)
    asked(bridge)
    come(bridge, "b2", name="Sofia M. Reyes", email="other@clients.example", payer=None)
    keep, gone = bridge.row("b2").patient_id, bridge.row("b1").patient_id
    with bridge.installation.write() as record:
        fact = list_facts(record, gone, "authorization")[-1].record
        needs = {"authorization": fact, "reason": "No need seen"}
        said = Done("note", "Regence denied it: No need seen", About(gone), "note", needs)
        note(record, Person("default", "Dana", "front-desk"), said)
        merge(record, client_row(record, keep), client_row(record, gone))
        assert reason_given(record, keep, fact) == "No need seen"
