"""Whatever a plugin returns is checked against the contract before it counts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar, get_args

from ..api import Action, Answer, Finding, Requirement, Source, UploadAnswer, Waiver
from ..domain.answers import ACTION_KINDS, HOST_KEYS, REQUIREMENT_KEYS
from ..domain.declared import NO_WORDS, Vocabulary
from ..domain.problems import nearest
from ..domain.source import Sure
from ..gate.case import CORE

T = TypeVar("T")
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}", re.ASCII)
_KEYS = frozenset(REQUIREMENT_KEYS) - HOST_KEYS
_SURE = frozenset(get_args(Sure))
_PAIRS = frozenset(
    {
        ("met", "none"),
        ("met", "warn"),
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


class InvalidAnswerError(Exception):
    """An answer that breaks the contract; the text says how."""


def validate_answer(plugin: str, result: Any, words: Vocabulary = NO_WORDS) -> Answer:
    """What the plugin's ``on_booking`` returned, in the host's words and those that the plugins
    declare. Raises ``InvalidAnswerError``."""
    return _read(_answer, plugin, result, words)


def validate_actions(
    result: Any, plugin: str = CORE, words: Vocabulary = NO_WORDS
) -> tuple[Action, ...]:
    """What ``on_visit_complete`` returned, as actions. Raises likewise."""
    return _read(_actions, plugin, result, words)


def validate_upload(result: Any) -> UploadAnswer:
    """What ``on_prescription_upload`` returned. Raises ``InvalidAnswerError``."""
    return _read(_upload, result)


def _read(check: Callable[..., T], *given: Any) -> T:
    """Looking at an answer may fail: then it is invalid too."""
    try:
        return check(*given)
    except InvalidAnswerError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it raises
        raise InvalidAnswerError(f"its answer cannot be read ({type(error).__name__})") from None


def _answer(plugin: str, result: Any, words: Vocabulary) -> Answer:
    if result is None:
        return Answer()
    if not isinstance(result, Answer):
        raise InvalidAnswerError(f"it returned {type(result).__name__} where an Answer belongs")
    for requirement in _list(result.requirements):
        if not _is_valid(plugin, requirement):
            _requirement(plugin, requirement)
    for waiver in _all(result.waivers, Waiver):
        _waiver(plugin, waiver)
    _actions(plugin, result.actions, words)
    return result


def _actions(plugin: str, result: Any, words: Vocabulary) -> tuple[Action, ...]:
    if result is None:
        return ()
    actions: tuple[Action, ...] = _all(result, Action)
    for action in actions:
        if not _said(action.kind) or action.kind not in ACTION_KINDS:
            _own_action(plugin, action.kind, words)
        if not (action.due is None or type(action.due) is date):
            raise InvalidAnswerError(f"the action {action.kind} has a due that is no date")
        if not (_said(action.rule) and _said(action.message)):
            raise InvalidAnswerError(f"the action {action.kind} lacks its rule or message")
        if not (action.cures is None or _said(action.cures)):
            raise InvalidAnswerError(f"the action {action.kind} cures something that is no text")
    return actions


def _own_action(plugin: str, kind: Any, words: Vocabulary) -> None:
    known = words.actions_of(plugin)
    if _said(kind) and kind in known:
        return
    owner = words.actions[kind].plugin if _said(kind) and kind in words.actions else None
    if owner is not None:
        raise InvalidAnswerError(
            f"it named the action {kind!r}, which the plugin {owner!r} declares for itself"
        )
    near = nearest(kind, known) if _is_name(kind) else ""
    raise InvalidAnswerError(
        f"it named an unknown action {_quoted(kind)}, which neither the host has nor [[actions]] "
        f"of the plugin {plugin!r} declares{near}"
    )


def _upload(result: Any) -> UploadAnswer:
    if result is None:
        return UploadAnswer()
    if not isinstance(result, UploadAnswer):
        raise InvalidAnswerError(
            f"it returned {type(result).__name__} where an UploadAnswer belongs"
        )
    for finding in _all(result.findings, Finding):
        texts = (finding.field, finding.rule, finding.plugin, finding.message)
        if not all(map(_said, texts)) or not isinstance(finding.remedy, str):
            raise InvalidAnswerError("a finding lacks its field, rule or message")
        _source("a finding", finding.source)
    _all(result.may_cure, str)
    return result


def _list(items: Any) -> Any:
    if not isinstance(items, (tuple, list)):
        raise InvalidAnswerError(f"it returned {type(items).__name__} where a list belongs")
    return items


def _all(items: Any, kind: type) -> Any:
    for item in _list(items):
        if not isinstance(item, kind):
            raise InvalidAnswerError(
                f"it returned {type(item).__name__} where {kind.__name__} belongs"
            )
    return items


def _said(text: Any) -> bool:
    return isinstance(text, str) and bool(text)


def _is_link(href: Any) -> bool:
    return _said(href) and href.startswith(("https://", "http://"))


def _is_source(source: Any) -> bool:
    return (
        type(source) is Source
        and _said(source.title)
        and (source.href is None or _is_link(source.href))
        and (source.read_on is None or type(source.read_on) is date)
        and source.sure in _SURE
    )


def _source(where: str, source: Any) -> None:
    if not _is_source(source):
        raise InvalidAnswerError(f"{where}: its source is no Source that says where it was read")


def _is_name(text: Any) -> bool:
    return isinstance(text, str) and _NAME.fullmatch(text) is not None


def _quoted(text: Any) -> str:
    """A name that a plugin gave, shown only if it looks like one: it may hold a client's facts."""
    return repr(text) if _is_name(text) else "that is no name"


