"""The prescription, its diagnosis and its purpose."""

import re
from dataclasses import replace
from typing import Any

from . import codes
from .facts import Json, to_day
from .names import CLAIM_PAYERS, PREMERA, REGENCE
from .oracle_lni import attending
from .papers import duration, frequency, last_day, ordered, used_up
from .sides import Side
from .terms import NOT_COVERED, Item, costlier, met, open_hold, unknown, unmet, until

REGENCE_LIST = frozenset({"MD", "DO", "ND", "DC", "DPM", "PA", "ARNP", "NP"})
UNION_LIST = REGENCE_LIST | {"RN", "PT"}
LNI_LIST = REGENCE_LIST | {"DDS", "DMD", "OD"}
SPELLINGS = {"DPT": "PT"}
WASHINGTON = ("WA", "WASHINGTON")
REGENCE_AGE = 90
ORDERED = {"massage", "manual-therapy"}
POLICY_FROM = {"premera": "2018-02-01", "lifewise": "2014-02-15"}
ASK = "ask-prescriber"


def none_on_file(side: Side) -> dict[str, Item]:
    lead = side.facts.lead
    return {"prescription": until(side.facts.today, lead, NOT_COVERED, (ASK, lead))}


def requirements(side: Side, papers: list[Json]) -> dict[str, Item]:
    """Everything that rests on the prescription alone."""
    paper = side.paper
    assert paper is not None
    if paper.get("staff_confirmed") is not True:
        return {"prescription": unknown("hold", ("review-prescription", None), may=(ASK,))}
    items: dict[str, Item | None] = {
        "prescription": met(),
        "prescription.signature": flag(paper.get("signed")),
        "prescription.diagnosis": diagnosis(side, paper),
        "prescription.frequency": present(frequency(paper)),
        "prescription.duration": present(duration(paper)),
        "prescription.prescriber": prescriber(side, paper.get("prescriber") or {}),
        "prescription.current": current(side, paper),
        "prescription.visits": visits(side, paper, papers),
        "prescription.orders": orders(paper),
        "prescription.purpose": purpose(paper),
        "prescription.lead-time": lead_time(side, paper),
        "diagnosis.reimbursable": reimbursable(side, paper),
    }
    return {key: item for key, item in items.items() if item is not None}


def back(item: Item) -> Item:
    """Back to the prescriber."""
    return replace(item, actions=((ASK, None),)) if item.effect == "hold" else item


def flag(value: Any) -> Item:
    if value is None:
        return back(unknown())
    return met() if value else back(unmet("hold"))


def present(value: Any) -> Item:
    return back(unmet("hold")) if value is None else met()


def diagnosis(side: Side, paper: Json) -> Item:
    given = paper.get("diagnoses") or []
    good = bool(given) and all(codes.valid(code, side.facts.day) for code in given)
    return met() if good else back(unmet("hold"))


def reimbursable(side: Side, paper: Json) -> Item | None:
    given = paper.get("diagnoses") or []
    if not given:
        return None
    kinds = codes.classes(given, side.facts.day)
    found = unknown(may=(ASK,))
    if codes.PAYABLE in kinds:
        found = met()
    elif kinds == {codes.NEVER}:
        found = unmet("block", cause=NOT_COVERED)
    accepted = side.claim.get("accepted_diagnoses") if side.payer in CLAIM_PAYERS else None
    if accepted is not None and not codes.share(given, accepted):
        found = costlier(found, unmet("hold", may=(ASK,)))
    return found


def prescriber(side: Side, person: Json) -> Item:
    state, npi = person.get("state"), person.get("npi")
    words = credentials(person.get("credential"))
    checks = [
        credential(side, words),
        flag(None if state is None else state.strip().upper() in WASHINGTON),
        flag(None if npi is None else npi_ok(npi)),
    ]
    if side.payer == "lni":
        checks.append(back(attending(side, person, assistant="PA" in words)))
    return costlier(*checks)


def credentials(text: str | None) -> set[str]:
    words = re.split(r"[,/;\s]+", (text or "").upper().replace(".", ""))
    plain = [word.split("-")[0] for word in words if word]
    return {SPELLINGS.get(word, word) for word in plain}


def credential(side: Side, words: set[str]) -> Item:
    if not words:
        return back(unknown())
    accepted = UNION_LIST
    if side.payer in (*REGENCE, *PREMERA):
        accepted = REGENCE_LIST
    if side.payer == "lni":
        accepted = LNI_LIST
    return met() if words & accepted else back(unmet("hold"))


def npi_ok(npi: str) -> bool:
    if not re.fullmatch(r"[12]\d{9}", npi):
        return False
    total = 0
    for place, digit in enumerate(reversed("80840" + npi)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def ended(side: Side) -> Item:
    """As if none were on file."""
    found = until(side.facts.today, side.facts.lead, NOT_COVERED, (ASK, side.facts.lead))
    return replace(found, may=(ASK,))


def current(side: Side, paper: Json) -> Item | None:
    if duration(paper) is None:
        return None
    signed, last, day = to_day(paper.get("signed_on")), last_day(paper), side.facts.day
    if signed is None:
        return unknown(may=(ASK,))
    if signed > day:
        return open_hold((ASK, None))
    if last and day > last:
        return ended(side)
    if side.payer in REGENCE and (day - signed).days > REGENCE_AGE:
        return unmet("hold", may=(ASK,))
    return met()


def policy_asks(side: Side) -> bool:
    """PRM-03, and its LifeWise twin, from their days on."""
    since = POLICY_FROM.get(side.payer or "")
    return since is not None and side.facts.day.isoformat() >= since


def visits(side: Side, paper: Json, papers: list[Json]) -> Item | None:
    if policy_asks(side) and paper.get("visits") is None:
        return unmet("hold", (ASK, None))
    limit = ordered(paper)
    if limit is None:
        return None
    if not side.facts.countable or paper.get("signed_on") is None:
        return unknown(may=(ASK,))
    place = next(n for n, one in enumerate(papers) if one is paper)
    return ended(side) if used_up(side.facts, papers)[place] >= limit else met()


def orders(paper: Json) -> Item:
    given = paper.get("orders")
    if not given:
        return met(optional=True)
    return met() if ORDERED & set(given) else back(unmet("hold"))


def purpose(paper: Json) -> Item:
    aim = paper.get("purpose")
    if aim is None:
        return unknown(may=(ASK,))
    return met() if aim == "rehabilitation" else unmet("block", cause=NOT_COVERED)


def lead_time(side: Side, paper: Json) -> Item:
    received = to_day(paper.get("received_on"))
    if received is None:
        return replace(unknown("warn"), also=("unmet",))
    return met() if received <= side.facts.lead else unmet("warn")


def function(side: Side) -> Item | None:
    """REG-08 and PRM-03, before what the law and approvals say."""
    paper = side.paper
    if paper is None or paper.get("staff_confirmed") is not True:
        return None
    pain, loss = paper.get("pain"), paper.get("loss_of_function")
    if side.payer in REGENCE:
        told = [pain, loss]
    elif policy_asks(side):
        told = [loss]
    else:
        return None
    if any(value is False for value in told):
        return unmet("block", cause=NOT_COVERED)
    return unknown(may=(ASK,)) if any(value is None for value in told) else met()
