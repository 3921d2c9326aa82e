"""The rule book read a second time, from its text alone: `decide(request)`.

The answer holds outcome, payer, route, payment_at_visit, visit_number, self_pay_offered and
self_pay_terms; ``requirements``, by key and payer; ``waivers``, a set of key, payer, rule,
strength; ``actions``, by kind the day; and ``leeway``: what the text leaves open.
"""

from dataclasses import dataclass, replace
from typing import Any

from .counting import number
from .facts import Facts, Json, read
from .names import NEVER_BILLED, SERVED, canonical
from .oracle_authorization import prior_authorization
from .oracle_benefit import benefit, cost_share
from .oracle_claim import claim
from .oracle_lni import place, progress_report
from .oracle_necessity import necessity, referral
from .oracle_prescription import none_on_file, requirements
from .oracle_shared import (
    clinic_approval,
    coordination,
    coverage,
    guardian,
    identity,
    intake,
    network,
    same_day,
)
from .selfpay import self_pay_flag
from .sides import Side, billed, primaries
from .terms import EFFECTS, Item, at_most_held, cost, resting_on, unknown

RESTING = ("claim", "benefit")
DEPENDING = ("prescription", "diagnosis", "medical-necessity")
MIXED = ("coordination", "prior-authorization")
Key = tuple[str, str | None]
Waiver = tuple[str, str | None, str | None, str]


@dataclass(frozen=True)
class Found:
    items: dict[Key, Item]
    waivers: set[Waiver]


def decide(request: dict[str, Any]) -> dict[str, Any]:
    facts = read(request)
    if facts.booking.get("self_pay") is True:
        return self_pay(facts)
    side = billed(facts)
    found = best(side)
    outcome = EFFECTS[max(map(cost, found.items.values()))]
    outcome = {"none": "allow", "warn": "allow"}.get(outcome, outcome)
    offered, terms = self_pay_flag(side, outcome, list(found.items.values()))
    way = route(side)
    return {
        "outcome": outcome,
        "payer": side.payer,
        "route": way,
        "payment_at_visit": way == "superbill" or at_the_visit(side, way),
        "visit_number": number(side),
        "self_pay_offered": offered,
        "self_pay_terms": terms,
        **shown(found, open_keys(side)),
    }


def open_keys(side: Side) -> set[Key]:
    """Requirements of which the text does not say whether they are asked."""
    found: set[Key] = set()
    papers = side.facts.request.get("prescriptions") or []
    if any(not paper.get("diagnoses") for paper in papers):
        found.add(("diagnosis.reimbursable", side.payer))
    if side.payer == "lni":
        found.add(("progress-report", side.payer))
    if side.payer is None:
        found |= {(key, side.payer) for key in ("cost-share", "benefit")}
    return found


def shown(found: Found, left_open: set[Key]) -> Json:
    actions: dict[str, Any] = {}
    for item in found.items.values():
        for kind, due in item.actions:
            text = due and due.isoformat()
            actions[kind] = min(filter(None, (text, actions.get(kind))), default=None)
    return {
        "requirements": {
            key: {"status": i.status, "effect": i.effect, "due": i.due and i.due.isoformat()}
            for key, i in sorted(found.items.items(), key=lambda pair: str(pair[0]))
        },
        "waivers": found.waivers,
        "actions": actions,
        "leeway": {
            "also": {key: list(i.also) for key, i in found.items.items() if i.also},
            "optional": {key for key, i in found.items.items() if i.optional},
            "open": left_open - found.items.keys(),
            "due": {key for key, i in found.items.items() if i.free_due},
            "actions": {kind for i in found.items.values() for kind in i.may},
        },
    }


def self_pay(facts: Facts) -> Json:
    named = facts.booking.get("payer")
    payer = canonical(named)
    payer = payer if payer in SERVED else named
    held = payer in NEVER_BILLED
    items: dict[Key, Item] = {}
    if held:
        items["coverage", payer] = replace(unknown(), also=("unmet",))
    return {
        "outcome": "hold" if held else "allow",
        "payer": payer,
        "route": None if held else "self-pay",
        "payment_at_visit": not held,
        "visit_number": None,
        "self_pay_offered": False,
        "self_pay_terms": None,
        **shown(Found(items, set()), set()),
    }


