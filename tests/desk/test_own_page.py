"""The client's page: what it says in each state, and that it says no more."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.desk.bridge import Bridge
from tests.desk.pages import (
    act,
    come,
    insured,
    link_to,
    look,
    opened,
    page_bridge,
    prescribed,
    told,
)
from tests.documents.made import JPEG

from massage_ins_bridge.desk.book import book
from massage_ins_bridge.desk.overrides import override
from massage_ins_bridge.desk.own_page import first_name, own_page
from massage_ins_bridge.desk.paper_states import change_document
from massage_ins_bridge.desk.papers import Given, list_documents
from massage_ins_bridge.desk.refusals import stop
from massage_ins_bridge.desk.said import choose_self_pay
from massage_ins_bridge.testing.bookings import START


@pytest.fixture
def bridge(tmp_path: Path, database_url: str | None) -> Iterator[Bridge]:
    made = page_bridge(tmp_path, database_url)
    yield made
    made.close()


def cards(bridge: Bridge) -> list[tuple[str, str]]:
    return [(need.card, need.state) for need in look(bridge).needs.cards]


def test_on_hold_it_says_what_is_missing_and_until_when(bridge: Bridge) -> None:
    come(bridge)
    insured(bridge)
    link_to(bridge)
    page = look(bridge)
    assert (page.state, page.first, page.keep_until) == ("hold", "Sofia", date(2026, 12, 4))
    assert cards(bridge) == [
        ("prescription", "missing"),
        ("intake", "missing"),
        ("cost", "to_read"),
    ]
    assert page.visit is not None
    assert (page.visit.therapist, page.visit.minutes) == ("Tomás Ortega", 60)
    assert (page.self_pay, page.may_give_back, page.soon, page.late) == (None, True, False, False)


def test_what_was_sent_is_looked_at_and_not_missing(bridge: Bridge) -> None:
    come(bridge)
    insured(bridge)
    link_to(bridge)
    act(bridge, "prescription", files=[Given("rx.jpg", JPEG)])
    assert ("prescription", "looking") in cards(bridge)
    act(bridge, "intake")
    page = look(bridge)
    assert (page.state, page.needs.missing, page.needs.plan) == ("waiting", 0, False)
    assert page.keep_until == date(2026, 12, 4)
    with bridge.installation.write() as record:
        (document,) = list_documents(record, bridge.row("b1").patient_id)
        change_document(bridge.installation, record, document.id, {"state": "filed"})
    assert ("prescription", "missing") in cards(bridge)  # it did not do


def test_cured_it_says_that_nothing_is_missing(bridge: Bridge) -> None:
    come(bridge)
    insured(bridge)
    prescribed(bridge)
    told(bridge, intake_received=True, acknowledged_on="2026-11-22")
    link_to(bridge)
    page = look(bridge)
    assert (page.state, page.needs.cards, page.may_give_back) == ("confirmed", (), True)


def test_what_the_plan_has_to_answer_is_waited_for(bridge: Bridge) -> None:
    come(bridge)
    insured(bridge, funding="self_insured")
    prescribed(bridge)
    told(bridge, intake_received=True)
    bridge.add_fact(
        "b1",
        "visit",
        {"on": "2026-11-20", "payer": "regence", "modality": "massage", "provider": "this-clinic"},
    )
    bridge.add_fact(
        "b1",
        "authorization",
        {"payer": "regence", "kind": "prior-authorization", "status": "requested"},
    )
    link_to(bridge)
    page = look(bridge)
    assert (page.state, page.needs.plan) == ("waiting", True)


def test_refused_it_says_why_and_what_can_be_done(tmp_path: Path) -> None:
    bridge = page_bridge(tmp_path, account={"refuse_after_minutes": 15})
    come(bridge, start=START - timedelta(days=14))
    insured(bridge)
    link_to(bridge)
    page = look(bridge)
    assert (page.state, page.soon, page.for_a_paper) == ("refused", True, True)
    assert page.why == (
        (
            "We have no prescription from your provider. It is too late to get one for this date. "
            "Please choose a later one."
        ),
    )
    assert page.self_pay is not None
    assert (page.self_pay.terms, page.may_give_back) == ("signed-before", False)
    with bridge.installation.write() as record:
        stop(bridge.installation, record, bridge.row("b1").id, {"name": "Dana"})
    assert look(bridge).state in ("hold", "waiting")
    bridge.close()


def test_a_refusal_that_is_done_shows_no_terms(bridge: Bridge) -> None:
    come(bridge, start=START - timedelta(days=14))
    insured(bridge)
    bridge.work()
    assert bridge.row("b1").platform_status == "rejected"
    link_to(bridge)
    page = look(bridge)
    assert (page.state, page.soon, page.self_pay) == ("refused", False, None)
    assert page.may_pay is True  # at a new time, on terms that they see first


def test_who_chose_to_pay_is_not_told_that_the_visit_cannot_be(tmp_path: Path) -> None:
    bridge = page_bridge(tmp_path, account={"refuse_after_minutes": 15})
    come(bridge, start=START - timedelta(days=14))
    insured(bridge)
    link_to(bridge)
    with bridge.installation.write() as record:
        choose_self_pay(record, bridge.row("b1").id)
    page = look(bridge)  # before the visit is judged again
    assert (page.state, page.why, page.self_pay, page.soon) == ("chosen", (), None, False)
    bridge.work()
    assert look(bridge).state == "confirmed"
    bridge.close()


@pytest.mark.parametrize(("ref", "last"), [("b1", date(2026, 12, 9)), (None, date(2026, 12, 6))])
def test_it_says_until_when_its_own_link_works(bridge: Bridge, ref: str | None, last: date) -> None:
    come(bridge)
    link_to(bridge, ref, **({} if ref else {"patient": bridge.row("b1").patient_id, "days": 14}))
    assert look(bridge).works_until == last


def test_on_the_day_itself_it_asks_for_a_call(bridge: Bridge) -> None:
    come(bridge, status="accepted")
    insured(bridge)
    link_to(bridge)
    assert look(bridge).state == "hold_standing"
    bridge.clock.moment = START - timedelta(hours=3)
    told(bridge, guardian_consent=True)
    assert look(bridge).state in ("today", "call")


def test_what_a_person_accepted_is_never_threatened(bridge: Bridge) -> None:
    come(bridge, start=START - timedelta(days=14), status="accepted", asks_confirmation=True)
    insured(bridge)
    link_to(bridge)
    page = look(bridge)
    assert (bridge.row("b1").outcome, page.state) == ("block", "call")
    assert (page.keep_until, page.why) == (None, ())


def test_an_account_that_observes_threatens_nobody(tmp_path: Path) -> None:
    bridge = page_bridge(tmp_path, enforcement="observe")
    come(bridge, start=START - timedelta(days=14))
    insured(bridge)
    link_to(bridge)
    assert (bridge.row("b1").outcome, look(bridge).state) == ("block", "booked")
    come(bridge, "b2", start=START + timedelta(days=1))
    link_to(bridge, "b2")
    page = look(bridge)
    assert (page.state, page.keep_until) == ("hold", None)
    bridge.close()


def test_an_override_ends_the_asking(bridge: Bridge) -> None:
    come(bridge)
    insured(bridge)
    link_to(bridge)
    with bridge.installation.write() as record:
        sent = {"name": "Dana", "outcome": "allow", "reason": "the paper is on its way"}
        override(record, bridge.row("b1").id, sent)
    bridge.work()
    assert (look(bridge).state, look(bridge).self_pay) == ("confirmed", None)


@pytest.mark.parametrize(
    ("payer", "more", "offered"),
    [
        ("regence", {}, None),  # on hold in network: never
        ("premera", {"funding": "self_insured"}, "free"),
        ("lni", {"claim": {"number": "AB12345", "status": "open"}}, None),
        ("va", {}, None),
        ("apple-health", {}, None),
    ],
)
def test_self_pay_stands_there_only_where_it_is_lawful(
    bridge: Bridge, payer: str, more: dict[str, Any], offered: str | None
) -> None:
    come(bridge, payer=payer)
    insured(bridge, payer=payer, **more)
    link_to(bridge)
    page = look(bridge)
    assert (page.self_pay.terms if page.self_pay else None) == offered
    billed = payer not in ("lni", "va", "apple-health")
    assert ("cost" in [need.card for need in page.needs.cards]) == billed
    with bridge.installation.read() as record:
        (last,) = record.decisions.last_of([bridge.row("b1").id]).values()
        assert record.decisions.data(last)["self_pay_offered"] == (offered is not None)


def test_a_client_s_link_shows_the_next_visit_and_names_the_others(bridge: Bridge) -> None:
    come(bridge, "late", start=START + timedelta(days=7))
    come(bridge, "soon")
    patient = bridge.row("soon").patient_id
    link_to(bridge, None, patient=patient)
    page = look(bridge)
    assert page.visit is not None
    assert page.visit.id == bridge.row("soon").id
    late = bridge.row("late").id
    assert [booking for booking, _ in page.others] == [late]
    with bridge.installation.read() as record:
        other = own_page(bridge.installation, record, opened(bridge, record), late)
        strange = own_page(bridge.installation, record, opened(bridge, record), "bkg_0")
    assert other.visit is not None
    assert strange.visit is not None
    assert (other.visit.id, strange.visit.id) == (late, bridge.row("soon").id)


def test_a_client_without_a_visit(bridge: Bridge) -> None:
    come(bridge)
    patient = bridge.row("b1").patient_id
    bridge.take("b1", "cancelled", status="cancelled")
    link_to(bridge, None, patient=patient)
    page = look(bridge)
    assert (page.state, page.visit, page.needs.cards) == ("no_visit", None, ())
    link_to(bridge)
    assert look(bridge).state == "cancelled"


def test_a_booking_made_by_hand_is_never_threatened(bridge: Bridge) -> None:
    come(bridge)
    insured(bridge)
    with bridge.installation.write() as record:
        start = (START + timedelta(days=1)).isoformat()
        sent = {"patient": bridge.row("b1").patient_id, "start": start}
        row = book(bridge.installation, record, sent)
    link_to(bridge, None, booking=row.id)
    page = look(bridge)
    assert (page.state, page.keep_until, page.may_give_back) == ("hold_standing", None, True)


def test_nothing_that_is_nobody_s_business_is_in_it(bridge: Bridge) -> None:
    come(bridge)
    insured(bridge, member_id="ZZZ987654", group_number="55555")
    prescribed(bridge, diagnoses=["M54.50"], staff_confirmed=False)
    told(bridge, birth_date="1980-02-03")
    link_to(bridge)
    page = look(bridge)
    said = str({k: v for k, v in asdict(page).items() if k not in ("name", "papers")})
    said = said.replace(bridge.row("b1").id, "")  # in which any figures may stand by chance
    for secret in ("ZZZ987654", "55555", "M54", "1980", "Reyes", "sitting", "12345678"):
        assert secret not in said


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Sofia Reyes", "Sofia"),
        ("Reyes, Sofia", "Sofia"),
        ("Reyes,", "Reyes"),
        ("Prince", "Prince"),
        ("", ""),
        (None, ""),
    ],
)
def test_the_first_name(name: str | None, first: str) -> None:
    assert first_name(name) == first
