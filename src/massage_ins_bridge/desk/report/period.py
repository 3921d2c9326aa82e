"""The days that a report is about, in weeks or months."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ...domain.days import add_days, add_months
from ...domain.reading import Problem, UnusableInputError
from ...store.overview import Span
from ...store.record import Record
from ..say import day_in_words

#: Without a choice: so many weeks, of which this one is the last.
WEEKS = 12
#: More weeks than these are told by months.
MOST_WEEKS = 26
#: What a page still shows: two years.
MOST_DAYS = 731
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both included."""

    first: date
    last: date

    @property
    def by_month(self) -> bool:
        return (self.last - self.first) >= MOST_WEEKS * _WEEK

    def starts(self) -> Iterator[date]:
        """The first days of the weeks (from Monday on) or months that it is told by."""
        day = self.first
        while day <= self.last:
            yield day
            if self.by_month:
                day = add_months(day.replace(day=1), 1)
            else:
                day = add_days(day, 7 - day.weekday())

    def span(self, record: Record) -> Span:
        """Its moments, by the clinic's clock."""
        zone = ZoneInfo(record.zone)
        after = add_days(self.last, 1)
        return Span(
            datetime.combine(self.first, time(), zone), datetime.combine(after, time(), zone)
        )


def period(today: date, first: date | None = None, last: date | None = None) -> Period:
    """The days that somebody chose, else the last weeks. Raises ``UnusableInputError``."""
    end = last or max(today, first or today)
    monday = end - timedelta(days=end.weekday())
    start = first or monday - (WEEKS - 1) * _WEEK
    if start > end:
        said = f"{_words(end)} is before the first day, {_words(start)}."
        raise UnusableInputError([Problem("to", said)])
    if (end - start).days >= MOST_DAYS:
        said = f"From {_words(start)} to {_words(end)} is more than two years. Choose less."
        raise UnusableInputError([Problem("from", said)])
    return Period(start, end)


def _words(day: date) -> str:
    return day_in_words(day, 0)
