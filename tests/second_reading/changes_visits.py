"""Changes to visits, standing bookings and authorizations."""

from datetime import date, timedelta
from typing import Any

from .base import Draft, at
from .changes_shared import Change, put
from .facts import add_months


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


def paid_otherwise(made: Draft) -> str:
    """Massage here that another payer, or nobody, paid."""
    count = made.rng.choice((1, 3, 6))
    payer = made.rng.choice(("aetna" if made.payer != "aetna" else "cigna", "cash", None))
    start = max(made.gap, 1)
    days = [made.day - timedelta(days=start + 2 * place) for place in range(count)]
    return add_visits(made, days, f"{count} visits here paid by {payer}", payer=payer)


def episodes(made: Draft) -> str:
    """The booking and some visits are of courses of treatment that staff named."""
    label = put(made.booking, "episode", made.rng.choice(("neck", "neck", "ankle", None)))
    for item in [*made.listed("visits"), *made.listed("upcoming")]:
        if made.rng.random() < 0.6:
            item["episode"] = made.rng.choice(("neck", "ankle"))
    return label


def paid(made: Draft) -> str:
    """What became of the bills, and fields that visits may lack."""
    for item in made.listed("visits"):
        if made.rng.random() < 0.4:
            item["paid"] = made.rng.choice(("paid", "denied", "recouped"))
        if made.rng.random() < 0.1:
            item.pop(made.rng.choice(("provider", "modality", "payer")), None)
    return "paid and bare visits"


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


VISITS: tuple[Change, ...] = (
    *(visits, visits, visits, first_visits, old_visits, elsewhere, elsewhere, paid_otherwise),
    *(standing, standing),
)
MARKS: tuple[Change, ...] = (episodes, episodes, paid)
