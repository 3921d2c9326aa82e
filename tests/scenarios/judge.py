"""Whether a decision is as an example expects it.

An example names part of a decision in the shape of ``check --json``: ``outcome``, ``payer``,
``route`` and other fields by their names; ``req``, ``effect``, ``due`` by the requirement's key
(one of them, where several payers ask it); ``holds``: exactly these hold or block; ``free``: none
of these does; ``waived``, ``not_waived``: by a firm waiver; ``actions``, ``action_due``; ``rules``
that a requirement, waiver or action names; ``no_text``, ``no_patient_text``: whole words, in any
case.
"""

import re
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
FIELDS = (
    *("outcome", "payer", "route", "payment_at_visit", "visit_number"),
    *("self_pay_offered", "self_pay_terms"),
)
OF_REQUIREMENT = {"req": "status", "effect": "effect", "due": "due"}
TEXTS = ("message", "remedy", "patient_message")
COSTLY = ("hold", "block")


def amiss(expect: Json, decision: Json) -> list[str]:
    """What is not as expected, in words; nothing where all is."""
    found: list[str] = []
    for name, wanted in expect.items():
        found += judged(name, wanted, decision)
    return found


def judged(name: str, wanted: Any, decision: Json) -> Iterator[str]:
    if name in FIELDS:
        if name not in decision or decision[name] != wanted:
            yield f"{name}: {decision.get(name)!r}, expected {wanted!r}"
    elif name in OF_REQUIREMENT:
        yield from of_requirements(name, wanted, decision)
    elif name in ("holds", "free"):
        yield from costs(name, wanted, decision)
    elif name in ("waived", "not_waived"):
        yield from waivers(name, wanted, decision)
    elif name in ("actions", "action_due"):
        yield from actions(wanted, decision)
    elif name == "rules":
        named = {item.get("rule") for item in every_item(decision)}
        yield from (f"rule {rule} is not named" for rule in wanted if rule not in named)
    elif name in ("no_text", "no_patient_text"):
        fields = TEXTS if name == "no_text" else TEXTS[-1:]
        yield from (f"says {word!r}: {text}" for word, text in said(wanted, fields, decision))
    else:
        yield f"{name}: no such word"


def of_requirements(name: str, wanted: Json, decision: Json) -> Iterator[str]:
    for key, value in wanted.items():
        found = [
            item.get(OF_REQUIREMENT[name])
            for item in decision["requirements"]
            if item["key"] == key
        ]
        if value not in found:
            yield f"{name} of {key}: {found}, expected {value!r}"


def costs(name: str, wanted: list[str], decision: Json) -> Iterator[str]:
    costly = {item["key"] for item in decision["requirements"] if item["effect"] in COSTLY}
    wrong = costly ^ set(wanted) if name == "holds" else costly & set(wanted)
    if wrong:
        yield f"{name} {sorted(wanted)}: these hold or block: {sorted(costly)}"


def waivers(name: str, wanted: list[str], decision: Json) -> Iterator[str]:
    firm = {item["key"] for item in decision["waivers"] if item["strength"] == "firm"}
    for key in wanted:
        if (key in firm) != (name == "waived"):
            yield f"{name} {key}: firmly waived are {sorted(firm)}"


def actions(wanted: list[str] | Json, decision: Json) -> Iterator[str]:
    found: dict[str, list[str | None]] = {}
    for item in decision["actions"]:
        found.setdefault(item["kind"], []).append(item.get("due"))
    for kind in wanted:
        if kind not in found:
            yield f"action {kind} is not among {sorted(found)}"
        elif isinstance(wanted, dict) and wanted[kind] not in found[kind]:
            yield f"action {kind}: due {found[kind]}, expected {wanted[kind]!r}"


def every_item(decision: Json) -> list[Json]:
    return [item for part in ("requirements", "waivers", "actions") for item in decision[part]]


def said(words: list[str], fields: tuple[str, ...], decision: Json) -> Iterator[tuple[str, str]]:
    texts = [item[field] for item in every_item(decision) for field in fields if item.get(field)]
    for word in words:
        pattern = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)
        yield from ((word, text) for text in texts if pattern.search(text))