def _key(plugin: str, key: Any) -> None:
    if not _said(key) or (key not in _KEYS and not key.startswith(plugin + ".")):
        own = repr(plugin + ".")
        near = nearest(key, _KEYS) if _is_name(key) else ""
        raise InvalidAnswerError(
            f"it named a key {_quoted(key)}; its own keys must begin with {own}{near}"
        )
    if not _NAME.fullmatch(key):
        raise InvalidAnswerError("it named a key that is no name")


def _is_valid(plugin: str, item: Requirement) -> bool:
    """Whether a requirement is valid in the usual way; ``_requirement`` looks closer at others and
    names the fault."""
    if type(item) is not Requirement:
        return False
    due = item.due
    return (
        type(item.key) is type(item.rule) is type(item.message) is str
        and type(item.remedy) is type(item.patient_message) is str
        and item.key in _KEYS
        and (item.status, item.effect) in _PAIRS
        and plugin in (item.plugin, CORE)
        and bool(item.rule and item.message)
        and _is_source(item.source)
        and (due is None or type(due) is date)
    )


def _requirement(plugin: str, item: Requirement) -> None:
    _all((item,), Requirement)
    _key(plugin, item.key)
    if (item.status, item.effect) not in _PAIRS:
        raise InvalidAnswerError(
            f"{item.key}: the status {_quoted(item.status)} with the effect {_quoted(item.effect)} "
            "cannot be; rule.met, rule.unmet, rule.unknown and rule.owed make those that can"
        )
    if plugin not in (item.plugin, CORE):  # the shared rules apply what the payer's data say
        raise InvalidAnswerError(f"{item.key}: it spoke in the name of {_quoted(item.plugin)}")
    if not (_said(item.rule) and _said(item.message)):
        raise InvalidAnswerError(f"{item.key}: rule or message is missing")
    _source(item.key, item.source)
    if not (item.due is None or type(item.due) is date):
        raise InvalidAnswerError(f"{item.key}: due is no date; a datetime is none")
    if not (isinstance(item.remedy, str) and isinstance(item.patient_message, str)):
        raise InvalidAnswerError(f"{item.key}: remedy or patient_message is no text")


def _waiver(plugin: str, item: Waiver) -> None:
    _key(plugin, item.key)
    if item.strength not in ("firm", "doubtful"):
        raise InvalidAnswerError(f"the waiver of {item.key} is neither firm nor doubtful")
    if item.plugin != plugin:
        raise InvalidAnswerError(
            f"the waiver of {item.key} speaks in the name of {_quoted(item.plugin)}"
        )
    if not (_said(item.rule) and _said(item.reason)):
        raise InvalidAnswerError(f"the waiver of {item.key} lacks rule or reason")
    _source(f"the waiver of {item.key}", item.source)
    if not isinstance(item.confirm_with_plan, bool):
        raise InvalidAnswerError(
            f"the waiver of {item.key} has a confirm_with_plan that is no bool"
        )
