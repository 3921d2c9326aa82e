"""The plan's limit of visits, what it covers at all, and the client's share."""

from dataclasses import replace
from datetime import date

from .facts import Entry, to_day
from .names import CLAIM_PAYERS, EXEMPT, PREMERA, REGENCE, listed, within
from .sides import Side
from .terms import NOT_COVERED, Item, costlier, met, unknown, unmet, until

COVERS_NONE = ("medicare", "apple-health")
NOT_COVERED_BY_EXEMPTION = ("EX-02", "EX-08", "EX-11")
CHECK = "check-benefit"


def benefit(side: Side) -> Item | None:
    if side.payer in CLAIM_PAYERS or not side.served:
        return None
    said = side.get("massage_benefit")
    if side.payer in COVERS_NONE and not (side.payer == "medicare" and said is True):
        return unmet("block", cause=NOT_COVERED, may=(CHECK,))
    checks = [limit(side)]
    if said is False:
        checks.append(unmet("block", cause=NOT_COVERED, may=(CHECK,)))
    elif said is None and doubted(side):
        checks.append(unknown("hold", (CHECK, None)))
    return costlier(*checks)


def doubted(side: Side) -> bool:
    """Plans that are exempt from authorization, and may not cover massage at all."""
    if side.payer in PREMERA:
        return side.federal
    names = [name for rule in NOT_COVERED_BY_EXEMPTION for name in EXEMPT[rule]]
    return side.payer in REGENCE and any(
        listed(plan, tuple(names)) or within(plan, tuple(names)) for plan in side.plans
    )


def plan_year(side: Side, day: date) -> date:
    """The first day of the plan year in which a day lies."""
    month, day_of_month = map(int, (side.get("plan_year_start") or "01-01").split("-"))
    start = date(day.year, month, day_of_month)
    return start if start <= day else date(day.year - 1, month, day_of_month)


def limit(side: Side) -> Item:
    facts, top, used = side.facts, side.get("visit_limit"), side.get("visits_used")
    warned = replace(unknown("warn", may=(CHECK,)), also=("unmet",), optional=side.payer == "va")
    if top is None:
        return warned
    since = plan_year(side, facts.day)
    told = to_day(side.get("visits_used_on")) or facts.today
    counts = used is not None and plan_year(side, told) == since
    if counts and used >= top:
        return unmet("block", cause=NOT_COVERED, may=(CHECK,))
    recorded = [e for e in counted(side) if e.day >= since]
    if counts:
        recorded = [e for e in recorded if e.standing or e.day > told]
    done = len([e for e in recorded if not e.standing]) + (used if counts else 0)
    if facts.countable and done >= top:
        return unmet("block", cause=NOT_COVERED, may=(CHECK,))
    if used is None:
        return warned
    if not facts.countable:
        return unknown(may=(CHECK,))
    standing = len([e for e in recorded if e.standing])
    return until(facts.today, facts.lead, NOT_COVERED) if done + standing >= top else met()


def counted(side: Side) -> list[Entry]:
    """Of all clinics, of that payer: massage, and what shares the limit."""
    kinds = {"massage", *(side.get("limit_shared_with") or [])}
    return [e for e in side.facts.entries if e.payer == side.payer and e.modality in kinds]


def cost_share(side: Side) -> Item | None:
    if side.payer in CLAIM_PAYERS:
        return None
    if side.get("cost_share") and side.facts.patient("acknowledged_on"):
        return met(optional=side.payer is None)
    optional = side.payer in (None, "va", "medicare", "apple-health")
    return replace(unknown("warn"), also=("unmet",), optional=optional)
