"""What a client does on their page: each once, as their own word, and nothing half."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.desk.bridge import Bridge
from tests.desk.pages import (
    ONCE,
    act,
    come,
    insured,
    link_to,
    look,
    page_bridge,
    tasks,
    told,
)
from tests.documents.made import JPEG

from massage_ins_bridge.desk.page_acts import PageError, seen_of
from massage_ins_bridge.desk.papers import Given
from massage_ins_bridge.messages.page_words import say
from massage_ins_bridge.store.page_models import PageActRow
from massage_ins_bridge.testing.bookings import START

AGREED = {"agree": "yes", "name": "Sofia Reyes"}


@pytest.fixture
def bridge(tmp_path: Path, database_url: str | None) -> Iterator[Bridge]:
    made = page_bridge(tmp_path, database_url)
    yield made
    made.close()


def said(bridge: Bridge) -> list[dict[str, object]]:
    """All that was done, in words."""
    with bridge.installation.read() as record:
        rows = record.session.scalars(select(PageActRow).order_by(PageActRow.created_at))
        return [record.page_acts.said(row) for row in rows]


def wrong(bridge: Bridge, kind: str, **more: object) -> str:
    with pytest.raises(PageError) as caught:
        act(bridge, kind, **more)  # type: ignore[arg-type]
    assert caught.value.act == kind
    return caught.value.wrong


def test_a_form_that_comes_twice_is_one_act(bridge: Bridge) -> None:
    come(bridge)
    link_to(bridge)
    first = act(bridge, "prescription", files=[Given("a.jpg", JPEG)])
    assert act(bridge, "prescription", files=[Given("b.jpg", JPEG + b"\0")]) == first
    assert act(bridge, "intake") != first  # another form of the same page
    assert (
        act(bridge, "prescription", "another-page's-token", files=[Given("a.jpg", JPEG)]) != first
    )
    assert len(tasks(bridge, "document")) == 1
    assert said(bridge)[-1]["documents"] == []


def test_an_insurer_is_filed_as_a_word_that_nobody_confirmed(bridge: Bridge) -> None:
    come(bridge, payer=None)
    link_to(bridge)
    assert ("insurance", "missing") in [(n.card, n.state) for n in look(bridge).needs.cards]
    given = {"payer": " Regence  BlueShield ", "plan": "Innova", "member_id": "ZZZ1", "odd": "x"}
    act(bridge, "insurer", fields=given)
    with bridge.installation.read() as record:
        (coverage,) = record.facts.known(bridge.row("b1").patient_id)["coverage"]
    assert (coverage.payer, coverage.plan, coverage.member_id) == (
        "Regence BlueShield",
        "Innova",
        "ZZZ1",
    )
    assert (coverage.staff_confirmed, coverage.position) == (False, "primary")
    assert bridge.details("b1").payer == "Regence BlueShield"
    page = look(bridge)
    assert "We are checking the details you gave us." in page.needs.doing
    assert ("insurance", "looking") in [(n.card, n.state) for n in page.needs.cards]
    act(bridge, "card", files=[Given("card.jpg", JPEG)])  # there is a place for it still
    insured(bridge)
    assert "insurance" not in [need.card for need in look(bridge).needs.cards]


def test_another_insurer_does_not_overrule_the_one_on_the_booking(bridge: Bridge) -> None:
    come(bridge)
    link_to(bridge)
    act(bridge, "insurer", fields={"payer": "Premera", "member_id": "P1"})
    assert bridge.details("b1").payer == "regence"
    with bridge.installation.read() as record:
        known = record.facts.known(bridge.row("b1").patient_id)["coverage"]
    assert [c.position for c in known] == ["primary", "secondary"]
    assert known[1].payer == "Premera"


def test_a_claim_is_filed_with_its_day(bridge: Bridge) -> None:
    come(bridge, payer=None)
    link_to(bridge)
    claim = {"payer": "L&I", "claim_number": "AB12345", "date_of_injury": "2026-03-02"}
    act(bridge, "insurer", fields=claim)
    with bridge.installation.read() as record:
        (coverage,) = record.facts.known(bridge.row("b1").patient_id)["coverage"]
    assert coverage.claim is not None
    assert coverage.claim.number == "AB12345"


def test_intake_is_a_word_that_staff_checks(bridge: Bridge) -> None:
    come(bridge)
    insured(bridge)
    link_to(bridge)
    act(bridge, "intake")
    assert len(tasks(bridge, "client-says")) == 1
    with bridge.installation.read() as record:
        row = record.clients.get(bridge.row("b1").patient_id)
        assert row is not None
        assert "intake_received" not in record.clients.facts(row)
    told(bridge, intake_received=True)
    assert tasks(bridge, "client-says") == []
    assert "intake" not in [need.card for need in look(bridge).needs.cards]


def test_a_guardian_s_word_is_kept_as_it_was_given(bridge: Bridge) -> None:
    come(bridge)
    insured(bridge)
    told(bridge, birth_date="2012-01-01")
    link_to(bridge)
    assert wrong(bridge, "consent", fields={"name": "Rosa Reyes"}) == "wrong_box"
    assert wrong(bridge, "consent", fields={"agree": "yes", "name": "Rosa"}) == "wrong_name"
    act(bridge, "consent", fields={"agree": "yes", "name": "Rosa Reyes"})
    (kept,) = said(bridge)
    assert kept["name"] == "Rosa Reyes"
    assert kept["text"] == (
        "I am the parent or guardian, and I agree to massage at Alder Street Massage on Tuesday, "
        "December 8."
    )
    page = look(bridge)
    (need,) = [need for need in page.needs.cards if need.card == "consent"]
    assert (need.state, need.said["name"]) == ("looking", "Rosa Reyes")
    told(bridge, guardian_consent=True)
    assert tasks(bridge, "client-says") == []


def test_what_a_visit_may_cost_is_acknowledged_word_for_word(bridge: Bridge) -> None:
    come(bridge)
    insured(bridge)
    link_to(bridge)
    assert wrong(bridge, "cost") == "wrong_box"
    act(bridge, "cost", fields={"agree": "yes"}, language="es")
    with bridge.installation.read() as record:
        (fact,) = record.facts.list(bridge.row("b1").patient_id, "acknowledgement")
        text = record.facts.data(fact)["text"]
    assert text == said(bridge)[0]["text"]
    assert text.startswith("Su plan puede dejarle")
    assert "cost" not in [need.card for need in look(bridge).needs.cards if need.texts == ()]


def test_self_pay_is_signed_with_the_terms_that_were_shown(bridge: Bridge) -> None:
    come(bridge, payer="premera")
    insured(bridge, payer="premera", funding="self_insured")
    link_to(bridge)
    page = look(bridge)
    assert page.self_pay is not None
    assert wrong(bridge, "self-pay", fields={"name": "Sofia Reyes"}) == "wrong_box"
    assert wrong(bridge, "self-pay", fields={"agree": "yes", "name": "S"}) == "wrong_name"
    assert wrong(bridge, "self-pay", fields=AGREED, seen="an older page") == "wrong_old"
    act(bridge, "self-pay", fields=AGREED)
    (kept,) = said(bridge)
    assert kept["name"] == "Sofia Reyes"
    assert kept["terms"] == [
        "Visit: medical massage on Tuesday, December 8, 60 minutes.",
        "You pay $110 at the visit, by card or cash.",
        "We do not bill your plan for this visit, and it pays nothing back.",
        say("en", "self_pay_choice"),
    ]
    assert bridge.details("b1").self_pay is True
    assert (bridge.row("b1").outcome, bridge.row("b1").platform_status) == ("allow", "accepted")
    assert look(bridge).state == "confirmed"


def test_signed_before_says_why_the_plan_will_not_pay(tmp_path: Path) -> None:
    bridge = page_bridge(tmp_path, account={"refuse_after_minutes": 15})
    come(bridge, start=START - timedelta(days=14))
    insured(bridge)
    link_to(bridge)
    act(bridge, "self-pay", fields=AGREED)
    (kept,) = said(bridge)
    terms = kept["terms"]
    assert isinstance(terms, list)
    assert (
        "Why your plan will not pay: We have no prescription from your provider. It is too late to "
        "get one for this date." in terms
    )
    assert not any("prescription" in line for line in kept["copy"])  # type: ignore[attr-defined]
    assert bridge.row("b1").platform_status == "accepted"
    assert [change.after for change in bridge.platform.journal] == ["accepted"]
    bridge.close()


def test_nobody_signs_where_it_is_not_offered(bridge: Bridge) -> None:
    come(bridge, payer="lni")
    insured(bridge, payer="lni", claim={"number": "AB12345", "status": "open"})
    link_to(bridge)
    assert wrong(bridge, "self-pay", fields=AGREED) == "wrong_now"
    assert bridge.details("b1").self_pay is False


def test_nobody_signs_without_a_price(tmp_path: Path) -> None:
    bridge = page_bridge(tmp_path)
    page = bridge.installation.settings.client_page.model_copy(update={"prices": {}})
    settings = bridge.installation.settings.model_copy(update={"client_page": page})
    bridge.installation.settings = settings
    come(bridge, payer="premera")
    insured(bridge, payer="premera")
    link_to(bridge)
    assert wrong(bridge, "self-pay", fields=AGREED) == "wrong_now"
    bridge.close()


def test_a_visit_that_was_moved_meanwhile_is_not_given_back(bridge: Bridge) -> None:
    come(bridge)
    link_to(bridge)
    seen = seen_of(look(bridge))
    bridge.take("b1", start=START + timedelta(days=2), end=START + timedelta(days=2, hours=1))
    assert wrong(bridge, "give-back", seen=seen) == "wrong_old"
    act(bridge, "give-back")
    assert bridge.row("b1").platform_status == "cancelled"
    assert wrong(bridge, "give-back", once="x" * 20) == "wrong_now"


def test_a_form_of_a_visit_that_is_over_is_filed_with_no_other(bridge: Bridge) -> None:
    come(bridge, payer=None)
    come(bridge, "b2", payer=None, start=START + timedelta(days=7))
    link_to(bridge, None, patient=bridge.row("b1").patient_id)
    gone = bridge.row("b1").id
    bridge.take("b1", "cancelled", status="cancelled")
    given = {"payer": "Regence"}
    assert wrong(bridge, "insurer", fields=given, booking=gone) == "wrong_old"
    assert bridge.details("b2").payer is None
    act(bridge, "insurer", fields=given, booking=bridge.row("b2").id)
    assert bridge.details("b2").payer == "Regence"


@pytest.mark.parametrize(
    ("kind", "fields", "why"),
    [
        ("insurer", {}, "wrong_payer"),
        ("insurer", {"payer": "\ufffd."}, "wrong_payer"),
        ("insurer", {"payer": "x" * 201}, "wrong_long"),
        ("insurer", {"payer": "L&I", "date_of_injury": "31/02/2026"}, "wrong_date"),
        ("prescription", {}, "wrong_no_file"),
    ],
)
def test_what_is_wrong_is_said_and_not_kept(
    bridge: Bridge, kind: str, fields: dict[str, str], why: str
) -> None:
    come(bridge)
    link_to(bridge)
    assert wrong(bridge, kind, fields=fields) == why
    assert said(bridge) == []


@pytest.mark.parametrize("once", ["", "short", "x" * 201])
def test_a_form_without_its_token_is_old(bridge: Bridge, once: str) -> None:
    come(bridge)
    link_to(bridge)
    assert wrong(bridge, "intake", once=once) == "wrong_old"
    assert len(ONCE) >= 16
