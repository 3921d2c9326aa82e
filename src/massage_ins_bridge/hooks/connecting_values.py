"""What a connector says where a clinic connects an account, checked field by field."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, get_args

from ..api.connectors import (
    Access,
    PlatformHost,
    PlatformService,
    Registration,
    Setting,
    SettingKind,
)
from .platform_values import (
    MAX_DETAIL,
    MAX_PERSON,
    UnsoundError,
    as_bool,
    as_choice,
    as_instance,
    as_ref,
    as_sequence,
    as_text,
    not_a,
    within,
)

T = TypeVar("T", PlatformService, PlatformHost)
#: What stands in an account's own fields; all else stands under ``options``.
OWN_FIELDS = ("base_url", "api_key", "webhook_secret")
_NAME = re.compile(r"options\.[a-z][a-z0-9_]{0,63}", re.ASCII)
_KINDS: tuple[str, ...] = get_args(SettingKind)
_HOW = ("made", "changed", "already")


def settings(declared: Any) -> tuple[Setting, ...]:
    """What a class declares. Raises ``UnsoundError``, as every function here does."""
    found = as_sequence("settings", declared)
    for place, item in enumerate(found):
        where = f"settings {place}"
        within(where, _setting, as_instance(where, item, Setting))
    names = [item.name for item in found]
    for name in sorted({name for name in names if names.count(name) > 1}):
        raise UnsoundError(f"settings names {name!r} twice")
    return tuple(found)


def access(answer: Any) -> Access:
    """What ``access`` answered."""
    found = as_instance("", answer, Access)
    as_text("owner", found.owner, MAX_PERSON)
    for place, item in enumerate(as_sequence("lacks", found.lacks)):
        as_text(f"lacks {place}", item, MAX_DETAIL)
    return found


def services(answer: Any) -> list[PlatformService]:
    """What ``services`` answered."""
    return _named(answer, PlatformService, _service)


def hosts(answer: Any) -> list[PlatformHost]:
    """What ``hosts`` answered."""
    return _named(answer, PlatformHost, lambda item: as_bool("own", item.own))


def registration(answer: Any) -> Registration:
    """What ``register`` answered."""
    found = as_instance("", answer, Registration)
    as_choice("how", found.how, _HOW)
    as_text("detail", found.detail, MAX_DETAIL, empty=True)
    return found


def _setting(item: Setting) -> None:
    if item.name not in OWN_FIELDS and not (
        isinstance(item.name, str) and _NAME.fullmatch(item.name)
    ):
        raise UnsoundError(f"name is none of {', '.join(OWN_FIELDS)}, nor options.NAME")
    as_text("label", item.label, MAX_DETAIL)
    as_text("help", item.help, MAX_DETAIL, empty=True)
    as_text("default", item.default, MAX_DETAIL, empty=True)
    as_bool("required", item.required)
    as_bool("secret", item.secret)
    as_choice("kind", item.kind, _KINDS)
    for place, choice in enumerate(as_sequence("choices", item.choices)):
        as_text(f"choices {place}", choice, MAX_DETAIL)
    if item.choices and item.default and item.default not in item.choices:
        raise UnsoundError("default is none of its choices")


def _service(item: PlatformService) -> None:
    if item.minutes is not None and (type(item.minutes) is not int or item.minutes < 1):
        not_a("minutes", item.minutes, "a positive number")
    if item.asks_confirmation is not None:
        as_bool("asks_confirmation", item.asks_confirmation)
    if not isinstance(item.questions, Mapping):
        not_a("questions", item.questions, "a mapping")
    for ref, label in item.questions.items():
        as_ref("a key of questions", ref)
        as_text("a label of questions", label, MAX_PERSON, empty=True)


def _named(answer: Any, kind: type[T], check: Callable[[T], None]) -> list[T]:
    found: Sequence[Any] = as_sequence("", answer)
    noun = "service" if kind is PlatformService else "host"
    for place, item in enumerate(found):
        as_instance(f"{noun} {place}", item, kind)
        as_ref(f"{noun} {place}: ref", item.ref)
        as_text(f"{noun} {place}: name", item.name, MAX_PERSON)
        within(f"{noun} {place}", check, item)
    refs = [item.ref for item in found]
    if len(set(refs)) < len(refs):
        raise UnsoundError(f"names one {noun} twice")
    return list(found)
