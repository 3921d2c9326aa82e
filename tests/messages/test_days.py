"""Days and times in words."""

from datetime import UTC, date, datetime

import pytest

from massage_ins_bridge.messages.days import Language, day_in_words, short_day, time_in_words

TODAY = date(2026, 12, 1)
ZONE = "America/Los_Angeles"


@pytest.mark.parametrize(
    ("day", "language", "said", "short"),
    [
        (date(2026, 12, 16), "en", "Wednesday, December 16", "Wed, Dec 16"),
        (date(2027, 1, 2), "en", "Saturday, January 2, 2027", "Sat, Jan 2, 2027"),
        (date(2026, 12, 16), "es", "miércoles 16 de diciembre", "miércoles 16 de diciembre"),
        (date(2027, 1, 2), "es", "sábado 2 de enero de 2027", "sábado 2 de enero de 2027"),
    ],
)
def test_a_day(day: date, language: Language, said: str, short: str) -> None:
    assert (day_in_words(day, language, TODAY), short_day(day, language, TODAY)) == (said, short)


@pytest.mark.parametrize(
    ("hour", "english", "spanish"),
    [
        (8, "12:05 AM", "12:05\u00a0a.\u00a0m."),
        (20, "12:05 PM", "12:05\u00a0p.\u00a0m."),
        (22, "2:05 PM", "2:05\u00a0p.\u00a0m."),
    ],
)
def test_a_time_by_the_clinic_s_clock(hour: int, english: str, spanish: str) -> None:
    moment = datetime(2026, 12, 16, hour, 5, tzinfo=UTC)
    assert time_in_words(moment, "en", ZONE) == english
    assert time_in_words(moment, "es", ZONE) == spanish
