"""Scenarios: check requests, and what is expected of the decisions on them, one a line.

A file ``scenarios/*.jsonl`` of a project is tests by itself: each of its lines is one for pytest.
A line is ``{"name": …, "request": …, "expect": …}``, with ``"plugins": ["evergreen"]`` where only
these are to be asked, beside the shared rules. ``expect`` names part of a decision in the shape of
``check --json``: ``outcome``, ``payer``, ``route`` and other fields by their names; ``req``,
``effect``, ``due`` by the requirement's key (one of them, where several payers ask it); ``holds``:
exactly these hold or block; ``free``: none of these does; ``waived``, ``not_waived``: by a firm
waiver; ``actions``, ``action_due``; ``rules`` that a requirement, waiver or action names;
``no_text``, ``no_patient_text``: whole words, in any case.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import decide_request
from .requests import small_host

Json = dict[str, Any]
KEYS = frozenset({"name", "request", "expect", "plugins", "rests"})
FIELDS = (
    *("outcome", "payer", "route", "payment_at_visit", "visit_number"),
    *("self_pay_offered", "self_pay_terms"),
)
OF_REQUIREMENT = {"req": "status", "effect": "effect", "due": "due"}
TEXTS = ("message", "remedy", "patient_message")
COSTLY = ("hold", "block")


class ScenarioError(ValueError):
    """A line of a file that is no scenario; the text names file and line."""


@dataclass(frozen=True)
class Scenario:
    """A check request and what is expected of the decision; ``plugins`` are those asked, all that
    are installed where none is named."""

    name: str
    request: Json
    expect: Json
    plugins: tuple[str, ...] = ()

    def amiss(self) -> list[str]:
        """What is not as expected, in words."""
        host = small_host(*self.plugins) if self.plugins else None
        return amiss(self.expect, decide_request(self.request, host))


def read_scenarios(path: Path) -> Iterator[Scenario]:
    """The scenarios of a file; empty lines are passed over. Raises ``ScenarioError``."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            yield _read(line, f"{path.name}:{number}")


def _read(line: str, place: str) -> Scenario:
    try:
        found = json.loads(line)
        unknown = sorted(found.keys() - KEYS)
        if unknown:
            raise ScenarioError(f"{place}: unknown key {unknown[0]!r}; known are {sorted(KEYS)}")
        asked = tuple(found.get("plugins", ()))
        return Scenario(str(found["name"]), {**found["request"]}, {**found["expect"]}, asked)
    except json.JSONDecodeError as error:
        raise ScenarioError(f"{place}: not valid JSON: {error}") from None
    except (KeyError, TypeError, AttributeError):
        said = "a scenario is an object with name, request and expect"
        raise ScenarioError(f"{place}: {said}") from None


def amiss(expect: Json, decision: Json) -> list[str]:
    """What is not as expected, in words; nothing where all is."""
    found: list[str] = []
    for name, wanted in expect.items():
        found += _judged(name, wanted, decision)
    return found


def _judged(name: str, wanted: Any, decision: Json) -> Iterator[str]:
    if name in FIELDS:
        if name not in decision or decision[name] != wanted:
            yield f"{name}: {decision.get(name)!r}, expected {wanted!r}"
    elif name in OF_REQUIREMENT:
        yield from _of_requirements(name, wanted, decision)
    elif name in ("holds", "free"):
        yield from _costs(name, wanted, decision)
    elif name in ("waived", "not_waived"):
        yield from _waivers(name, wanted, decision)
    elif name in ("actions", "action_due"):
        yield from _actions(wanted, decision)
    elif name == "rules":
        named = {item.get("rule") for item in _every_item(decision)}
        yield from (f"rule {rule} is not named" for rule in wanted if rule not in named)
    elif name in ("no_text", "no_patient_text"):
        fields = TEXTS if name == "no_text" else TEXTS[-1:]
        yield from (f"says {word!r}: {text}" for word, text in _said(wanted, fields, decision))
    else:
        yield f"{name}: no such word"


def _of_requirements(name: str, wanted: Json, decision: Json) -> Iterator[str]:
    for key, value in wanted.items():
        found = [
            item.get(OF_REQUIREMENT[name])
            for item in decision["requirements"]
            if item["key"] == key
        ]
        if value not in found:
            yield f"{name} of {key}: {found}, expected {value!r}"


def _costs(name: str, wanted: list[str], decision: Json) -> Iterator[str]:
    costly = {item["key"] for item in decision["requirements"] if item["effect"] in COSTLY}
    wrong = costly ^ set(wanted) if name == "holds" else costly & set(wanted)
    if wrong:
        yield f"{name} {sorted(wanted)}: these hold or block: {sorted(costly)}"


def _waivers(name: str, wanted: list[str], decision: Json) -> Iterator[str]:
    firm = {item["key"] for item in decision["waivers"] if item["strength"] == "firm"}
    for key in wanted:
        if (key in firm) != (name == "waived"):
            yield f"{name} {key}: firmly waived are {sorted(firm)}"


def _actions(wanted: list[str] | Json, decision: Json) -> Iterator[str]:
    found: dict[str, list[str | None]] = {}
    for item in decision["actions"]:
        found.setdefault(item["kind"], []).append(item.get("due"))
    for kind in wanted:
        if kind not in found:
            yield f"action {kind} is not among {sorted(found)}"
        elif isinstance(wanted, dict) and wanted[kind] not in found[kind]:
            yield f"action {kind}: due {found[kind]}, expected {wanted[kind]!r}"


def _every_item(decision: Json) -> list[Json]:
    return [item for part in ("requirements", "waivers", "actions") for item in decision[part]]


def _said(words: list[str], fields: tuple[str, ...], decision: Json) -> Iterator[tuple[str, str]]:
    texts = [item[field] for item in _every_item(decision) for field in fields if item.get(field)]
    for word in words:
        pattern = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)
        yield from ((word, text) for text in texts if pattern.search(text))
