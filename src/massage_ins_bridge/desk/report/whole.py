"""The whole report of a period: made for the page, for ``/v1`` and for tables alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ...store import report_rows as rows
from ...store.record import Record
from ..installation import Installation
from ..opened import Opened
from .answers import PayerAnswers, payer_answers
from .period import Period
from .visits import Holds, UnpaidVisits, holds, troubled_visits, unpaid_visits


@dataclass(frozen=True, slots=True)
class StaffsWord:
    """What people said within the period. ``stopped``: refusals that they stopped; ``refusals``:
    those that were carried out; ``let_stand`` and ``by_hand``: that a visit may stand, or may
    not, whatever the rules say."""

    stopped: int
    refusals: int
    let_stand: int
    by_hand: int


@dataclass(frozen=True, slots=True)
class Report:
    """From one day to another, both included. ``by_month``: whether its stretches are months, else
    weeks from Monday on. Amounts are US dollars by the fees and prices of the settings."""

    first: date
    last: date
    by_month: bool
    visits: UnpaidVisits
    holds: Holds
    payers: tuple[PayerAnswers, ...]
    staff: StaffsWord


def report(installation: Installation, record: Record, opened: Opened, chosen: Period) -> Report:
    """What the record says of the period, as it stands now."""
    found = troubled_visits(installation, record, opened, chosen)
    span = chosen.span(record)
    said = rows.words(record, span)
    return Report(
        first=chosen.first,
        last=chosen.last,
        by_month=chosen.by_month,
        visits=unpaid_visits(found, chosen),
        holds=holds(record, opened, found),
        payers=payer_answers(installation, record, chosen),
        staff=StaffsWord(
            stopped=said["stop"],
            refusals=rows.refusals(record, span),
            let_stand=said["allow"],
            by_hand=said["block"],
        ),
    )
