"""Visits that would have been unpaid: those that the rules once held or refused, and what became of
them."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from statistics import median_low
from typing import Literal
from zoneinfo import ZoneInfo

from ...store import report_rows as rows
from ...store.bookings import LIVE
from ...store.record import Record
from ..installation import Installation
from ..opened import Opened
from .period import Period

#: What became of a visit: ``cured`` takes or took place and all is in order; ``not-cured`` was
#: refused, or took place as it was; ``let-stand`` by a person's word; ``open`` is still to come;
#: ``called-off`` by the client, or by staff where the rules allowed it.
Fate = Literal["cured", "not-cured", "let-stand", "open", "called-off"]
DAY = timedelta(days=1)
#: How soon a hold was cured, at most; what took longer is ``later``.
SOON: tuple[tuple[str, timedelta], ...] = (
    ("within a day", DAY),
    ("2 to 3 days", 3 * DAY),
    ("4 to 7 days", 7 * DAY),
)
LATER, NEVER = "later", "never"
#: Of so many visits, the latest, it is told what kept them back: each is to be unsealed.
MOST_CAUSES = 300
#: By the first part of a requirement's key, what kept a visit back.
_CAUSES: Mapping[str, str] = {
    "plugin": "A rule gave no answer",
    "coverage": "Insurance not known or not confirmed",
    "coordination": "Which insurance is first",
    "network": "Network",
    "intake": "Intake not in",
    "guardian-consent": "A guardian\u2019s consent",
    "prescription": "Prescription missing or incomplete",
    "diagnosis": "Diagnosis",
    "medical-necessity": "Medical necessity",
    "clinic-approval": "The clinic\u2019s own approval",
    "referral": "Referral",
    "prior-authorization": "The payer\u2019s approval",
    "claim": "Claim",
    "progress-report": "Progress report",
    "same-day-care": "Other care on the same day",
    "place": "Place of the visit",
    "benefit": "No benefit, or none left",
    "cost-share": "What the client pays",
    "identity": "Who the client is",
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A week or a month, by its ``first`` day: visits, and their fees in US dollars as far as they
    are known."""

    first: date
    cured: int
    not_cured: int
    cured_dollars: Decimal
    not_cured_dollars: Decimal


@dataclass(frozen=True, slots=True)
class UnpaidVisits:
    """The visits of a period that the rules once held or refused. ``cured``: all is in order now;
    ``not_cured``: refused, or held as they were; ``let_stand``: a person said so; ``open``: still
    to come; ``called_off``: they did not take place. ``without_fee``: of the cured and not cured,
    those whose fee is not known, which are in no amount."""

    cured: int
    not_cured: int
    let_stand: int
    open: int
    called_off: int
    cured_dollars: Decimal
    not_cured_dollars: Decimal
    without_fee: int
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    what: str
    number: int


@dataclass(frozen=True, slots=True)
class Holds:
    """How soon the cured visits were put in order, from the decision that first kept them back to
    the one that let them stand. ``soon``: by time that it took, and ``never``; ``half_within``: the
    days in which half of the cured ones were; ``causes``: what kept visits back at first, of the
    latest 300."""

    soon: tuple[Counted, ...]
    half_within: int | None
    causes: tuple[Counted, ...]


@dataclass(frozen=True, slots=True)
class Troubled:
    """One visit. ``stretch``: the number of the week or month that it is in; ``took``: how long it
    took to cure; ``first``: the decision that first kept it back; ``fee``: in US dollars."""

    stretch: int
    fate: Fate
    took: timedelta | None
    first: str
    fee: Decimal | None


def troubled_visits(
    installation: Installation, record: Record, opened: Opened, chosen: Period
) -> list[Troubled]:
    """The visits of the period that were once kept back, by start."""
    span = chosen.span(record)
    found, refused = rows.kept_back(record, span), rows.refused(record, span)
    zone = ZoneInfo(record.zone)
    starts = [datetime.combine(day, time(), zone).astimezone(UTC) for day in chosen.starts()]
    fees = _Fees(installation, record, opened)
    made = []
    for one in found:
        fate = _fate(one, one.id in refused, record.now)
        since = one.in_order_at if fate == "cured" else None
        took = since - one.first_at if since is not None else None
        fee = fees.of(one) if fate in ("cured", "not-cured") else None
        stretch = bisect_right(starts, one.start_at) - 1
        made.append(Troubled(stretch, fate, took, one.first, fee))
    return made


