"""The last day on which a payer's answer can still come in time for a visit, and the one by which
it should come.

Source: contract rulings on time; the days are each payer's rule data (LAW-06 for Regence and
Premera).
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from ..domain.days import add_days
from ..domain.rule import Rule
from .case import Case


def last_day_to_ask(case: Case) -> date | None:
    """The day from which the payer's days to decide (``decision_days`` of its ``decision_rule``)
    still end by the day of service; ``None`` where it is not known how long it takes. With
    ``without_holidays`` a holiday of Washington is not counted."""
    rule = case.payer_rule(case.payer.decision_rule) if case.payer is not None else None
    if rule is None:
        return None
    days = int(rule.values["decision_days"])
    if not rule.values.get("without_holidays"):
        return add_days(case.date_of_service, -days)
    return _stepped_back(case.date_of_service, days)


def last_day_to_answer(rule: Rule, asked: date) -> date:
    """The day by which a payer that was asked on ``asked`` should have answered, by the rule that
    gives it ``decision_days``."""
    without_holidays = bool(rule.values.get("without_holidays"))
    return days_after(asked, int(rule.values["decision_days"]), without_holidays=without_holidays)


def days_after(day: date, days: int, *, without_holidays: bool) -> date:
    """So many days later; ``without_holidays``: Washington's are not counted."""
    while days:
        day = add_days(day, 1)
        days -= not (without_holidays and is_holiday(day))
    return day


@lru_cache(maxsize=2048)
def _stepped_back(day: date, days: int) -> date:
    while days:
        day = add_days(day, -1)
        days -= not is_holiday(day)
    return day


def is_holiday(day: date) -> bool:
    """Whether it is a holiday of Washington, on its own day or on the one that it is kept on."""
    return day in _holidays(day.year)


class Loading:
    """Loading the holidays, which takes long on a busy machine: that is the host's own time, and no
    plugin's. ``done``: how often; ``going``: whether somebody is at it."""

    done = 0
    going = False

    @classmethod
    def since(cls, done: int) -> bool:
        """Whether it goes on, or was done again since it was done so often."""
        return cls.going or cls.done != done


@lru_cache(maxsize=64)
def _holidays(year: int) -> frozenset[date]:
    Loading.going = True
    from holidays.countries.united_states import UnitedStates

    Loading.done, Loading.going = Loading.done + 1, False

    years = (year - 1, year, year + 1)
    return frozenset(UnitedStates(subdiv="WA", years=years).keys())  # type: ignore[no-untyped-call]
