"""What a client agrees to who comes without insurance, word for word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .days import Language, day_in_words
from .page_words import say
from .sentences import in_language


@dataclass(frozen=True, slots=True)
class Offer:
    """A visit without insurance. ``price``: ``None`` leaves room to write it by hand; ``why``: why
    the plan will not pay, in the words of the rules; empty where it is free to choose."""

    service: str
    day: date
    minutes: int | None
    price: Decimal | None
    why: Sequence[str] = ()


def terms(offer: Offer, language: Language, today: date) -> list[str]:
    """The terms, line by line."""
    day = day_in_words(offer.day, language, today)
    price = dollars(offer.price)
    lines = []
    if offer.minutes is not None:
        service = offer.service.replace("-", " ") or "massage"
        lines.append(
            say(language, "self_pay_service", service=service, day=day, minutes=offer.minutes)
        )
    lines.append(say(language, "self_pay_price", price=price))
    lines.append(say(language, "self_pay_plan"))
    if offer.why:
        said = [s.text for text in offer.why for s in in_language(reasons(text), language)]
        lines.append(" ".join((say(language, "self_pay_why"), *said)))
    return [*lines, say(language, "self_pay_choice")]


def reasons(text: str) -> str:
    """What a text tells, without what it asks for."""
    sentences = (said.text for said in in_language(text, "en"))
    return " ".join(s for s in sentences if not s.startswith("Please "))


def terms_copy(offer: Offer, language: Language) -> list[str]:
    """The terms as an e-mail may carry them: nothing of the care, and nothing of the plan's why."""
    price = say(language, "self_pay_price", price=dollars(offer.price))
    return [price, say(language, "self_pay_plan"), say(language, "self_pay_choice")]


def signed(name: str, day: date, language: Language, today: date) -> str:
    """Who signed the terms, and when."""
    return say(language, "terms_signed", name=name, day=day_in_words(day, language, today))


def dollars(amount: Decimal | None) -> str:
    """ "$110", "$99.50"; a line to write on where it is not known."""
    if amount is None:
        return "$________"
    whole = amount == amount.to_integral_value()
    return f"${amount:,.0f}" if whole else f"${amount:,.2f}"
