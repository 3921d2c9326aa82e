"""``check --explain``: each requirement with the rule behind it, met ones too."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from textwrap import fill
from typing import Any

from ..domain.answers import Decision, Requirement
from ..domain.rule import Rule
from ..gate.case import CORE, Case
from .rests_on import Facts, Which, which_of


def explained(decision: Decision, case: Case, rests: Mapping[Which, Facts]) -> list[dict[str, Any]]:
    """By requirement, in the decision's order, what its rule says, where it was read, and the facts
    on which the answer ``rests``."""
    return [
        {**_explained(item, rule_of(item, case)), "rests_on": rests[which_of(item)]}
        for item in decision.requirements
    ]


def explained_in_words(decision: Decision, case: Case, rests: Mapping[Which, Facts]) -> str:
    """The same for a reader."""
    lines = ["Why:"]
    for item in decision.requirements:
        lines += ["", *_in_words(item, rule_of(item, case)), *_facts(rests[which_of(item)])]
    return "\n".join(lines)


def _facts(found: Facts) -> Iterator[str]:
    said = [f"{path} = {_fact(value)}" for path, value in found.items()]
    yield wrap(f"rests on: {'; '.join(said) or 'nothing that is on file'}")


def _fact(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(f"{name}: {_fact(one)}" for name, one in value.items())
    if value == []:
        return "none"
    return _value(value) if isinstance(value, list) else json.dumps(value, ensure_ascii=False)


def rule_of(item: Requirement, case: Case) -> Rule | None:
    """The rule that a requirement names: its plugin's, or the host's where that has none."""
    for plugin in (item.plugin, CORE):
        rule = case.all_rules.get(plugin, {}).get(item.rule)
        if rule is not None:
            return rule
    return None


def _explained(item: Requirement, rule: Rule | None) -> dict[str, Any]:
    said: dict[str, Any] = {"key": item.key, "status": item.status, "effect": item.effect}
    said |= {"plugin": item.plugin, "rule": item.rule, "source": item.source.to_dict()}
    if rule is None:
        return said
    told = {"place": rule.place, "quote": rule.quote, "note": rule.note}
    return {
        **said,
        "text": rule.text,
        "values": plain(rule.values),
        "from": _day(rule.from_),
        "to": _day(rule.to),
        "confirmed_on": _day(rule.confirmed_on),
        "changed_by_clinic": rule.changed_by_clinic,
        **{name: text for name, text in told.items() if text},
    }


def plain(value: Any) -> Any:
    """A rule's values as JSON has them."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value if isinstance(value, (str, int, float)) else str(value)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _in_words(item: Requirement, rule: Rule | None) -> Iterator[str]:
    costs = "" if item.effect == "none" else f" ({item.effect}s)"
    yield wrap(f"{item.key} is {item.status}{costs}: {item.message}", 0)
    yield wrap(f"rule: {item.rule} of the plugin {item.plugin}{_in_force(rule)}")
    if rule is not None:
        yield wrap(f"says: {rule.text}")
        for name, value in rule.values.items():
            yield wrap(f"value: {name} = {_value(value)}")
    yield wrap(f"read in: {item.source} ({item.source.sure})")
    if rule is not None:
        for name, text in (("place", rule.place), ("quote", rule.quote), ("note", rule.note)):
            if text:
                yield wrap(f"{name}: {text}")


def _in_force(rule: Rule | None) -> str:
    if rule is None:
        return ""
    starts = f" from {rule.from_}" if rule.from_ else ""
    ends = f" to {rule.to}" if rule.to else ""
    changed = ", changed by the clinic" if rule.changed_by_clinic else ""
    return f", in force{starts}{ends}{changed}" if starts or ends else changed


def _value(value: Any) -> str:
    """A value as text; of a long list its beginning."""
    if isinstance(value, (list, tuple)):
        shown = ", ".join(str(item) for item in value[:SHOWN])
        more = len(value) - SHOWN
        return f"{shown}, and {more} more" if more > 0 else shown
    return str(plain(value))


#: How many items of a list are shown.
SHOWN = 8


def wrap(text: str, indent: int = 4) -> str:
    """One paragraph, in which a link stays one word."""
    return fill(
        text,
        width=96,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + 4),
        break_on_hyphens=False,
        break_long_words=False,
    )
