"""Telling a sound answer from nonsense: what a plugin returns is checked before it counts."""

from __future__ import annotations

from datetime import date
from typing import Any

from ..api import Action, Answer, Finding, Requirement, UploadAnswer, Waiver
from ..domain.answers import ACTION_KINDS, REQUIREMENT_KEYS
from ..gate.case import CORE

_KEYS = frozenset(REQUIREMENT_KEYS) - {"plugin.failed"}
_STANDINGS = frozenset(
    {
        ("met", "none"),
        ("due", "none"),
        ("unmet", "none"),
        ("unmet", "warn"),
        ("unmet", "hold"),
        ("unmet", "block"),
        ("unknown", "none"),
        ("unknown", "warn"),
        ("unknown", "hold"),
    }
)


class NonsenseError(Exception):
    """An answer that breaks the contract; the text says how."""


def sound_answer(plugin: str, result: Any) -> Answer:
    """``result`` as an ``Answer``; ``NonsenseError`` where it is none."""
    if result is None:
        return Answer()
    if not isinstance(result, Answer):
        raise NonsenseError(f"it returned {type(result).__name__} where an Answer belongs")
    for requirement in _all(result.requirements, Requirement):
        _requirement(plugin, requirement)
    for waiver in _all(result.waivers, Waiver):
        _waiver(plugin, waiver)
    sound_actions(result.actions)
    return result


def sound_actions(result: Any) -> tuple[Action, ...]:
    """``result`` as actions; ``NonsenseError`` where it is not."""
    if result is None:
        return ()
    actions: tuple[Action, ...] = _all(result, Action)
    for action in actions:
        if action.kind not in ACTION_KINDS:
            raise NonsenseError(f"it named an unknown action {action.kind!r}")
        if not (action.due is None or type(action.due) is date):
            raise NonsenseError(f"the action {action.kind!r} has a due that is no date")
        if not (_said(action.rule) and _said(action.message)):
            raise NonsenseError(f"the action {action.kind!r} lacks its rule or message")
    return actions


def sound_upload(result: Any) -> UploadAnswer:
    """``result`` as an ``UploadAnswer``; ``NonsenseError`` where it is none."""
    if result is None:
        return UploadAnswer()
    if not isinstance(result, UploadAnswer):
        raise NonsenseError(f"it returned {type(result).__name__} where an UploadAnswer belongs")
    _all(result.findings, Finding)
    _all(result.may_cure, str)
    return result


def _all(items: Any, kind: type) -> Any:
    if not isinstance(items, (tuple, list)):
        raise NonsenseError(f"it returned {type(items).__name__} where a list belongs")
    for item in items:
        if not isinstance(item, kind):
            raise NonsenseError(f"it returned {type(item).__name__} where {kind.__name__} belongs")
    return items


def _said(text: Any) -> bool:
    return isinstance(text, str) and bool(text)


def _key(plugin: str, key: Any) -> None:
    if key not in _KEYS and not (isinstance(key, str) and key.startswith(plugin + ".")):
        raise NonsenseError(f"it named {key!r}; its own keys must begin with {plugin + '.'!r}")


def _requirement(plugin: str, item: Requirement) -> None:
    if item.key not in _KEYS:
        _key(plugin, item.key)
    if (item.status, item.effect) not in _STANDINGS:
        raise NonsenseError(f"{item.key}: {item.status!r} with effect {item.effect!r} cannot be")
    if plugin not in (item.plugin, CORE):  # the shared rules apply what the payer's data say
        raise NonsenseError(f"{item.key}: it spoke in the name of {item.plugin!r}")
    if not (_said(item.rule) and _said(item.source) and _said(item.message)):
        raise NonsenseError(f"{item.key}: rule, source or message is missing")
    if not (item.due is None or type(item.due) is date):
        raise NonsenseError(f"{item.key}: due is no date")
    if not (isinstance(item.remedy, str) and isinstance(item.patient_message, str)):
        raise NonsenseError(f"{item.key}: remedy or patient_message is no text")


def _waiver(plugin: str, item: Waiver) -> None:
    _key(plugin, item.key)
    if item.strength not in ("firm", "doubtful"):
        raise NonsenseError(f"the waiver of {item.key} is neither firm nor doubtful")
    if item.plugin != plugin:
        raise NonsenseError(f"the waiver of {item.key} speaks in the name of {item.plugin!r}")
    if not (_said(item.rule) and _said(item.source) and _said(item.reason)):
        raise NonsenseError(f"the waiver of {item.key} lacks rule, source or reason")
