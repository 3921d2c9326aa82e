"""Medical necessity, and referrals: what the plan asks beside its authorization."""

from dataclasses import replace

from .counting import paid_by_payer
from .oracle_authorization import approval_covers
from .oracle_exempt import DOUBTFUL, FIRM, Ground, law, law_could_lift
from .oracle_prescription import function
from .records import PRIOR, REFERRAL, complete, covers_day, fits, on_record
from .sides import Side
from .standing import stand
from .terms import Item, at_most_held, cost, met, resting_on, unknown, unmet


def necessity(side: Side) -> tuple[Item | None, list[Ground]]:
    item = function(side)
    if item is None:
        return None, []
    lacking = bool(cost(item))
    grounds = [ground for ground in law(side) if ground[0] == "LAW-03"]
    if (FIRM in [strength for _, strength in grounds]) or (lacking and approval_covers(side)):
        if grounds and grounds[0][1] == FIRM:
            shown = Item("waived", "warn" if lacking else "none")
            return replace(shown, also=() if lacking else ("met",)), grounds
        return met("warn"), grounds
    if lacking and (could_be_lifted(side) or not side.in_force or side.stands == "unknown"):
        item = at_most_held(item)
    if item.status == "unmet" and DOUBTFUL in [strength for _, strength in grounds]:
        item = replace(item, status="unknown", effect="hold")
    return item, grounds


def could_be_lifted(side: Side) -> bool:
    """Whether a list that is missing could name a visit of the law's six, or an approval."""
    records = on_record(side, PRIOR)
    if records is None:
        return True
    if side.facts.countable:
        return False
    approved = [
        r for r in records if r.status == "approved" and complete(r.item) and fits(side, r.item)
    ]
    return law_could_lift(side) or any(covers_day(side, r.item) for r in approved)


def referral(side: Side) -> Item | None:
    """Kaiser's, in network; its dates and visits bind where they are given."""
    if side.payer != "kaiser" or side.network == "out":
        return None
    held = unknown(may=("request-referral",))
    item = held if side.network == "unknown" else by_records(side)
    return resting_on(item, confirmed=side.confirmed or side.coverage is None)


def by_records(side: Side) -> Item:
    records = on_record(side, REFERRAL)
    if records is None:
        return unknown(may=("request-referral",))
    good = [r for r in records if r.status == "approved" and covers_day(side, r.item)]
    if not side.facts.countable and any(r.item.get("visits") is not None for r in good):
        if all(r.item.get("visits") is not None for r in good):
            return unknown(may=("request-referral",))
        return met()
    days = [e.day for e in paid_by_payer(side)]
    covered = stand(side, (REFERRAL,), days, [], answer=()).name == "covered"
    return met() if covered else unmet("hold", ("request-referral", None))
