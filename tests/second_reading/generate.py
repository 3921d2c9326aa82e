"""Seeded check requests: a valid one per payer with up to four facts changed."""

import random
from collections.abc import Iterator

from . import changes_claim, changes_payer
from .base import PAYERS, Draft, draft
from .changes_authorizations import AUTHORIZATIONS, long_course
from .changes_coverage import COVERAGE, RARE_COVERAGE
from .changes_prescription import NECESSITY, PRESCRIPTION
from .changes_shared import RARE, SHARED, Change
from .changes_visits import MARKS, VISITS
from .facts import Json

OWN: dict[str, tuple[Change, ...]] = {
    "regence": (*changes_payer.REGENCE, *NECESSITY),
    "uniform": changes_payer.UNIFORM,
    "bridgespan": (*changes_payer.BRIDGESPAN, *NECESSITY),
    "premera": (*changes_payer.PREMERA, *NECESSITY),
    "lifewise": (*changes_payer.PREMERA, *NECESSITY),
    "kaiser": changes_payer.KAISER,
    "lni": changes_claim.LNI,
    "pip": changes_claim.PIP,
    "va": changes_payer.NAMED,
    "apple-health": changes_payer.NAMED,
}
COUNTED = ("regence", "uniform", "bridgespan", "premera", "lifewise", "kaiser", "lni", "va")
HOW_MANY = (0, 1, 1, 2, 2, 2, 3, 3, 4, 4)
LONG = 0.35  # where visits are counted, so many cases have a course of some length
# Visits come first, so that what follows can lie around them; marks of them after.
ORDER = (VISITS, AUTHORIZATIONS, MARKS)


def pools(payer: str) -> list[tuple[tuple[Change, ...], int]]:
    own = OWN.get(payer, ())
    counted = payer in COUNTED
    return [
        *((VISITS, 6 if counted else 2), (AUTHORIZATIONS, 5 if counted else 1), (MARKS, 1)),
        *((own, 4 if own else 0), (PRESCRIPTION, 3), (SHARED, 3), (COVERAGE, 3)),
        *((RARE, 1), (RARE_COVERAGE, 1)),
    ]


def rank(change: Change) -> int:
    return next((place for place, group in enumerate(ORDER) if change in group), len(ORDER))


def ordered(part: Json, first: str, last: str) -> None:
    """Where two changes met, what ends does not end before it begins."""
    if part.get(first) and part.get(last) and part[first] > part[last]:
        part[first], part[last] = part[last], part[first]


def mend(made: Draft) -> None:
    """No date lies before the one that it follows, nor what has happened after today."""
    request, today = made.request, made.today.isoformat()
    for item in made.listed("coverages"):
        ordered(item, "from", "to")
        ordered(item.get("claim") or {}, "date_of_injury", "closed_on")
    for rows in ((request.get("clinic") or {}).get("network") or {}).values():
        for row in rows:
            ordered(row, "from", "to")
    for item in made.listed("authorizations"):
        ordered(item, "from", "to")
        ordered(item, "requested_on", "decided_on")
        if item.get("decided_on"):
            item["decided_on"] = min(item["decided_on"], today)
    for item in made.listed("prescriptions"):
        if item.get("received_on") and item.get("signed_on"):
            item["received_on"] = max(item["received_on"], item["signed_on"])
    if made.request.get("visits"):
        request["visits"] = [item for item in request["visits"] if item["on"] <= today]


def labelled_cases(payer: str, count: int, seed: int) -> Iterator[tuple[list[str], Json]]:
    """Each request with the facts that were changed in it."""
    rng = random.Random(f"{payer}/{seed}")
    groups = pools(payer)
    weights = [weight for _, weight in groups]
    for _ in range(count):
        made = draft(payer, rng)
        chosen = [
            rng.choice(rng.choices(groups, weights)[0][0]) for _ in range(rng.choice(HOW_MANY))
        ]
        if payer in COUNTED and chosen and rng.random() < LONG:
            chosen[0] = long_course
        for change in sorted(chosen, key=rank):
            made.labels.append(change(made))
        mend(made)
        yield [label for label in made.labels if label], made.request


def cases(payer: str, count: int, seed: int) -> Iterator[Json]:
    return (request for _, request in labelled_cases(payer, count, seed))


__all__ = ["PAYERS", "cases", "labelled_cases"]
