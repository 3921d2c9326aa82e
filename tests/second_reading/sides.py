"""Who is billed, by which coverage, in which network."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from .facts import Facts, Json, holds_on
from .names import (
    CLAIM_PAYERS,
    FEDERAL,
    NO_NETWORK,
    SERVED,
    canonical,
    listed,
    plan_of_payer,
    spellings_of,
    squeezed,
    within,
)


@dataclass(frozen=True)
class Side:
    """One payer that is asked, and the prescription that is used. ``stands``: how its coverage
    stands, ``met``, ``unmet`` (not in force) or ``unknown``; ``in_force``: whether one is."""

    facts: Facts
    payer: str | None
    coverage: Json | None
    stands: str
    in_force: bool
    network: str = "unknown"
    paper: Json | None = None

    @property
    def served(self) -> bool:
        return self.payer in SERVED

    @property
    def confirmed(self) -> bool:
        return self.get("staff_confirmed") is True

    @property
    def fully_insured(self) -> bool:
        return bool(self.get("funding") == "fully_insured")

    @property
    def claim(self) -> Json:
        return self.get("claim") or {}

    @property
    def plans(self) -> list[str]:
        """What its plan is called: in its own words, and by a payer's name that is a plan's."""
        names = [self.get("plan"), plan_of_payer(self.get("payer"))]
        if self.get("plan") is None:
            names.append(plan_of_payer(self.facts.booking.get("payer")))
        return [name for name in names if name]

    @property
    def federal(self) -> bool:
        return any(within(plan, FEDERAL) or listed(plan, FEDERAL) for plan in self.plans)

    def get(self, key: str) -> Any:
        return (self.coverage or {}).get(key)


def payer_of(coverage: Json) -> str | None:
    """A federal plan of Premera's stays Premera's."""
    name = coverage.get("payer")
    federal = plan_of_payer(name) in FEDERAL
    if federal and within(coverage.get("plan") or "", ("premera",)):
        return "premera"
    return canonical(name)


def newest(coverages: list[Json]) -> Json:
    return max(coverages, key=lambda item: (item.get("to", "9999"), item.get("from", "")))


def billed(facts: Facts) -> Side:
    listed_ = facts.request.get("coverages") or []
    force = [item for item in listed_ if holds_on(item, facts.day)]
    named = facts.booking.get("payer")
    made = by_name(facts, named, listed_) if named else by_position(facts, listed_, force)
    if not made.served:
        raw = named or (made.get("payer") if made.payer else None)
        return replace(made, payer=raw, stands="unknown", network="unknown")
    return replace(made, network=network(made))


def by_name(facts: Facts, named: str, coverages: list[Json]) -> Side:
    payer = canonical(named)
    mine = [item for item in coverages if payer_of(item) == payer]
    if not mine and plan_of_payer(named) in FEDERAL:
        mine = [
            item
            for item in coverages
            if payer_of(item) == "premera" and listed(item.get("plan", ""), FEDERAL)
        ]
        payer = "premera" if mine else payer
    force = [item for item in mine if holds_on(item, facts.day)]
    if len(force) == 1:
        return Side(facts, payer, force[0], "met", in_force=True)
    if force or not mine:
        return Side(facts, payer, None, "unknown", in_force=bool(force))
    return Side(facts, payer, newest(mine), "unmet", in_force=False)


def by_position(facts: Facts, coverages: list[Json], force: list[Json]) -> Side:
    first = [item for item in force if primary(item)]
    if len(first) != 1 and len(force) == 1:
        first = force
    if len(first) == 1:
        return Side(facts, payer_of(first[0]), first[0], "met", in_force=True)
    pool = first or force or coverages
    payers = {payer_of(item) for item in pool}
    payer = payers.pop() if len(payers) == 1 else None
    if force or payer is None:
        return Side(facts, payer, None, "unknown", in_force=bool(force))
    return Side(facts, payer, newest(coverages), "unmet", in_force=False)


def primary(coverage: Json) -> bool:
    """The position of an L&I or PIP coverage decides nothing."""
    return coverage.get("position") == "primary" and payer_of(coverage) not in CLAIM_PAYERS


def primaries(side: Side) -> list[Side]:
    """The primary coverages of other payers beside a secondary one."""
    facts = side.facts
    if side.get("position") != "secondary" or side.payer in CLAIM_PAYERS or not side.in_force:
        return []
    found = [
        item
        for item in facts.request.get("coverages") or []
        if primary(item) and holds_on(item, facts.day) and payer_of(item) != side.payer
    ]
    sides = [Side(facts, payer_of(item), item, "met", in_force=True) for item in found]
    return [replace(one, network=network(one), paper=side.paper) for one in sides]


def network(side: Side) -> str:
    """By the narrowest entries that fit day, practitioner and plan."""
    if side.payer in NO_NETWORK:
        return "none"
    facts = side.facts
    who, people = facts.booking.get("practitioner"), facts.clinic("practitioners")
    if who and people is not None and who not in [one.get("key") for one in people]:
        return "unknown"
    plans = {squeezed(plan) for plan in side.plans}
    rows = [row for row in entries(side, facts.day) if fits(row, who, plans)]
    sure = all((plans or "plans" not in r) and (who or "practitioners" not in r) for r in rows)
    for names in (("practitioners", "plans"), ("practitioners",), ("plans",)):
        narrow = [r for r in rows if all(name in r for name in names)]
        if narrow and sure:
            rows = narrow
            break
    found = {row.get("status", "unknown") for row in rows}
    return found.pop() if len(found) == 1 else "unknown"


def entries(side: Side, day: date) -> list[Json]:
    """The payer's entries on a day; under a plan's name they are that plan's."""
    found = []
    for name, rows in side.facts.clinic("network", {}).items():
        if canonical(name) != side.payer:
            continue
        plan = plan_of_payer(name)
        more = {"plans": list(spellings_of(plan))} if plan else {}
        found += [{**row, **more} for row in rows if holds_on(row, day)]
    return found


def fits(row: Json, who: str | None, plans: set[str]) -> bool:
    if who and who not in row.get("practitioners", [who]):
        return False
    return not plans or "plans" not in row or bool(plans & set(map(squeezed, row["plans"])))