def unpaid_visits(found: Iterable[Troubled], chosen: Period) -> UnpaidVisits:
    """What became of the visits, in all and by week or month."""
    starts = list(chosen.starts())
    visits: Counter[tuple[int, Fate]] = Counter()
    dollars: dict[tuple[int, Fate], Decimal] = {}
    without_fee = 0
    for one in found:
        where = (one.stretch, one.fate)
        visits[where] += 1
        if one.fee is not None:
            dollars[where] = dollars.get(where, Decimal(0)) + one.fee
        without_fee += one.fate in ("cured", "not-cured") and one.fee is None

    def sums(fate: Fate) -> Decimal:
        return sum((dollars.get((n, fate), Decimal(0)) for n in range(len(starts))), Decimal(0))

    def number(fate: Fate) -> int:
        return sum(visits[n, fate] for n in range(len(starts)))

    return UnpaidVisits(
        cured=number("cured"),
        not_cured=number("not-cured"),
        let_stand=number("let-stand"),
        open=number("open"),
        called_off=number("called-off"),
        cured_dollars=sums("cured"),
        not_cured_dollars=sums("not-cured"),
        without_fee=without_fee,
        stretches=tuple(
            Stretch(
                first,
                visits[n, "cured"],
                visits[n, "not-cured"],
                dollars.get((n, "cured"), Decimal(0)),
                dollars.get((n, "not-cured"), Decimal(0)),
            )
            for n, first in enumerate(starts)
        ),
    )


def holds(record: Record, opened: Opened, found: Sequence[Troubled]) -> Holds:
    """How soon they were cured, and what kept them back."""
    took = [one.took for one in found if one.took is not None]
    soon = Counter(_bucket(time) for time in took)
    soon[NEVER] = sum(one.fate == "not-cured" for one in found)
    whys = opened.whys(record, [one.first for one in found[-MOST_CAUSES:]])
    causes = Counter(_cause(why.reasons[0].key if why.reasons else "") for why in whys.values())
    return Holds(
        soon=tuple(Counted(what, soon[what]) for what in (*dict(SOON), LATER, NEVER)),
        half_within=-(-median_low(took) // DAY) if took else None,
        causes=tuple(Counted(*one) for one in sorted(causes.items(), key=lambda c: (-c[1], c[0]))),
    )


def _fate(one: rows.VisitCells, refused: bool, now: datetime) -> Fate:  # noqa: FBT001
    stands = one.platform_status in LIVE or one.platform_status == "completed"
    in_order = one.in_order_at is not None
    if not stands:
        kept = not in_order and (refused or one.platform_status == "rejected")
        return "not-cured" if kept else "called-off"
    if in_order:
        return "cured"
    if one.outcome == "allow":
        return "let-stand"
    over = one.platform_status == "completed" or one.start_at <= now
    return "not-cured" if over else "open"


class _Fees:
    """What visits cost whoever pays for them, where the settings name it."""

    def __init__(self, installation: Installation, record: Record, opened: Opened) -> None:
        self._record, self._opened = record, opened
        self._prices = installation.settings.client_page.prices
        self._fees = installation.settings.clinic_facts.fees or {}
        self._key_of = cache(installation.host.payers.key_of)

    def of(self, one: rows.VisitCells) -> Decimal | None:
        if not (self._prices or self._fees):
            return None
        details = self._opened.details(self._record, one.details_sealed)
        if details.self_pay:
            return self._prices.get(details.service or "")
        return self._fees.get(self._key_of(details.insurer) or "")


def _bucket(took: timedelta) -> str:
    return next((words for words, most in SOON if took <= most), LATER)


def _cause(key: str) -> str:
    return _CAUSES.get(key.partition(".")[0], "Another rule")
