"""Counting visits: of an episode, of a claim, of the law's six; and days to an answer."""

from datetime import date, timedelta
from functools import lru_cache

import holidays

from .facts import Entry, Facts
from .names import PREMERA, REGENCE
from .sides import Side

EPISODE_DAYS = 90
LAW_FROM, WIDER_LAW_FROM = date(2018, 6, 7), date(2020, 6, 11)
CLOCKS_FROM = date(2024, 1, 1)


def same_episode(facts: Facts, item: Entry) -> bool:
    ours = facts.booking.get("episode")
    return ours is None or item.episode is None or item.episode == ours


def run_back(entries: list[Entry], last: date) -> list[Entry]:
    """The entries that hang together with `last` without a gap of more than 90 days."""
    kept: list[Entry] = []
    for item in sorted(entries, key=lambda one: one.day, reverse=True):
        if (last - item.day).days > EPISODE_DAYS:
            break
        kept.append(item)
        last = item.day
    return kept[::-1]


def of_claim(side: Side, item: Entry) -> bool:
    claim = side.claim.get("number")
    return claim is None or item.claim_number in (None, claim)


def counted(side: Side) -> list[Entry]:
    """The visits of this episode before the booking, as the payer counts them."""
    facts = side.facts
    mine = [item for item in facts.entries if item.payer == side.payer and item.massage]
    if side.payer == "lni":
        return [item for item in mine if of_claim(side, item)]
    if side.payer not in PREMERA:
        mine = [item for item in mine if item.ours]
    return run_back([item for item in mine if same_episode(facts, item)], facts.day)


def number(side: Side) -> int | None:
    if not side.facts.countable or not side.served:
        return None
    return len(counted(side)) + 1


def chain(side: Side) -> list[Entry]:
    """The law's count: massages, whoever paid; to 2020-06-10 only this clinic's."""
    facts = side.facts
    wide = facts.day >= WIDER_LAW_FROM
    found = [
        item
        for item in facts.entries
        if item.massage and (wide or item.ours) and same_episode(facts, item)
    ]
    return run_back(found, facts.day)


def paid_by_payer(side: Side) -> list[Entry]:
    """This clinic's massages that the payer is billed for: they use up its approvals."""
    return [e for e in side.facts.entries if e.payer == side.payer and e.massage and e.ours]


@lru_cache(maxsize=1)
def state_holidays() -> holidays.HolidayBase:
    return holidays.country_holidays("US", subdiv="WA")


def last_day_to_ask(side: Side) -> date:
    """The day on which an answer can still come in time."""
    left, day, plain = 5, side.facts.day, True
    if side.payer == "lni":
        left = 10
    elif side.payer in (*REGENCE, *PREMERA) and day >= CLOCKS_FROM:
        left, plain = 3, False
    while left:
        day -= timedelta(days=1)
        if plain or day not in state_holidays():
            left -= 1
    return day
