"""What waives a prior authorization: exempt plans, hearsay, the law's six visits."""

from datetime import date

from .counting import LAW_FROM, WIDER_LAW_FROM, chain
from .names import (
    AWC_STAFF_GROUP,
    EXEMPT,
    HEARSAY,
    PREMERA,
    REGENCE,
    REGULATED,
    listed,
    within,
)
from .sides import Side, primaries

FREE_VISITS = 6
REVIEWS_FROM = date(2016, 7, 1)
Ground = tuple[str, str]  # rule, strength
FIRM, DOUBTFUL = "firm", "doubtful"


def exemptions(side: Side) -> list[Ground]:
    """EX-01 to EX-12, and EX-14."""
    if side.payer not in REGENCE or side.coverage is None:
        return []
    sure = FIRM if side.confirmed else DOUBTFUL
    found: dict[str, str] = {}
    for plan in side.plans:
        for rule, spellings in EXEMPT.items():
            strength = sure if listed(plan, spellings) else DOUBTFUL
            if not listed(plan, spellings) and not within(plan, spellings):
                continue
            if rule == "EX-14":
                strength = DOUBTFUL
            if rule == "EX-12":
                group = side.get("group_number")
                if group == AWC_STAFF_GROUP:
                    continue
                strength = strength if group else DOUBTFUL
            if found.get(rule) != FIRM:
                found[rule] = strength
    if side.get("position") == "secondary":
        first = primaries(side)
        firm = len(first) == 1 and first[0].confirmed
        found["EX-09"] = sure if firm else DOUBTFUL
    return list(found.items())


def hearsay(side: Side) -> list[Ground]:
    """Employers that somebody said were exempt, by the rule in force."""
    day = side.facts.day
    if side.payer not in PREMERA or day < REVIEWS_FROM:
        return []
    rule = "PRM-02" if day >= LAW_FROM else "PRM-01"
    names = HEARSAY[rule]
    return (
        [(rule, DOUBTFUL)]
        if any(listed(plan, names) or within(plan, names) for plan in side.plans)
        else []
    )


def in_scope(side: Side) -> bool:
    """Whether the law's six may speak of this coverage at all."""
    return (
        side.payer in REGULATED
        and side.fully_insured
        and not side.federal
        and side.facts.day >= LAW_FROM
        and side.network != "out"
    )


def law(side: Side) -> list[Ground]:
    if not in_scope(side) or not side.facts.countable or len(chain(side)) >= FREE_VISITS:
        return []
    rule = "LAW-03" if side.facts.day >= WIDER_LAW_FROM else "LAW-01"
    return [(rule, FIRM if side.network == "in" and side.confirmed else DOUBTFUL)]


def law_could_lift(side: Side) -> bool:
    return in_scope(side) and not side.facts.countable