def best(side: Side) -> Found:
    """With the prescription that serves best."""
    papers = side.facts.request.get("prescriptions")
    named = side.facts.booking.get("prescription")
    if papers is None:
        return everything(side, {"prescription": unknown(may=("ask-prescriber",))})
    if not papers:
        return everything(side, none_on_file(side))
    if named is not None:
        papers_named = [paper for paper in papers if paper.get("id") == named]
        if not papers_named:
            return everything(side, {"prescription": unknown(may=("ask-prescriber",))})
    else:
        papers_named = papers
    tried = []
    for paper in papers_named:
        one = replace(side, paper=paper)
        tried.append((paper, everything(one, requirements(one, papers))))
    tried.sort(key=lambda pair: str(pair[0].get("id", "")))
    tried.sort(key=lambda pair: str(pair[0].get("signed_on", "")), reverse=True)
    keys = {key for _, found in tried for key in found.items}
    differing = {k for k in keys if len({weight(found, k) for _, found in tried}) > 1}
    return min((found for _, found in tried), key=lambda found: serves(found, differing))


def weight(found: Found, key: Key) -> int:
    return cost(found.items[key]) if key in found.items else 0


def serves(found: Found, differing: set[Key]) -> tuple[int, int]:
    """Least effect, then fewest requirements that cost."""
    costs = [
        cost(item)
        for key, item in found.items.items()
        if key[0].split(".")[0] in DEPENDING or (key[0] in MIXED and key in differing)
    ]
    return max(costs, default=0), sum(one >= EFFECTS.index("hold") for one in costs)


def everything(side: Side, on_paper: dict[str, Item]) -> Found:
    payer = side.payer
    shared = {
        "coverage": coverage(side),
        "coordination": coordination(side),
        "network": network(side),
        "intake": intake(side),
        "guardian-consent": guardian(side),
        "clinic-approval": clinic_approval(side),
        "claim": claim(side),
        "progress-report": progress_report(side),
        "same-day-care": same_day(side),
        "place": place(side),
        "benefit": benefit(side),
        "cost-share": cost_share(side),
        "identity": identity(side),
    }
    for key in RESTING:
        shared[key] = rested(side, shared[key])
    items: dict[Key, Item] = {(k, payer): i for k, i in shared.items() if i is not None}
    items |= {(key, payer): item for key, item in on_paper.items()}
    waivers: set[Waiver] = set()
    for one in (side, *only_one(primaries(side))):
        plan_asks(one, items, waivers)
    return finished(Found(items, waivers))


def only_one(sides: list[Side]) -> list[Side]:
    return sides if len(sides) == 1 else []


def rested(side: Side, item: Item | None) -> Item | None:
    if item is None:
        return None
    item = resting_on(item, confirmed=side.confirmed or side.coverage is None)
    return item if side.in_force and side.stands == "met" else at_most_held(item)


def plan_asks(side: Side, items: dict[Key, Item], waivers: set[Waiver]) -> None:
    """Authorization, referral and necessity, of the billed and of the primary."""
    prior, grounds = prior_authorization(side)
    needed, lawful = necessity(side)
    pairs = {
        "prior-authorization": prior,
        "medical-necessity": needed,
        "referral": referral(side),
    }
    items |= {(k, side.payer): item for k, item in pairs.items() if item is not None}
    waivers |= {("prior-authorization", side.payer, *ground) for ground in grounds}
    waivers |= {("medical-necessity", side.payer, *ground) for ground in lawful}


def finished(found: Found) -> Found:
    """Who is in doubt is not refused; of a booking that is blocked no report is owed."""
    items = found.items
    if any(key == "identity" for key, _ in items):
        items = {key: at_most_held(item) for key, item in items.items()}
    if any(item.effect == "block" for item in items.values()):
        items = {key: item for key, item in items.items() if key[0] != "progress-report"}
    return Found(items, found.waivers)


def at_the_visit(side: Side, way: str | None) -> bool:
    """OQ-5: a clinic may let PIP clients pay and claim themselves."""
    asked = side.facts.clinic("pip_payment_at_visit")
    return side.payer == "pip" and asked is True and way is not None


def route(side: Side) -> str | None:
    if not side.in_force or not side.served or side.payer in ("medicare", "apple-health"):
        return None
    if side.network == "unknown":
        return None
    return "superbill" if side.network == "out" and side.payer not in ("lni", "va") else "claim"
