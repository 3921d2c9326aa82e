"""A report's tables, as CSV for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

from ..errors import NotFoundError
from .whole import Report

Cell = str | int | Decimal | None
Table = Iterable[Sequence[Cell]]
#: A cell that begins so is a formula to a spreadsheet, which would carry it out.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def as_csv(table: Table) -> str:
    """A table as CSV (RFC 4180). A text that a spreadsheet would take for a formula stands behind
    an apostrophe."""
    out = io.StringIO()
    csv.writer(out).writerows([_plain(cell) for cell in row] for row in table)
    return out.getvalue()


def table(found: Report, name: str) -> Table:
    """One of the report's tables. Raises ``NotFoundError``."""
    make = TABLES.get(name)
    if make is None:
        raise NotFoundError("report")
    return make(found)


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell:.2f}"
    text = str(cell)
    return f"'{text}" if isinstance(cell, str) and text.lstrip(" ").startswith(_FORMULA) else text


def _visits(found: Report) -> Table:
    unit = "month" if found.by_month else "week"
    yield (f"{unit} from", "cured", "cured, dollars", "not cured", "not cured, dollars")
    for one in found.visits.stretches:
        yield (
            one.first.isoformat(),
            one.cured,
            _known(one.cured, one.cured_dollars),
            one.not_cured,
            _known(one.not_cured, one.not_cured_dollars),
        )


def _known(visits: int, dollars: Decimal) -> Decimal | None:
    """What visits are worth; nothing is said where no fee is known."""
    return None if visits and not dollars else dollars


def _holds(found: Report) -> Table:
    yield ("put in order", "visits")
    for one in found.holds.soon:
        yield (one.what, one.number)


def _causes(found: Report) -> Table:
    yield ("kept back by", "visits")
    for one in found.holds.causes:
        yield (one.what, one.number)


def _payers(found: Report) -> Table:
    yield (
        *("payer", "asked", "approved", "denied", "waiting", "visits asked", "visits given"),
        *("half within days", "slowest days", "days by rule", "rule", "late"),
    )
    for one in found.payers:
        yield (
            *(one.payer, one.asked, one.approved, one.denied, one.waiting),
            *(one.visits_asked, one.visits_given, one.half_within, one.slowest),
            *(one.days, one.rule, one.late),
        )


#: By the name in its address.
TABLES: Mapping[str, Callable[[Report], Table]] = {
    "visits": _visits,
    "holds": _holds,
    "causes": _causes,
    "payers": _payers,
}
