"""Office hours as a clinic writes them."""

from datetime import date, time

import pytest

from massage_ins_bridge.domain.office_hours import (
    DEFAULT_OFFICE_HOURS,
    OfficeHoursError,
    Span,
    read_office_hours,
)

ZONE = "America/Los_Angeles"
SUNDAY = date(2026, 12, 6)


def test_days_and_hours_are_read() -> None:
    assert [len(spans) for spans in read_office_hours(DEFAULT_OFFICE_HOURS).spans] == [1] * 5 + [
        0
    ] * 2
    hours = read_office_hours("fri-sun 14:00-24:00, Sun 9:00-12:00")
    assert [len(spans) for spans in hours.spans] == [0, 0, 0, 0, 1, 1, 2]
    assert hours.on(SUNDAY) == (Span(time(9), time(12)), Span(time(14), time(0)))
    opens, closes = hours.openings(SUNDAY, ZONE)[1]
    assert (opens.hour, closes.date()) == (14, date(2026, 12, 7))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "'' cannot be read; write days and hours such as"),
        ("Mon-Fri", "'Mon-Fri' cannot be read"),
        ("Mon-Fry 09:00-17:00", "'fry' is no day of the week"),
        ("Mon 09:00-25:00", "25:00 is no time of the day"),
        ("Mon 17:00-09:00", "ends before it begins"),
        ("Mon-Fri 09:00-12:00, Tue 11:00-17:00", "two spans of one day overlap"),
    ],
)
def test_what_cannot_be_meant_is_refused(text: str, said: str) -> None:
    with pytest.raises(OfficeHoursError, match=said):
        read_office_hours(text)
