"""Changes to visits, standing bookings and authorizations."""

from datetime import date, timedelta
from typing import Any

from .base import Draft, at
from .changes_shared import Change
from .facts import Json, add_months

STATUSES = ("approved", "approved", "approved", "requested", "pended", "denied", "void")


def add_visits(made: Draft, days: list[date], label: str, **more: Any) -> str:
    """Visits on these days, where a list of visits is known."""
    if made.request.get("visits") is None:
        return ""
    made.request["visits"] += [made.visit(day, **more) for day in days]
    return label


def visits(made: Draft) -> str:
    """Some visits at this clinic, evenly apart, the last of them on or before today."""
    count = made.rng.choice((1, 1, 2, 3, 4, 5, 6, 6, 7, 8, 11, 12, 12, 13, 14))
    step = made.rng.choice((1, 2, 3, 5, 7, 7, 10, 20))
    last = max((made.day - made.today).days, 1) + made.rng.choice((0, 0, 1, 3, 6))
    days = [made.day - timedelta(days=last + step * place) for place in range(count)]
    return add_visits(made, days, f"{count} visits {days[-1]}..{days[0]}")


def first_visits(made: Draft) -> str:
    """Visit 1 around seven days, and around a month, before today."""
    back = made.rng.choice((6, 7, 8))
    first = made.today - timedelta(days=back)
    if made.rng.random() < 0.3:
        first = add_months(made.today, -1) + timedelta(days=made.rng.choice((-1, 0, 1)))
    days = [first]
    if made.rng.random() < 0.4:
        days.append(made.today - timedelta(days=made.rng.choice((1, 2, 5))))
    return add_visits(made, days, f"visits on {[str(day) for day in days]}")


def old_visits(made: Draft) -> str:
    """Visits at the edge of the ninety days."""
    reach = (made.day - made.today).days
    days = [max(made.rng.choice((88, 89, 90, 91, 92)), reach)]
    while made.rng.random() < 0.5:
        days.append(days[-1] + made.rng.choice((7, 89, 90, 91)))
    then = [made.day - timedelta(days=back) for back in days]
    return add_visits(made, then, f"visits {days} days ago")


def elsewhere(made: Draft) -> str:
    """Visits at another clinic: massage counts in the chain, other care does not."""
    count = made.rng.choice((1, 2, 4, 5, 6, 7))
    modality = made.rng.choice(("massage", "massage", "massage", "physical-therapy"))
    payer = made.rng.choice((made.payer, "cigna", None))
    last = max((made.day - made.today).days, 1) + made.rng.choice((0, 4, 60, 85, 90, 91))
    days = [made.day - timedelta(days=last + 3 * place) for place in range(count)]
    more = {"provider": "other", "modality": modality, "payer": payer}
    label = f"{count} {modality} elsewhere {days[-1]}..{days[0]} payer {payer}"
    return add_visits(made, days, label, **more)


def other_payer(made: Draft) -> str:
    """Massage here that another payer paid: it uses up the prescription only."""
    if made.payer in ("regence", "premera", "kaiser"):
        return ""
    count = made.rng.choice((1, 3, 6))
    payer = made.rng.choice(("aetna" if made.payer != "aetna" else "cigna", None))
    start = max((made.day - made.today).days, 1)
    days = [made.day - timedelta(days=start + 2 * place) for place in range(count)]
    return add_visits(made, days, f"{count} visits here paid by {payer}", payer=payer)


def standing(made: Draft) -> str:
    """Standing bookings around this one, one of them perhaps at the very same start."""
    if made.request.get("upcoming") is None:
        return ""
    reach = (made.day - made.today).days
    slots = []
    for _ in range(made.rng.choice((1, 1, 2, 3, 5))):
        case = made.rng.choice(("same start", "before", "before", "after"))
        when = made.start
        if case == "before" and reach > 1:
            when = at(made.day - timedelta(days=made.rng.randint(1, reach - 1)), 11)
        elif case != "same start":
            when = made.start + timedelta(days=made.rng.randint(1, 9))
        slots.append(when)
    made.request["upcoming"] += [made.standing(when) for when in slots]
    return f"standing {[when.isoformat()[:16] for when in slots]}"


def kinds(made: Draft) -> tuple[str, ...]:
    if made.payer == "lni":
        return ("lni-f245-417",) * 3 + ("lni-claim-manager",) * 3 + ("prior-authorization",)
    return ("prior-authorization",) * 8 + ("lni-f245-417",)


def one_authorization(made: Draft) -> Json:
    rng = made.rng
    item = {
        "payer": made.payer,
        "kind": rng.choice(kinds(made)),
        "number": f"A{rng.randint(100, 999)}",
        "status": rng.choice(STATUSES),
        "requested_on": made.ago(rng.randint(max((made.day - made.today).days, 1), 60)),
        "visits": rng.choice((1, 2, 3, 4, 4, 6, 8, 12, 20)),
    }
    first, last = rng.choice(
        ((300, -60), (300, -60), (60, 0), (30, -60), (0, -60), (-1, -60), (60, 1), (300, 95))
    )
    item["from"], item["to"] = made.ago(first), made.ago(last)
    if item["status"] in ("requested", "pended", "denied") and rng.random() < 0.7:
        for key in ("visits", "from", "to"):
            item.pop(key)
    for key in ("requested_on", "visits", "number"):
        if rng.random() < 0.08:
            item.pop(key, None)
    if rng.random() < 0.08:
        item.pop("from", None)
        item.pop("to", None)
    return item


def brief(item: Json) -> str:
    keys = ("kind", "status", "requested_on", "visits", "from", "to")
    return "/".join(str(item.get(key, "-")) for key in keys)


def authorizations(made: Draft) -> str:
    if made.request.get("authorizations") is None:
        return ""
    added = [one_authorization(made) for _ in range(made.rng.choice((1, 1, 1, 2, 2, 3)))]
    made.request["authorizations"] += added
    return f"auth {[brief(item) for item in added]}"


def not_required(made: Draft) -> str:
    if made.request.get("authorizations") is None:
        return ""
    item = {
        "payer": made.payer,
        "kind": "not-required",
        "number": "NR-77",
        "status": made.rng.choice(("approved", "approved", "void")),
        "requested_on": made.ago(25),
    }
    if made.rng.random() < 0.4:
        item["from"], item["to"] = made.ago(60), made.ago(made.rng.choice((-30, 0, 1)))
    made.request["authorizations"].append(item)
    return f"auth {brief(item)}"


def long_course(made: Draft) -> str:
    """Enough visits to need an authorization, and one on record."""
    count = made.rng.choice((1, 2, 4, 5, 6, 7, 9, 11, 12, 13))
    last = max((made.day - made.today).days, 1)
    days = [made.day - timedelta(days=last + 4 * place) for place in range(count)]
    if made.request.get("visits"):
        return ""
    added = add_visits(made, days, f"{count} visits {days[-1]}..{days[0]}")
    return added and f"{added}; {authorizations(made)}"


VISITS: tuple[Change, ...] = (
    *(visits, visits, visits, first_visits, old_visits, elsewhere, other_payer, standing, standing),
)
AUTHORIZATIONS: tuple[Change, ...] = (
    *(authorizations, authorizations, long_course, long_course, not_required),
)
