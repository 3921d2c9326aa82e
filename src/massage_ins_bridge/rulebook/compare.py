"""What is different between two states of the rules, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..domain.rule import Rule

#: By plugin and id, the rules of one state.
Rules = Mapping[str, Mapping[str, Rule]]
What = Literal["added", "ended", "changed"]
_MISSING = object()


@dataclass(frozen=True, slots=True)
class RuleChange:
    """How one rule differs: it was ``added``, it ``ended``, or it is ``changed`` in what ``words``
    say, one sentence each."""

    plugin: str
    rule: str
    what: What
    words: tuple[str, ...]


def compare_rules(before: Rules, after: Rules) -> list[RuleChange]:
    """Every rule that differs between two states, by plugin and id."""
    found = []
    for plugin in sorted({*before, *after}):
        old, new = before.get(plugin, {}), after.get(plugin, {})
        for rule_id in sorted({*old, *new}):
            change = _change(plugin, rule_id, old.get(rule_id), new.get(rule_id))
            if change is not None:
                found.append(change)
    return found


def _change(plugin: str, rule_id: str, old: Rule | None, new: Rule | None) -> RuleChange | None:
    if old is None:
        assert new is not None, "one of the two has it"
        return RuleChange(plugin, rule_id, "added", (new.text, *_all_values(new)))
    if new is None:
        return RuleChange(plugin, rule_id, "ended", (old.text,))
    words = tuple(_differences(old, new))
    return RuleChange(plugin, rule_id, "changed", words) if words else None


def _all_values(rule: Rule) -> Iterator[str]:
    for key, value in sorted(rule.values.items()):
        yield f"{key} is {_shown(value)}."


def _differences(old: Rule, new: Rule) -> Iterator[str]:
    if old.text != new.text:
        yield f"It says: {new.text} It said: {old.text}"
    for key in sorted({*old.values, *new.values}):
        was, now = old.values.get(key, _MISSING), new.values.get(key, _MISSING)
        if was != now:
            yield _value(key, was, now)
    if (old.source, old.place, old.quote) != (new.source, new.place, new.quote):
        yield f"It is read in {new.source}; it was read in {old.source}."
    if old.source.sure != new.source.sure:
        yield f"How sure it is: {new.source.sure}; it was {old.source.sure}."


def _value(key: str, was: Any, now: Any) -> str:
    if was is _MISSING:
        return f"{key} is new: {_shown(now)}."
    if now is _MISSING:
        return f"{key} is gone; it was {_shown(was)}."
    if isinstance(was, (list, tuple)) and isinstance(now, (list, tuple)):
        more = [item for item in now if item not in was]
        less = [item for item in was if item not in now]
        said = [f"with {_shown(more)}"] if more else []
        said += [f"without {_shown(less)}"] if less else []
        return f"{key} is now {' and '.join(said) or 'in another order'}."
    return f"{key} is {_shown(now)}; it was {_shown(was)}."


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value)) or "empty"
    return str(value)
