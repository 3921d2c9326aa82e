"""Where the product and this reading differ.

Run as ``python -m tests.second_reading.compare PAYER [COUNT] [SEED]``; SEED may be a range, 1-20.
"""

import json
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from massage_ins_bridge.domain.reading import UnusableInputError
from massage_ins_bridge.testing import decide_request

from .facts import Json
from .generate import PAYERS, labelled_cases
from .names import canonical
from .oracle import decide
from .terms import KEYS

FIELDS = (
    *("outcome", "payer", "route", "payment_at_visit", "visit_number"),
    *("self_pay_offered", "self_pay_terms"),
)
#: Work that is owed once the visit is done.
AFTERWARDS = ("submit-claim", "give-superbill", "collect-payment")
Key = tuple[str, str | None]
Difference = tuple[str, str, str]


def differences(request: Json, product: Json) -> list[Difference]:
    """(part, product, oracle) for each difference that the text does not leave open."""
    if "refused" in product:
        return [("refused", product["refused"], "-")]
    reading = decide(request)
    found = [
        (name, str(product.get(name)), str(reading[name]))
        for name in FIELDS
        if product.get(name) != reading[name]
    ]
    theirs = {key_of(item, product): item for item in product["requirements"]}
    ours, leeway = reading["requirements"], reading["leeway"]
    for key in sorted({*theirs, *ours}, key=str):
        if key[0] not in KEYS and theirs[key]["effect"] in ("none", "warn"):
            continue  # a plugin's own, that only informs
        if key[0] == "benefit" and bare(ours):
            continue  # of a plan without a coverage on file nobody knows what it covers
        found += requirement(key, theirs.get(key), ours.get(key), leeway)
    return [*found, *waivers(product, reading), *actions(request, product, reading)]


def bare(requirements: dict[Key, Json]) -> bool:
    """Whether it is not known which coverage is billed, for which the booking is held."""
    return any(key[0] == "coverage" and i["status"] == "unknown" for key, i in requirements.items())


def as_decision(reading: Json) -> Json:
    """An answer of the second reading in the shape of a decision."""
    requirements = [
        {"key": key, "payer": payer, **item}
        for (key, payer), item in reading["requirements"].items()
    ]
    waivers = [
        {"key": key, "payer": payer, "rule": rule, "strength": strength}
        for key, payer, rule, strength in reading["waivers"]
    ]
    actions = [{"kind": kind, "due": due} for kind, due in reading["actions"].items()]
    return {**reading, "requirements": requirements, "waivers": waivers, "actions": actions}


def key_of(item: Json, product: Json) -> Key:
    return item["key"], item.get("payer", product.get("payer"))


def named(key: Key) -> str:
    return f"{key[0]} of {key[1]}"


def requirement(
    key: Key, theirs: Json | None, ours: Json | None, leeway: Json
) -> Iterator[Difference]:
    nothing = ours is None or ours["effect"] == "none"
    if theirs is None and nothing and key[0] == "coordination":
        return  # nothing is to be settled where the coverage is not in force
    if theirs is None or ours is None:
        if key in leeway["optional"] or (ours is None and key in leeway["open"]):
            return
        if theirs is not None and theirs["status"] == "met" and theirs["effect"] == "none":
            yield f"{named(key)}: listed though met", "met/none", "left out"
        else:
            yield named(key), shown(theirs), shown(ours)
        return
    statuses = {ours["status"], *leeway["also"].get(key, ())}
    if theirs["status"] not in statuses or theirs["effect"] != ours["effect"]:
        yield named(key), shown(theirs), shown(ours)
    elif key not in leeway["due"] and theirs.get("due") != ours["due"]:
        yield f"{named(key)}: due", str(theirs.get("due")), str(ours["due"])


def shown(item: Json | None) -> str:
    return "left out" if item is None else f"{item['status']}/{item['effect']}"


def waivers(product: Json, reading: Json) -> Iterator[Difference]:
    """But for those of a requirement that may be called met as well."""
    theirs = {
        (*key_of(item, product), item.get("rule"), item["strength"]) for item in product["waivers"]
    }
    ours: set[tuple[Any, ...]] = reading["waivers"]
    free = set(reading["leeway"]["also"]) | reading["leeway"]["optional"]
    for one in sorted(theirs ^ ours, key=str):
        if one[:2] in free and reading["requirements"][one[:2]]["status"] == "waived":
            continue
        said = " ".join(str(part) for part in one)
        yield f"waiver of {one[0]}", *((said, "-") if one in theirs else ("-", said))


