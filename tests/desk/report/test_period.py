"""Which days a report is about, and by which weeks or months it is told."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from massage_ins_bridge.desk.report.period import Period, period
from massage_ins_bridge.domain.reading import UnusableInputError

TODAY = date(2026, 12, 9)  # a Wednesday


def test_twelve_weeks_end_with_today() -> None:
    chosen = period(TODAY)
    starts = list(chosen.starts())
    assert (chosen.last, len(starts), starts[0].weekday()) == (TODAY, 12, 0)
    assert {after - before for before, after in pairwise(starts)} == {timedelta(days=7)}


def test_a_first_week_may_be_short_and_long_periods_have_months() -> None:
    short = Period(date(2026, 12, 3), date(2026, 12, 9))
    assert list(short.starts()) == [date(2026, 12, 3), date(2026, 12, 7)]
    year = Period(date(2026, 1, 15), date(2026, 12, 31))
    assert [day.month for day in year.starts()] == list(range(1, 13))
    assert list(year.starts())[:2] == [date(2026, 1, 15), date(2026, 2, 1)]


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2026, 12, 9), date(2026, 12, 8), "to: Tue, Dec 8, 2026 is before the first day"),
        (date(2024, 12, 8), date(2026, 12, 9), "more than two years"),
    ],
)
def test_what_cannot_be_shown_is_said(first: date, last: date, said: str) -> None:
    with pytest.raises(UnusableInputError, match=said):
        period(TODAY, first, last)


def test_a_day_to_come_may_be_the_first() -> None:
    assert period(TODAY, date(2027, 1, 4)).last == date(2027, 1, 4)
