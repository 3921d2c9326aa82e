"""Claims of L&I and PIP."""

import re
from datetime import date
from decimal import Decimal

from .counting import of_claim
from .facts import add_months, to_day
from .names import CLAIM_PAYERS
from .sides import Side
from .terms import Item, costlier, met, open_hold, unknown, unmet

LNI_NUMBER = re.compile(r"[A-Z][0-9]{6}|[A-Z]{2}[0-9]{5}")
CRIME_VICTIMS = "V"
PIP_MONTHS = 36


def claim(side: Side) -> Item | None:
    if side.payer not in CLAIM_PAYERS:
        return None
    return costlier(claim_number(side), claim_status(side), injury(side), money(side))


def claim_number(side: Side) -> Item:
    given = side.claim.get("number")
    if given is None:
        return open_hold()
    if side.payer == "lni" and (not LNI_NUMBER.fullmatch(given) or given[0] == CRIME_VICTIMS):
        return open_hold()
    return met()


def claim_status(side: Side) -> Item:
    status, closed_on = side.claim.get("status"), to_day(side.claim.get("closed_on"))
    if status == "rejected":
        return unmet("block")
    over = closed_on is not None and side.facts.day > closed_on
    if status == "closed":
        return open_hold() if closed_on is None else unmet("block") if over else met()
    if status in ("open", "allowed"):
        return open_hold() if over else met()
    return open_hold()


def injury(side: Side) -> Item:
    day = to_day(side.claim.get("date_of_injury"))
    if day is None:
        return open_hold() if side.payer == "pip" else met()
    if side.facts.day < day:
        return open_hold()
    if side.payer == "pip" and side.facts.day > add_months(day, PIP_MONTHS):
        return unmet("block")
    return met()


def money(side: Side) -> Item:
    """PIP: what is left, less visits since it was asked and standing ones before this one."""
    left = side.claim.get("benefit", {}).get("left")
    if side.payer != "pip" or left is None:
        return met()
    rest, fee = Decimal(left), side.facts.clinic("fees", {}).get("pip")
    if rest <= 0 or fee is None:
        return open_hold() if rest <= 0 else met()
    if not side.facts.countable:
        return unknown()
    asked = to_day(side.claim["benefit"].get("asked_on")) or side.facts.today
    spent = [e for e in paid_here(side) if e[1] or e[0] > asked]
    return open_hold() if rest < Decimal(fee) * (len(spent) + 1) else met()


def paid_here(side: Side) -> list[tuple[date, bool]]:
    return [
        (e.day, e.standing)
        for e in side.facts.entries
        if e.payer == "pip" and e.massage and e.ours and of_claim(side, e)
    ]