def details_to_confirm(request: Json, product: Json) -> bool:
    """Whether something beside the rules is to be confirmed: facts that contradict each other, a
    claim's details, or who insures it. The second reading does not look for these."""
    noted = [i["key"] for i in product["requirements"] if i["effect"] == "warn"]
    own = [key for key in noted if key not in KEYS and key != "core.rules-review"]
    claims = [c.get("claim") or {} for c in request.get("coverages") or []]
    unsaid = product["payer"] == "lni" and not all(c.get("insurer_kind") for c in claims)
    return bool(own) or unsaid


def actions(request: Json, product: Json, reading: Json) -> Iterator[Difference]:
    theirs: dict[str, set[str | None]] = defaultdict(set)
    for item in product["actions"]:
        theirs[item["kind"]].add(item.get("due"))
    ours, may = reading["actions"], {*reading["leeway"]["actions"], *AFTERWARDS}
    if details_to_confirm(request, product):
        may |= {"confirm-coverage", "review-prescription"}
    for kind in sorted({*theirs, *ours}):
        if kind not in ours and kind not in may:
            yield f"action {kind}", "asked for", "-"
        elif kind not in theirs and kind not in may:
            yield f"action {kind}", "-", "asked for"
        elif kind in theirs and kind in ours and kind not in may and ours[kind] not in theirs[kind]:
            yield f"action {kind}: due", str(sorted(map(str, theirs[kind]))), str(ours[kind])


def disagreements(
    payer: str, count: int, seed: int, product: Callable[[Json], Json]
) -> Iterator[tuple[list[str], Json, list[Difference]]]:
    for labels, request in labelled_cases(payer, count, seed):
        found = differences(request, product(request))
        if found:
            yield labels, request, found


def unlike(ruling: Json, request: Json) -> list[Difference]:
    """(name, ruling, oracle) for what a ruling expects and this reading does not bear out. The
    reading names no rules, but for those that waive, and no requirements of a plugin's own."""
    reading = decide(request)
    found: list[Difference] = []
    for name, expected in ruling.items():
        field, _, key = name.rpartition(" ")
        ours = of_billed(reading, key)
        if not field and "/" in str(expected) and name not in KEYS:
            continue
        if name in FIELDS:
            names = (expected, canonical(expected)) if name == "payer" else (expected,)
            if reading[name] not in names:
                found.append((name, str(expected), str(reading[name])))
        elif field == "due":
            if ours and ours[0] not in reading["leeway"]["due"] and ours[1]["due"] != expected:
                found.append((name, str(expected), str(ours[1]["due"])))
        elif not field and ("/" in str(expected) or expected == "-"):
            found += stands(name, expected, reading)
        elif name == "actions":
            free = set(expected) ^ set(reading["actions"])
            if free - {*reading["leeway"]["actions"], *AFTERWARDS}:
                found.append((name, str(expected), str(sorted(reading["actions"]))))
    return found


def of_billed(reading: Json, key: str) -> tuple[Key, Json] | None:
    whole = (key, reading["payer"])
    item = reading["requirements"].get(whole)
    return None if item is None else (whole, item)


def stands(name: str, expected: str, reading: Json) -> Iterator[Difference]:
    key = (name, reading["payer"])
    status, slash, effect = expected.partition("/")
    theirs = {"status": status, "effect": effect} if slash else None
    if theirs is None and key not in reading["requirements"]:
        return
    yield from requirement(
        key, theirs, reading["requirements"].get(key), {**reading["leeway"], "due": {key}}
    )


def answered(request: Json) -> Json:
    """The product's decision, or why it refused the request."""
    try:
        return decide_request(request)
    except UnusableInputError as error:
        return {"refused": str(error)}


def undated(difference: Difference) -> Difference:
    """Differing dates of one part belong to one group."""
    part, theirs, ours = difference
    day = r"\d{4}-\d\d-\d\d"
    return part, re.sub(day, "date", theirs), re.sub(day, "date", ours)


def seeds(text: str) -> range:
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] not in PAYERS:
        print(f"usage: compare PAYER [COUNT] [SEED[-SEED]]; PAYER is one of {', '.join(PAYERS)}")
        return 2
    count = int(arguments[1]) if len(arguments) > 1 else 600
    chosen = seeds(arguments[2] if len(arguments) > 2 else "1")
    groups: dict[Difference, list[tuple[list[str], Json, Difference]]] = defaultdict(list)
    differing = 0
    for seed in chosen:
        for labels, request, found in disagreements(arguments[0], count, seed, answered):
            differing += 1
            for difference in found:
                groups[undated(difference)].append((labels, request, difference))
    print(f"{arguments[0]}: {differing} of {count * len(chosen)} cases differ")
    for examples in sorted(groups.values(), key=len, reverse=True):
        labels, request, (part, theirs, ours) = min(examples, key=lambda one: len(one[0]))
        print(f"\n{len(examples):4}  {part}: product {theirs}, oracle {ours}")
        print(f"      changed: {'; '.join(labels)}")
        print(f"      {json.dumps(request)}")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
