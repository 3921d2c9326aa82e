"""What Larch Mutual asks of a booking. A number that nobody knows is ``None``, and so is a sum
with such a number in it: then nothing is met."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from math import ceil
from typing import TypeVar

from massage_ins_bridge.api import (
    Authorization,
    Case,
    Requirement,
    Rule,
    Upcoming,
    Visit,
    covers,
    is_massage,
)

UNITS, CODES, CAP, WEEKLY = "larch.units", "larch.codes", "larch.cap", "larch.weekly"
CHECKING = "We are checking your plan before we confirm your visit."
Massage = TypeVar("Massage", Visit, Upcoming)


def units(case: Case) -> Requirement:
    """LAR-01: an approval is used up by minutes, those of bookings before this one too."""
    rule = case.rules["LAR-01"]
    given = total(item.extra["larch"]["units"] for item in approved(case))
    done = total(item.extra["larch"]["units"] for item in visits(case))
    ahead = total(length(rule, item.start, item.end) for item in booked_before(case))
    need = length(rule, case.booking.start, case.booking.end)
    if not known(case) or given is None or done is None or ahead is None or need is None:
        text = "The units approved, or used, or how long the visit takes, are not known."
        return rule.unknown(UNITS, text, "Record them.", CHECKING)
    left = max(given - done - ahead, Decimal())
    text = f"Units of time: {left} left, and the visit takes {need}."
    if need <= left:
        return rule.met(UNITS, text)
    client = "Your visit needs more time approved. We are asking your plan."
    return rule.unmet(UNITS, "hold", text, "Ask Larch Mutual for more units.", client)


def codes(case: Case) -> Requirement:
    """LAR-02: each code of the booking stands in an approval."""
    rule = case.rules["LAR-02"]
    said = case.booking.extra["larch"]["codes"]
    if not said or case.authorizations is None:
        text = "The codes of the visit, or what is approved, are not known."
        return rule.unknown(CODES, text, "Record the codes with the booking.", CHECKING)
    there = {code for item in approved(case) for code in item.codes or ()}
    lacking = sorted({code.strip() for code in said.split(",")} - there)
    if not lacking:
        return rule.met(CODES, "Each code is approved.")
    client = "Your visit needs an approval. We are asking your plan."
    text = f"Not approved: {', '.join(lacking)}."
    return rule.unmet(CODES, "hold", text, "Ask Larch Mutual for it.", client)


def cap(case: Case) -> Requirement:
    """LAR-03: what the year's visits cost, those that are booked before this one too. Nothing
    brings the money back, so that what staff confirmed is refused at once."""
    rule = case.rules["LAR-03"]
    year = case.date_of_service.year
    found = [v.extra for v in visits(case) if v.on is None or v.on.year == year]
    found += [b.extra for b in booked_before(case) if b.start is None or b.start.year == year]
    used = total(extra["larch"]["charge"] for extra in found)
    charge: Decimal | None = case.booking.extra["larch"]["charge"]
    if not known(case) or used is None or charge is None:
        text = "What visits of this year cost is not known for each of them."
        return rule.unknown(CAP, text, "Record what each visit costs.", CHECKING)
    most = rule.values["dollars_a_year"]
    text = f"Of {most} dollars a year {used} are used, and the visit costs {charge}."
    if used + charge <= most:
        return rule.met(CAP, text)
    if case.confirmed:
        client = "This visit cannot take place on insurance. Your plan's money for it is used up."
        return rule.unmet(CAP, "block", text, "Tell the client.", client, not_covered=True)
    client = "We are checking whether your plan has money left for the visit."
    return rule.unmet(CAP, "hold", text, "Confirm the coverage with the plan.", client)


def weekly(case: Case) -> Requirement:
    """LAR-04: visits of the same week, before this one and after it."""
    rule = case.rules["LAR-04"]
    if case.own_entries is None or case.later is None:
        text = "The visits of that week are not known."
        return rule.unknown(WEEKLY, text, "Record them.", CHECKING)
    ours = [entry for entry in case.later if entry.here and entry.payer == "larch"]
    week = case.date_of_service.isocalendar()[:2]
    count = sum(entry.day.isocalendar()[:2] == week for entry in (*case.own_entries, *ours))
    most = rule.values["visits_a_week"]
    text = f"Visits of that week: {count}. The plan pays for {most}."
    if count < most:
        return rule.met(WEEKLY, text)
    client = "Your plan pays for a few visits a week. Please choose another week."
    return rule.unmet(WEEKLY, "hold", text, "Move the visit to another week.", client)


def known(case: Case) -> bool:
    """Whether the lists are there at all."""
    return None not in (case.authorizations, case.own_entries)


def approved(case: Case) -> list[Authorization]:
    """What Larch approved for the day."""
    found = case.authorizations or ()
    day = case.date_of_service
    return [item for item in found if item.status == "approved" and covers(item, day)]


def visits(case: Case) -> list[Visit]:
    """Those before this one that Larch pays."""
    day = case.date_of_service
    return [v for v in ours(case, case.visits or ()) if v.on is None or v.on <= day]


def booked_before(case: Case) -> list[Upcoming]:
    """Those that stand before this one, and are Larch's to pay."""
    start = case.booking.start
    found = ours(case, case.upcoming or ())
    return [item for item in found if item.start is None or item.start <= start]


def ours(case: Case, found: Iterable[Massage]) -> list[Massage]:
    """Massages billed to Larch."""
    key = case.payers.key_of
    return [item for item in found if is_massage(item.modality) and key(item.payer) == "larch"]


def length(rule: Rule, start: datetime | None, end: datetime | None) -> int | None:
    """In units, those that are begun too."""
    if start is None or end is None:
        return None
    minutes: int = rule.values["minutes_of_a_unit"]
    return ceil((end - start).total_seconds() / 60 / minutes)


def total(numbers: Iterable[Decimal | int | None]) -> Decimal | None:
    """Their sum; ``None`` where one of them is not known."""
    found = list(numbers)
    return None if None in found else sum((Decimal(n) for n in found if n is not None), Decimal())
