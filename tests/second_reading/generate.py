"""Seeded check requests: a valid one per payer with up to four facts changed."""

import random
from collections.abc import Iterator

from . import changes_payer as payer_changes
from .base import PAYERS, draft
from .changes_prescription import PRESCRIPTION
from .changes_shared import RARE, SHARED, Change
from .changes_visits import AUTHORIZATIONS, VISITS
from .facts import Json

OWN: dict[str, tuple[Change, ...]] = {
    "regence": payer_changes.REGENCE,
    "uniform": payer_changes.UNIFORM,
    "premera": (payer_changes.funding,),
    "kaiser": (payer_changes.funding, payer_changes.alias),
    "lni": payer_changes.LNI,
    "pip": payer_changes.CLAIMS,
}
HOW_MANY = (0, 1, 1, 2, 2, 2, 3, 3, 4, 4)
# Visits come first, so that what follows can lie around them.
ORDER = (VISITS, AUTHORIZATIONS)


def pools(payer: str) -> list[tuple[tuple[Change, ...], int]]:
    counted = payer in ("regence", "uniform", "premera", "kaiser", "lni")
    own = OWN.get(payer, ())
    return [
        *((VISITS, 6 if counted else 2), (AUTHORIZATIONS, 4 if counted else 1)),
        *((own, 4 if own else 0), (PRESCRIPTION, 3), (SHARED, 3), (RARE, 1)),
    ]


def rank(change: Change) -> int:
    return next((place for place, group in enumerate(ORDER) if change in group), len(ORDER))


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
        for change in sorted(chosen, key=rank):
            made.labels.append(change(made))
        yield [label for label in made.labels if label], made.request


def cases(payer: str, count: int, seed: int) -> Iterator[Json]:
    return (request for _, request in labelled_cases(payer, count, seed))


__all__ = ["PAYERS", "cases", "labelled_cases"]
