"""Single values as they are sent: text, numbers, amounts, days and times."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NewType

from .problems import kind_of, shorten, wrong

#: The longest text that is read. What is longer is a mistake or an attack.
MAX_TEXT = 4_000
MAX_NUMBER = 1_000_000
FIRST_YEAR, LAST_YEAR = 1900, 2199
#: An amount as text: nothing else that Python, too, would take for a number.
AMOUNT = r"[0-9]{1,6}(\.[0-9]{1,20})?"

_AMOUNT = re.compile(AMOUNT)
#: A day of every year.
MONTH_DAY = r"((0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MONTH_DAY = re.compile(MONTH_DAY)
_TWO_NUMBERS = re.compile(r"\d{2}-\d{2}", re.ASCII)
MonthDay = NewType("MonthDay", str)


def text(value: Any) -> str | None:
    if not isinstance(value, str):
        raise wrong(f"must be text, not {kind_of(value)}")
    if len(value) > MAX_TEXT:
        raise wrong(f"is {len(value):,} characters long; at most {MAX_TEXT:,} are read")
    if not value.isascii():
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            raise wrong("holds a half character that is not valid Unicode") from None
    return value.strip() or None


def text_or_false(value: Any) -> str | bool | None:
    if value is False:
        return False
    if not isinstance(value, str):
        raise wrong(f"must be text, or false for none, not {kind_of(value)}")
    return text(value)


def _bool(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise wrong(f"must be true or false, not {kind_of(value)}")


def _int(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise wrong(f"must be a whole number, not {kind_of(value)}")
    if not 0 <= value <= MAX_NUMBER:
        raise wrong(f"must be between 0 and {MAX_NUMBER:,}")
    return value


def _decimal(value: Any) -> Decimal | None:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, str):
        written = value.strip()
        if not written:
            return None
        if _AMOUNT.fullmatch(written):
            return Decimal(written)
    raise wrong('must be an amount written as text, such as "20.00"')


def _date(value: Any) -> date | None:
    if value == "":
        return None
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise wrong("must be a date such as 2026-12-08")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise wrong(f"{value} is no day of the calendar") from None
    _check_year(day.year)
    return day


def _datetime(value: Any) -> datetime | None:
    example = "such as 2026-12-08T10:00:00-08:00"
    if value == "":
        return None
    if not isinstance(value, str) or len(value) > 40 or "T" not in value:
        raise wrong(f"must be a time with its offset, {example}")
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise wrong(f"is no time of the calendar; write it {example}") from None
    if moment.tzinfo is None:
        raise wrong(f"has no offset from UTC; write it {example}")
    _check_year(moment.year)
    return moment


def _month_day(value: Any) -> str | None:
    if value == "":
        return None
    if not isinstance(value, str) or not _TWO_NUMBERS.fullmatch(value):
        raise wrong("must be month and day such as 01-01")
    if not _MONTH_DAY.fullmatch(value):
        raise wrong(f"{value} is no day of every year; write one such as 01-01")
    return value


def _check_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise wrong(
            f"the year {year} is outside {FIRST_YEAR}-{LAST_YEAR}; "
            "leave an open end out instead of writing a far date"
        )


def choice(options: tuple[Any, ...]) -> Callable[[Any], Any]:
    """What reads one of these words."""

    def reader(value: Any) -> Any:
        if value in options and isinstance(value, str):
            return value
        if value == "":
            return None
        known = ", ".join(map(str, options))
        shown = f"{shorten(value)!r} is none of them" if isinstance(value, str) else kind_of(value)
        raise wrong(f"must be one of {known}; {shown}")

    return reader


SCALARS: Mapping[Any, Callable[[Any], Any]] = {
    str: text,
    bool: _bool,
    int: _int,
    Decimal: _decimal,
    date: _date,
    datetime: _datetime,
    MonthDay: _month_day,
}
