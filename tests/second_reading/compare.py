"""Where the product and this reading differ.

Run as `python -m tests.second_reading.compare PAYER [COUNT] [SEED]`.
"""

import json
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from massage_ins_bridge.testing import decide_request

from .facts import Json, canonical
from .generate import PAYERS, labelled_cases
from .oracle import readings
from .terms import KEYS

FIELDS = ("outcome", "route", "payment_at_visit", "self_pay_offered", "visit_number")
PRIOR = "prior-authorization"
DATED = ("prescription", "intake", "guardian-consent", PRIOR, "progress-report")
Difference = tuple[str, str, str]


def differences(request: Json, product: Json) -> list[Difference]:
    """(key, product, oracle) for each difference; the reading that lies nearest is taken."""
    return min((against(reading, product) for reading in readings(request)), key=len)


def against(reading: Json, product: Json) -> list[Difference]:
    loose = set(reading["undetermined"])
    found = [
        (key, str(product.get(key)), str(reading[key]))
        for key in FIELDS
        if key not in loose and product.get(key) != reading[key]
    ]
    theirs = {item["key"]: item for item in product["requirements"]}
    for key in (*KEYS, "plugin.failed"):
        if key not in loose:
            found += requirement(key, theirs.get(key), reading["requirements"].get(key))
    return found + waivers(reading, product, loose)


def requirement(key: str, theirs: Json | None, ours: Json | None) -> Iterator[Difference]:
    if theirs is None or ours is None:
        if (theirs or ours) and not (ours or {}).get("optional"):
            yield key, shown(theirs), shown(ours)
        return
    statuses = {ours["status"], *ours.get("also", ())}
    if theirs["status"] not in statuses or theirs["effect"] != ours["effect"]:
        yield key, shown(theirs), shown(ours)
    elif key in DATED and ours["due"] and theirs.get("due", ours["due"]) != ours["due"]:
        yield f"{key} due", str(theirs["due"]), ours["due"]


def shown(item: Json | None) -> str:
    return "left out" if item is None else f"{item['status']}/{item['effect']}"


def waivers(reading: Json, product: Json, loose: set[str]) -> list[Difference]:
    optional = {k for k, item in reading["requirements"].items() if item.get("optional")}
    theirs = {item["key"] for item in product["waivers"] if item["strength"] == "firm"}
    ours = {key for key, strength in reading["waivers"].items() if strength == "firm"}
    if (theirs ^ ours) & set(KEYS) - loose - optional:
        return [("waived", str(sorted(theirs)), str(sorted(ours)))]
    return []


def disagreements(
    payer: str, count: int, seed: int, product: Callable[[Json], Json]
) -> Iterator[tuple[list[str], Json, list[Difference]]]:
    for labels, request in labelled_cases(payer, count, seed):
        found = differences(request, product(request))
        if found:
            yield labels, request, found


def unlike(ruling: Json, reading: Json) -> list[Difference]:
    """(name, ruling, oracle) for what a ruling expects and a reading does not bear out. A reading
    names no rules, no requirements of a plugin's own, and of actions only some that it demands."""
    ours, loose = reading["requirements"], set(reading["undetermined"])
    found: list[Difference] = []
    for name in ruling.keys() - loose:
        expected, key = ruling[name], name.removeprefix("due ")
        if name in KEYS:
            status, _, effect = expected.partition("/")
            theirs = {"status": status, "effect": effect} if effect else None
            found += requirement(name, theirs, ours.get(name))
        elif key in ours and key not in loose and ours[key]["due"] not in (None, expected):
            found.append((name, str(expected), ours[key]["due"]))
        elif not bears(name, expected, reading):
            found.append((name, str(expected), str(reading[name])))
    return found


def bears(name: str, expected: Any, reading: Json) -> bool:
    if name == "waivers":
        strongest = max((text.split()[1] for text in expected), default=None)
        return bool(reading["waivers"].get(PRIOR) == strongest)
    if name == "actions":
        return bool(reading["actions"] <= set(expected))
    if name == "payer":
        return bool(canonical(expected) == reading["payer"])
    return name not in FIELDS or bool(expected == reading[name])


def undated(difference: Difference) -> Difference:
    """Differing dates of one key belong to one group."""
    key, theirs, ours = difference
    return key, re.sub(r"\d{4}-\d\d-\d\d", "date", theirs), re.sub(r"\d{4}-.*", "date", ours)


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] not in PAYERS:
        print(f"usage: compare PAYER [COUNT] [SEED]; PAYER is one of {', '.join(PAYERS)}")
        return 2
    count = int(arguments[1]) if len(arguments) > 1 else 600
    seed = int(arguments[2]) if len(arguments) > 2 else 1
    groups: dict[Difference, list[tuple[list[str], Json, Difference]]] = defaultdict(list)
    differing = 0
    for labels, request, found in disagreements(arguments[0], count, seed, decide_request):
        differing += 1
        for difference in found:
            groups[undated(difference)].append((labels, request, difference))
    print(f"{arguments[0]}: {differing} of {count} cases differ")
    for examples in sorted(groups.values(), key=len, reverse=True):
        labels, request, (key, theirs, ours) = min(examples, key=lambda example: len(example[0]))
        print(f"\n{len(examples):4}  {key}: product {theirs}, oracle {ours}")
        print(f"      changed: {'; '.join(labels)}")
        print(f"      {json.dumps(request)}")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
