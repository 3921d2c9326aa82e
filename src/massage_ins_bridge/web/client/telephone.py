"""Where a client asks, and the clinic's numbers as a page shows them."""

from __future__ import annotations

from typing import Any

from ...messages.days import Language
from ...messages.page_words import say


def questions(settings: Any, language: Language) -> str:
    """Where to ask, and when."""
    page = settings.client_page
    hours = page.hours_es if language == "es" else page.hours
    phone = unbroken(page.phone)
    if not phone:
        return say(language, "questions_no_phone")
    if hours:
        return say(language, "questions_hours", phone=phone, hours=hours)
    return say(language, "questions", phone=phone)


def unbroken(number: str) -> str:
    """A telephone number that stays in one line."""
    return number.replace(" ", "\u00a0").replace("-", "\u2011")


def dialled(number: str) -> str:
    """A telephone number as a telephone dials it."""
    return "".join(c for c in number if c.isdigit() or c == "+")
