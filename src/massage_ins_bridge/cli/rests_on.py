"""On which facts each requirement rests: those without which it would be another.

What a rule looks at is found by trying, whoever wrote it: each fact of the request is left out in
turn, and the booking decided again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import datetime
from typing import Any

from ..domain.answers import Decision, Requirement
from ..domain.extra import Extra
from ..domain.facts import Chart, ProgressReport, Upcoming, Visit
from ..hooks.host import Host

#: A requirement of a decision, by its key and payer.
Which = tuple[str, str | None]
#: Facts, by the paths of the check request, with their values.
Facts = dict[str, Any]
#: Such entries say something as a whole.
_WHOLE = (Visit, Upcoming, ProgressReport)


def rests_on(host: Host, chart: Chart, decision: Decision) -> dict[Which, Facts]:
    """By requirement, the facts on which it rests, in the order of the request. A fact that is
    missing is not among them."""
    found: dict[Which, Facts] = {which_of(item): {} for item in decision.requirements}
    before = _answers(decision)
    for path, value, without in _without_each(chart):
        after = _answers(host.decide(without))
        for which, answer in before.items():
            if after.get(which) != answer:
                found[which][path] = value
    return found


def which_of(item: Requirement) -> Which:
    """Its key and payer; no payer is named where it is the one billed."""
    return item.key, item.payer


def _answers(decision: Decision) -> dict[Which, tuple[object, ...]]:
    return {
        which_of(item): (item.status, item.effect, item.due, item.rule, item.message)
        for item in decision.requirements
    }


def _without_each(value: Any) -> Iterator[tuple[str, Any, Any]]:
    """Each fact of a dataclass: its path, its value, and the whole without it."""
    for f in fields(value):
        held = getattr(value, f.name)
        needed = f.default is MISSING and f.default_factory is MISSING
        if held is None or (needed and not is_dataclass(held)):
            continue
        name = str(f.metadata.get("name", f.name))
        for path, one, less in _parts(held):
            yield f"{name}{path}", one, replace(value, **{f.name: less})


def _parts(held: Any) -> Iterator[tuple[str, Any, Any]]:
    if is_dataclass(held):
        yield from ((f".{path}", one, less) for path, one, less in _without_each(held))
    elif isinstance(held, Extra):
        yield from _of_plugins(held)
    elif isinstance(held, Mapping):
        for key, one in held.items():
            yield f".{key}", plain(one), {k: v for k, v in held.items() if k != key}
    elif isinstance(held, tuple) and held and is_dataclass(held[0]):
        yield from _of_list(held)
    else:
        yield "", plain(held), None


def _of_plugins(held: Extra) -> Iterator[tuple[str, Any, Any]]:
    """What plugins declare is there by plugin, then by name, unknown where it is ``None``."""
    for key, one in held.items():
        if isinstance(one, Extra):
            for path, part, less in _of_plugins(one):
                yield f".{key}{path}", part, Extra({**held, key: less})
        elif one is not None:
            yield f".{key}", plain(one), Extra({**held, key: None})


def _of_list(held: tuple[Any, ...]) -> Iterator[tuple[str, Any, Any]]:
    for index, one in enumerate(held):
        before, after = held[:index], held[index + 1 :]
        if isinstance(one, _WHOLE):
            yield f"[{index}]", plain(one), before + after
            continue
        for path, part, less in _parts(one):
            yield f"[{index}]{path}", part, (*before, less, *after)


def plain(value: Any) -> Any:
    """A fact as JSON has it."""
    if is_dataclass(value) and not isinstance(value, type):
        named = (
            (str(f.metadata.get("name", f.name)), getattr(value, f.name)) for f in fields(value)
        )
        return {name: plain(one) for name, one in named if one not in (None, {})}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, (bool, int)) else str(value)
