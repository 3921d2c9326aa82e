"""What a client agrees to who comes without insurance."""

from datetime import date
from decimal import Decimal

import pytest

from massage_ins_bridge.messages.page_words import say
from massage_ins_bridge.messages.terms import Offer, dollars, reasons, terms, terms_copy

TODAY = date(2026, 12, 1)
WHY = "Your plan told us that it does not cover massage. Please call us."


def test_the_terms_name_service_day_price_and_why() -> None:
    offer = Offer("medical-massage", date(2026, 12, 16), 60, Decimal(110), (WHY,))
    assert terms(offer, "en", TODAY) == [
        "Visit: medical massage on Wednesday, December 16, 60 minutes.",
        "You pay $110 at the visit, by card or cash.",
        "We do not bill your plan for this visit, and it pays nothing back.",
        "Why your plan will not pay: Your plan told us that it does not cover massage.",
        say("en", "self_pay_choice"),
    ]
    spanish = terms(offer, "es", TODAY)
    assert spanish[1] == "Usted paga $110 en la cita, con tarjeta o en efectivo."
    assert spanish[3].endswith("Su plan nos dijo que no cubre masaje.")


def test_what_is_not_known_is_not_said() -> None:
    offer = Offer("", date(2026, 12, 16), None, Decimal("99.50"))
    assert len(terms(offer, "en", TODAY)) == 3
    assert terms_copy(offer, "en")[0] == "You pay $99.50 at the visit, by card or cash."


def test_a_reason_asks_for_nothing() -> None:
    assert reasons(WHY) == "Your plan told us that it does not cover massage."


@pytest.mark.parametrize(
    ("amount", "said"),
    [("110", "$110"), ("110.00", "$110"), ("99.5", "$99.50"), ("1200", "$1,200")],
)
def test_dollars(amount: str, said: str) -> None:
    assert dollars(Decimal(amount)) == said
