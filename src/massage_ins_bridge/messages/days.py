"""Days and times as clients read them, in their language. The year is said where it is not that of
the day on which it is said."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from ..domain.days import zone

Language = Literal["en", "es"]
LANGUAGES: tuple[Language, ...] = ("en", "es")
_DAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
MONTHS = (
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
)


def day_in_words(day: date, language: Language, today: date) -> str:
    """ "Wednesday, December 16", "miércoles 16 de diciembre"."""
    if language == "es":
        year = f" de {day.year}" if day.year != today.year else ""
        return f"{_DAYS[day.weekday()]} {day.day} de {MONTHS[day.month - 1]}{year}"
    year = f", {day.year}" if day.year != today.year else ""
    return f"{day:%A, %B} {day.day}{year}"


def short_day(day: date, language: Language, today: date) -> str:
    """ "Wed, Dec 16"; in Spanish as ``day_in_words``."""
    if language == "es":
        return day_in_words(day, language, today)
    year = f", {day.year}" if day.year != today.year else ""
    return f"{day:%a, %b} {day.day}{year}"


def time_in_words(moment: datetime, language: Language, zone_name: str) -> str:
    """ "2:00 PM", "2:00 p. m." that stays in one line, by the clock of the zone."""
    local = moment.astimezone(zone(zone_name))
    hour, half = local.hour % 12 or 12, ("a.\u00a0m.", "p.\u00a0m.")[local.hour >= 12]
    if language == "es":
        return f"{hour}:{local:%M}\u00a0{half}"
    return f"{hour}:{local:%M} {half[0].upper()}M"
